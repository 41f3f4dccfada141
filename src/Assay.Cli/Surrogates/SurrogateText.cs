using System.Globalization;
using Assay.Cli.Output;
using Assay.Studies;

namespace Assay.Cli.Surrogates;

/// <summary>A surrogate for people: how faithful it is, first; then its rules or shapes.</summary>
internal static class SurrogateText
{
    private const int MostShapes = 12;
    private const int MostSteps = 8;
    private const int MostIds = 6;

    public static void Write(SurrogateRequest request, string head, Surrogate surrogate, Terminal to)
    {
        var kind = surrogate.Kind == SurrogateKind.Tree ? "A tree" : "An additive model";
        to.Out.WriteLine(
            $"{kind} of {head} ({request.Space.ToString().ToLowerInvariant()}), fitted to {surrogate.FittedRows} rows, judged on {surrogate.Fidelity.Rows} others."
        );
        WriteFidelity(surrogate, to);
        to.Out.WriteLine();
        if (surrogate.Tree is { } root)
            WriteNode(root, "", to.Out);
        else
            WriteShapes(surrogate, to);
    }

    private static void WriteFidelity(Surrogate surrogate, Terminal to)
    {
        var table = new TextTable("held-out rows", "rows", "R²", "rank correlation", "").Numbers(1, 2, 3);
        foreach (var f in surrogate.Segments.Prepend(surrogate.Fidelity))
            table.Add(
                f.Segment ?? "all",
                f.Rows.ToString(CultureInfo.InvariantCulture),
                Number(f.RSquared),
                Number(f.RankCorrelation),
                Verdict(f)
            );
        table.Write(to);
    }

    private static string Verdict(SurrogateFidelity f) =>
        f.IsFaithful switch
        {
            true => "faithful",
            false => string.Create(
                CultureInfo.InvariantCulture,
                $"not faithful here (R² below {SurrogateFidelity.Least})"
            ),
            null => f.Rows < SurrogateFidelity.FewestRows ? "too few rows to judge by" : "the model does not vary",
        };

    private static void WriteNode(TreeNode node, string indent, TextWriter to)
    {
        if (node is not { Split: { } rule, Yes: { } yes, No: { } no })
        {
            to.WriteLine($"{indent}→ {Number(node.Value)} ({node.Rows} rows)");
            return;
        }
        to.WriteLine($"{indent}if {Condition(rule)}:");
        WriteNode(yes, indent + "  ", to);
        to.WriteLine($"{indent}else:");
        WriteNode(no, indent + "  ", to);
    }

    private static string Condition(SurrogateRule rule)
    {
        if (rule.Ids is not { } ids)
            return string.Create(CultureInfo.InvariantCulture, $"{rule.Column} ≤ {rule.Threshold:G5}");
        var shown = string.Join(", ", ids.Take(MostIds).Select(i => i.ToString(CultureInfo.InvariantCulture)));
        return $"{rule.Column} is one of {ids.Count} ids: {shown}{(ids.Count > MostIds ? ", …" : "")}";
    }

    private static void WriteShapes(Surrogate surrogate, Terminal to)
    {
        to.Out.WriteLine($"{Number(surrogate.Intercept)}, and for each feature:");
        var table = new TextTable("feature", "varies by", "adds").Numbers(1);
        foreach (var shape in surrogate.Shapes.Take(MostShapes))
            table.Add(shape.Column, Number(shape.Importance), shape.Ids.Count > 0 ? Ids(shape) : Steps(shape));
        table.Write(to);
        if (surrogate.Shapes.Count > MostShapes)
            to.Out.WriteLine($"{surrogate.Shapes.Count - MostShapes} more that vary less; --format json has all.");
    }

    // As many steps as can be read, spread over the range.
    private static string Steps(ShapeFunction shape)
    {
        var points = shape.Points;
        var shown = Math.Min(MostSteps, points.Count);
        var picked = Enumerable
            .Range(0, shown)
            .Select(i => points[shown == 1 ? 0 : i * (points.Count - 1) / (shown - 1)]);
        return string.Join(
            ", ",
            picked.Select(p =>
                double.IsPositiveInfinity(p.UpTo)
                    ? $"above: {Number(p.Effect)}"
                    : string.Create(CultureInfo.InvariantCulture, $"at {p.UpTo:G4}: {Number(p.Effect)}")
            )
        );
    }

    private static string Ids(ShapeFunction shape)
    {
        var ordered = shape
            .Ids.OrderByDescending(i => Math.Abs(i.Effect) * Math.Sqrt(i.Rows))
            .ThenBy(i => i.Id)
            .ToArray();
        var shown = string.Join(
            ", ",
            ordered
                .Take(MostIds)
                .Select(i => string.Create(CultureInfo.InvariantCulture, $"id {i.Id}: {Number(i.Effect)}"))
        );
        return ordered.Length > MostIds ? $"{shown}, … ({ordered.Length} ids)" : shown;
    }

    private static string Number(double value) =>
        double.IsNaN(value) ? "–" : value.ToString("0.000", CultureInfo.InvariantCulture);
}
