using Assay.Worlds.Simulation;
using Assay.Worlds.Truth;

namespace Assay.Worlds;

/// <summary>
/// A simulated recommender of which everything is known: users, items, requests, a logging policy that favours popular
/// items, and clicks drawn from a logit that is a sum of terms over at most three features each. Recency drives the
/// north, popularity the south.
/// </summary>
public sealed class World
{
    private readonly WorldLog log;

    private World(WorldOptions options, IReadOnlyList<Term> terms, WorldLog log)
    {
        Options = options;
        this.log = log;
        Terms = terms;
    }

    internal IReadOnlyList<Term> Terms { get; }

    /// <summary>The options it was made with.</summary>
    public WorldOptions Options { get; }

    /// <summary>Number of rows: one per user, request and candidate.</summary>
    public int Rows => log.Table.Rows;

    /// <summary>The feature columns.</summary>
    public WorldTable Table => log.Table;

    /// <summary>The user of each row: the cluster.</summary>
    public ReadOnlySpan<long> UserIds => log.UserIds;

    /// <summary>The request of each row; the candidates of one request are adjacent.</summary>
    public ReadOnlySpan<long> RequestIds => log.RequestIds;

    /// <summary>The item of each row.</summary>
    public ReadOnlySpan<long> ItemIds => log.ItemIds;

    /// <summary>When each row's request was made (UTC).</summary>
    public ReadOnlySpan<DateTime> Times => log.Times;

    /// <summary>What each row is for; splits follow time.</summary>
    public ReadOnlySpan<WorldSplit> Splits => log.Splits;

    /// <summary>1 where the user clicked.</summary>
    public ReadOnlySpan<int> Labels => log.Labels;

    /// <summary>A middling row that exact Shapley values are measured against unless another is named.</summary>
    public WorldRow Reference { get; } = ReferenceRow.Make();

    /// <summary>Simulates a world. Throws <see cref="ArgumentException"/> where an option makes no sense.</summary>
    public static World Create(WorldOptions? options = null)
    {
        options ??= new WorldOptions();
        options.Validate();
        var terms = TrueTerms.Of(options);
        return new World(options, terms, new Simulator(options).Run(row => Sum(terms, row)));
    }

    /// <summary>One row, as a baseline for others.</summary>
    public WorldRow Row(int row) => new(Table, row);

    /// <summary>The rows of a split, in order.</summary>
    public int[] RowsOf(WorldSplit split) => [.. Enumerable.Range(0, Rows).Where(r => log.Splits[r] == split)];

    /// <summary>The log-odds of a click, exactly.</summary>
    public double TrueLogit(int row) => TrueLogit(Row(row));

    /// <summary>The log-odds of a click in any row, exactly.</summary>
    public double TrueLogit(WorldRow row) => Sum(Terms, row);

    private static double Sum(IReadOnlyList<Term> terms, WorldRow row)
    {
        double sum = 0;
        foreach (var term in terms)
            sum += term.Value(row);
        return sum;
    }

    /// <summary>
    /// The exact Shapley values of the true logit, one per feature of <see cref="WorldFeatures.All"/>: a feature that is
    /// absent takes its value from <paramref name="baseline"/> (the reference row if null). They sum to
    /// TrueLogit(row) − TrueLogit(baseline).
    /// </summary>
    public double[] ExactShapley(int row, WorldRow? baseline = null)
    {
        var phi = new double[WorldFeatures.All.Count];
        var from = baseline ?? Reference;
        var to = Row(row);
        foreach (var term in Terms)
        {
            var rows = new WorldRow[term.Features.Length];
            TermShapley.Add(
                term.Features,
                present =>
                {
                    for (var s = 0; s < rows.Length; s++)
                        rows[s] = (present & (1 << s)) != 0 ? to : from;
                    return term.Value(rows);
                },
                phi
            );
        }
        return phi;
    }
}
