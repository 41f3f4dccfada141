using Assay.Gradients.Preparation;
using Assay.Onnx;
using Assay.Onnx.Wire;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Gradients.Rules;

/// <summary>
/// Loops whose iterations do not depend on each other, differentiated by a loop that repeats each iteration and goes on
/// to its gradient, and branches, differentiated by branches on the same condition.
/// </summary>
internal static class ControlFlowRules
{
    public static readonly GradientRule[] Rows =
    [
        new(
            "Loop",
            _ => [],
            Since: 13,
            Note: "of any length, where nothing is carried from one iteration to the next; its own gradient where it reads rows only"
        )
        {
            Captured = Loop,
        },
        new("If", _ => [], Since: 13, Note: "of the branch that is taken") { Captured = If },
    ];

    // The loop behind: as many iterations as there were, each adding to what is carried, the gradients so far.
    private static Dictionary<string, string> Loop(RuleContext c, IReadOnlyList<string> wanted)
    {
        if (c.Inputs > 2)
            throw c.Unsupported("it carries values from one iteration to the next");
        if (!StaticLoops.IsWhole(c.Node))
            throw c.Unsupported("its body does not fit its inputs and outputs; export the model again");
        var e = c.Emit;
        var body = new BodyGradient(c, c.Node.Attribute("body")!.G, wanted);
        var (iteration, condition) = (body.Inputs[0], body.Inputs[1]);
        var known = Enumerable.Range(0, c.Node.Output.Count).Where(k => c.OutputGradient(k) is not null).ToArray();
        var inner = body.Emit(e.FloatType);
        var seeds = known.Select(k => (body.Outputs[k + 1], inner.Gather(c.OutputGradient(k)!, iteration))).ToArray();
        var picks = wanted.ToDictionary(w => w, w => Picks(body, w, iteration));
        var wrt = wanted.SelectMany(w => picks[w] is { Count: > 0 } rows ? rows : [w]).ToArray();
        var gradients = body.Differentiate(seeds, wrt);

        var summed = wanted.Where(w => picks[w].Count == 0).ToArray();
        var carried = summed.Select((w, i) => $"{c.Node.Output[0]}/sum/{i}").ToArray();
        var next = summed.Select((w, i) => body.Emit(c.FloatType(w)).Add(carried[i], gradients[w])).ToArray();
        var rowsOf = wanted.Where(w => picks[w].Count > 0).ToArray();
        var rows = rowsOf
            .Select(w => Sum(body.Emit(c.FloatType(w)), [.. picks[w].Select(p => gradients[p])]))
            .ToArray();
        var onwards = inner.Node("Identity", [condition]);
        var graph = body.Finish(
            [
                ValueInfos.Tensor(iteration, DataType.Int64),
                ValueInfos.Tensor(condition, DataType.Bool),
                .. summed.Select((w, i) => ValueInfos.Tensor(carried[i], c.FloatType(w), null)),
            ],
            [onwards, .. next, .. rows]
        );

        var trips = e.Gather(e.Shape(c.Node.Output[known[0]]), e.Int64(0));
        var yes = e.Constant(TensorData.Scalar(true));
        var zeros = summed.Select(w => e.FilledLike(w, 0)).ToArray();
        var results = e.Nodes("Loop", [trips, yes, .. zeros], wanted.Count, ("body", graph));
        var sent = new Dictionary<string, string>();
        for (var i = 0; i < wanted.Count; i++)
            if (i < summed.Length)
                sent[summed[i]] = results[i];
            else
                sent[rowsOf[i - summed.Length]] = Placed(e, rowsOf[i - summed.Length], results[i], trips);
        return sent;
    }

    // What the body reads of a captured value where that is only its i-th row: the gradients of rows are collected then,
    // instead of a whole value being added to in every iteration.
    private static List<string> Picks(BodyGradient body, string captured, string iteration)
    {
        var readers = body.Graph.Nodes.Where(n => Subgraphs.Reads(n).Contains(captured)).ToArray();
        return
            !body.Outputs.Contains(captured)
            && readers.All(n =>
                n.OpType == "Gather"
                && n.Input[0] == captured
                && n.Input[1] == iteration
                && n.Int("axis", 0) == 0
                && !n.Subgraphs().Any()
            )
            ? [.. readers.Select(n => n.Output[0])]
            : [];
    }

    private static string Sum(Emitter e, string[] parts) =>
        e.Node("Identity", [parts.Length == 1 ? parts[0] : e.Node("Sum", parts)]);

    // A loop may end before the last row.
    private static string Placed(Emitter e, string value, string rows, string trips)
    {
        var at = e.Unsqueeze(e.Node("Range", [e.Int64(0), trips, e.Int64(1)]), 1);
        return e.Node("ScatterND", [e.FilledLike(value, 0), at, rows]);
    }

    private static Dictionary<string, string> If(RuleContext c, IReadOnlyList<string> wanted)
    {
        (string, object) Of(string name) => (name, Branch(c, name, wanted));
        var results = c.Emit.Nodes("If", [c.Input(0)], wanted.Count, Of("then_branch"), Of("else_branch"));
        return wanted.Select((w, i) => (w, results[i])).ToDictionary(p => p.w, p => p.Item2);
    }

    private static GraphProto Branch(RuleContext c, string name, IReadOnlyList<string> wanted)
    {
        if (c.Node.Attribute(name)?.G is not { } branch || branch.Output.Count < c.Node.Output.Count)
            throw c.Unsupported($"its {name} does not return its outputs; export the model again");
        var body = new BodyGradient(c, branch, wanted);
        var seeds = Enumerable
            .Range(0, c.Node.Output.Count)
            .Where(k => c.OutputGradient(k) is not null)
            .Select(k => (body.Outputs[k], c.OutputGradient(k)!))
            .ToArray();
        var reached = wanted.Where(body.Captures.Contains).ToArray();
        var gradients = body.Differentiate(seeds, reached);
        // A branch returns what it computes itself.
        var sent = wanted.Select(w =>
        {
            var emit = body.Emit(c.FloatType(w));
            return emit.Node("Identity", [gradients.GetValueOrDefault(w) ?? emit.FilledLike(w, 0)]);
        });
        return body.Finish([], [.. sent]);
    }
}
