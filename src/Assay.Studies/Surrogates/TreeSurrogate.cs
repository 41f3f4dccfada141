namespace Assay.Studies.Surrogates;

/// <summary>A tree by the library's splits, with the fitted rows' means in its nodes.</summary>
internal sealed class TreeSurrogate : IFittedSurrogate
{
    private const double Rounding = 1e-6;
    private readonly IReadOnlyList<SurrogateColumn> columns;
    private readonly LibraryTrainer.Splits splits;
    private readonly Dictionary<int, double> leaves = [];

    public TreeSurrogate(IReadOnlyList<SurrogateColumn> columns, double[] targets, int[] fitted, int mostLeaves)
    {
        this.columns = columns;
        splits = LibraryTrainer.Tree(columns, targets, fitted, mostLeaves);
        Root = Node(splits.Column.Length == 0 ? -1 : 0, fitted, targets);
    }

    public TreeNode Root { get; }

    public double Predict(int row)
    {
        var node = splits.Column.Length == 0 ? -1 : 0;
        while (node >= 0)
            node = Holds(node, row) ? splits.Lower[node] : splits.Upper[node];
        return leaves[node];
    }

    // The trainer saw single precision, and its thresholds lie between the values it saw.
    private bool Holds(int node, int row) => (float)columns[splits.Column[node]].Values[row] <= splits.Threshold[node];

    private TreeNode Node(int number, int[] rows, double[] targets)
    {
        var mean = rows.Length == 0 ? 0 : rows.Average(r => targets[r]);
        if (number < 0)
        {
            leaves[number] = mean;
            return new(rows.Length, mean, null, null, null);
        }
        var column = columns[splits.Column[number]];
        var threshold = splits.Threshold[number];
        var rule = new SurrogateRule(
            column.Feature,
            column.Name,
            column.Codes is null ? threshold : null,
            column.Codes is { } codes
                ? [.. codes.Where(c => (float)c.Value.Code <= threshold).Select(c => c.Key).Order()]
                : null
        );
        var yes = Node(splits.Lower[number], [.. rows.Where(r => Holds(number, r))], targets);
        var no = Node(splits.Upper[number], [.. rows.Where(r => !Holds(number, r))], targets);
        // The library splits what does not vary, too.
        var same = Math.Abs(yes.Value - no.Value) <= Rounding * Math.Max(1, Math.Abs(mean));
        return yes.Split is null && no.Split is null && same
            ? new(rows.Length, mean, null, null, null)
            : new(rows.Length, mean, rule, yes, no);
    }
}

/// <summary>A surrogate that has been fitted.</summary>
internal interface IFittedSurrogate
{
    /// <summary>What it says of a row of its columns.</summary>
    double Predict(int row);
}
