using System.Globalization;
using Assay.Attribution;
using Assay.Gradients;
using Assay.Gradients.Preparation;
using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;

namespace Assay.Cli.Output;

/// <summary>What <c>assay inspect</c> says of a model.</summary>
internal sealed class ModelReport
{
    private readonly string path;
    private readonly OnnxModel model;
    private readonly OnnxModel prepared;
    private readonly ShapeTable shapes;
    private readonly IReadOnlyList<AttributionPoint> points;
    private readonly List<(ValueInfoProto Output, Head? Head, IReadOnlyList<string> Problems)> heads = [];

    public ModelReport(string path, OnnxModel model)
    {
        this.path = path;
        this.model = model;
        (prepared, shapes) = ModelPreparation.Prepare(model);
        points = AttributionPoints.Find(prepared, shapes, EntryPoint.Raw);
        foreach (var output in model.Graph.Outputs)
            heads.Add(Examine(output));
    }

    public void Write(Terminal terminal)
    {
        var to = terminal.Out;
        to.WriteLine($"{Path.GetFileName(path)}: {Origin()}, {Count(Parameters())} parameters");
        Section(terminal, "Inputs", Inputs());
        Section(terminal, "Heads (the first is explained unless another is named)", Heads());
        Section(terminal, "Operators", Operators());
        Section(terminal, "Where features enter", Features());
        WriteMethods(to);
    }

    private (ValueInfoProto, Head?, IReadOnlyList<string>) Examine(ValueInfoProto output)
    {
        var copy = prepared.Clone();
        try
        {
            var head = Head.Resolve(copy, shapes, output.Name, Space.Logit);
            var measured = ShapeProbe.Measure(copy);
            AttributionPoints.RequireOneBatch(copy, measured, head.Value);
            return (
                output,
                head,
                Differentiability.Check(copy, measured, head.Value, [.. points.Select(p => p.Value)])
            );
        }
        catch (AssayException e)
        {
            return (output, null, [e.Message]);
        }
    }

    private TextTable Inputs()
    {
        var table = new TextTable("input", "type", "shape");
        foreach (var input in model.Graph.Inputs)
            table.Add(input.Name, ElementTypes.Name(input.ElementType()), input.ShapeText());
        return table;
    }

    private TextTable Heads()
    {
        var table = new TextTable("head", "shape", "explained", "gradients");
        foreach (var (output, head, problems) in heads)
            table.Add(
                output.Name,
                output.ShapeText(),
                head is null ? "no"
                    : head.IsProbability ? "the logit of this probability"
                    : "as it is",
                head is not null && problems.Count == 0 ? "yes" : "no"
            );
        return table;
    }

    private TextTable Operators()
    {
        var table = new TextTable("operator", "nodes", "gradient rule").Numbers(1);
        foreach (var group in Nodes(model.Proto.Graph).GroupBy(Name).OrderBy(g => g.Key, StringComparer.Ordinal))
            table.Add(group.Key, Count(group.Count()), Rule(group.First()));
        return table;
    }

    // An operator that preparation rewrites, or that gradients go round, needs no rule.
    private string Rule(NodeProto node) =>
        OnnxModel.IsStandard(node.Domain) && Differentiability.HasRule(node.OpType) ? "yes"
        : heads.All(h => h.Problems.Count == 0) || Nodes(prepared.Proto.Graph).All(n => Name(n) != Name(node))
            ? "none needed"
        : "no";

    // Neighbouring elements that enter alike share a line.
    private TextTable Features()
    {
        var table = new TextTable("feature", "enters");
        var entries = points
            .SelectMany(p => p.Positions.Distinct().Select(e => (Element: e, Text: Entry(p))))
            .ToLookup(p => p.Element, p => p.Text);
        var features = FeatureSlot
            .FromInputs(model)
            .Select(f => (f.Name, At: f.Elements[0], Text: Texts(entries[f.Elements[0]])))
            .ToArray();
        for (var from = 0; from < features.Length; )
        {
            var (name, at, text) = features[from];
            var next = from + 1;
            while (next < features.Length && features[next].At.Input == at.Input && features[next].Text == text)
                next++;
            table.Add(next == from + 1 ? name : $"{at.Input}[{at.Element}..{at.Element + next - from - 1}]", text);
            from = next;
        }
        return table;
    }

    private static string Texts(IEnumerable<string> entries) =>
        entries.Any() ? string.Join("; ", entries) : "nowhere: no lookup and no number reads it";

    private string Entry(AttributionPoint point)
    {
        if (point.Kind == PointKind.Numeric)
            return $"as the number '{point.Value}'";
        var table = prepared.Graph.Producer(point.Value) is { OpType: "Gather" } gather
            ? $" in '{gather.Input[0]}'"
            : "";
        return $"by lookup{table}, {point.Width} wide";
    }

    private void WriteMethods(TextWriter to)
    {
        to.WriteLine();
        var able = heads.Where(h => h.Head is not null && h.Problems.Count == 0).ToArray();
        var all = MethodRegistry.All;
        to.WriteLine(
            able.Length == heads.Count
                ? $"Methods that work: {Ids(all)}"
                : $"Methods that work on every head: {Ids(all.Where(m => !m.NeedsGradient))}"
        );
        foreach (var (output, _, problems) in heads)
        foreach (var problem in problems)
            to.WriteLine($"No gradients of '{output.Name}': {problem}");
    }

    private static string Ids(IEnumerable<MethodInfo> methods) => string.Join(", ", methods.Select(m => m.Id));

    private static void Section(Terminal terminal, string title, TextTable table)
    {
        terminal.Out.WriteLine();
        terminal.Out.WriteLine(title);
        table.Write(terminal);
    }

    private string Origin()
    {
        var proto = model.Proto;
        var producer =
            proto.ProducerName.Length > 0 ? $", made by {proto.ProducerName} {proto.ProducerVersion}".TrimEnd() : "";
        return $"opset {model.Opset}, IR {proto.IrVersion}{producer}";
    }

    private long Parameters() => model.Proto.Graph.Initializer.Sum(t => t.Dims.Aggregate(1L, (p, d) => p * d));

    private static string Count(long n) => n.ToString("N0", CultureInfo.InvariantCulture);

    private static string Name(NodeProto node) =>
        OnnxModel.IsStandard(node.Domain) ? node.OpType : $"{node.Domain}::{node.OpType}";

    private static IEnumerable<NodeProto> Nodes(GraphProto graph) =>
        graph.Node.SelectMany(n => n.Subgraphs().SelectMany(Nodes).Prepend(n));
}
