using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;

namespace Assay.Gradients.Relevances;

/// <summary>What a relevance rule sees of its node: the values, the relevance of its outputs and the ordinary rule.</summary>
internal sealed class RelevanceContext(
    NodeProto node,
    GradientRule rule,
    Emitter emitter,
    ShapeTable shapes,
    ValueTypes types,
    RelevanceOptions options,
    IReadOnlyList<string?> relevances,
    IReadOnlyList<bool> needed
)
{
    /// <summary>The node.</summary>
    public NodeProto Node => node;

    /// <summary>Adds nodes.</summary>
    public Emitter Emit => emitter;

    /// <summary>The rules' constants.</summary>
    public RelevanceOptions Options => options;

    /// <summary>The relevance of each output, null where it has none.</summary>
    public IReadOnlyList<string?> Relevances => relevances;

    /// <summary>The relevance of the first output.</summary>
    public string R => relevances[0] ?? emitter.FilledLike(Y, 0);

    /// <summary>The first output.</summary>
    public string Y => node.Output[0];

    /// <summary>An input.</summary>
    public string Input(int i) => node.InputAt(i);

    /// <summary>Whether an input depends on what the relevance is wanted of.</summary>
    public bool Needs(int i) => i < needed.Count && needed[i];

    /// <summary>How many of the inputs before the given one do.</summary>
    public int NeededBefore(int end) => Enumerable.Range(0, Math.Min(end, needed.Count)).Count(Needs);

    /// <summary>The ordinary gradients of the inputs for given ones of the outputs.</summary>
    public string?[] Ordinary(params IReadOnlyList<string?> gradients) =>
        Ordinary(gradients, new Dictionary<int, string>());

    /// <summary>The same with other values, of the same shapes, in place of some inputs.</summary>
    public string?[] Ordinary(IReadOnlyList<string?> gradients, IReadOnlyDictionary<int, string> replaced)
    {
        var context = Context(gradients, replaced);
        var sent = rule.Gradient!(context);
        for (var i = 0; i < sent.Length; i++)
            if (rule.Broadcasts && sent[i] is { } share && Needs(i))
                sent[i] = context.SumTo(share, context.Input(i));
        return sent;
    }

    /// <summary>The node's first output where some inputs have other values of the same shapes, an empty name for none.</summary>
    public string Again(IReadOnlyDictionary<int, string> replaced)
    {
        var again = Replaced(replaced);
        again.Output.Clear();
        again.Output.Add(emitter.Graph.FreshName("again/" + Y));
        again.Name = again.Output[0];
        while (again.Input[^1].Length == 0)
            again.Input.RemoveAt(again.Input.Count - 1);
        emitter.Graph.Add(again);
        return again.Output[0];
    }

    /// <summary>A relevance in the shape of the output, summed to the shape of an input that was broadcast to it.</summary>
    public string SumTo(string relevance, int input) =>
        Context(relevances, new Dictionary<int, string>()).SumTo(relevance, Input(input));

    /// <summary>relevance / (sum ± ε), the sign being the sum's; without ε 0 where the sum is 0.</summary>
    public string PerUnit(string relevance, string sum)
    {
        var e = emitter;
        if (options.Epsilon == 0)
            return Secants.ElementwiseSecants.SafeDiv(e, relevance, sum);
        var negative = e.Node("Less", [sum, e.Scalar(0)]);
        var epsilon = e.Where(negative, e.Scalar(-options.Epsilon), e.Scalar(options.Epsilon));
        return e.Div(relevance, e.Add(sum, epsilon));
    }

    /// <summary>No relevance, in the shape of an input.</summary>
    public string Nothing(int input) => emitter.FilledLike(Input(input), 0);

    /// <summary>An error for what has no rule.</summary>
    public AssayException Unsupported(string why) =>
        AssayException.Input(
            $"No relevance through {node.Describe()}: {why}. Use deeplift, integrated-gradients or feature-ablation."
        );

    private RuleContext Context(IReadOnlyList<string?> gradients, IReadOnlyDictionary<int, string> replaced) =>
        new(Replaced(replaced), emitter, shapes, types, gradients, needed);

    private NodeProto Replaced(IReadOnlyDictionary<int, string> replaced)
    {
        var other = node.Clone();
        foreach (var (i, value) in replaced)
        {
            if (value.Length > 0 && shapes.TryGet(node.Input[i]) is { } shape)
                shapes.Set(value, shape);
            other.Input[i] = value;
        }
        return other;
    }
}
