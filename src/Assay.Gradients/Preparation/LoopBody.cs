using Assay.Onnx;
using Assay.Onnx.Wire;

namespace Assay.Gradients.Preparation;

/// <summary>The body of a Loop beside the graph whose values it captures.</summary>
internal sealed class LoopBody(Graph outer, Graph body, string iteration, string condition)
{
    /// <summary>The node inside the body that produces a value, or null.</summary>
    public NodeProto? Producer(string value) => body.Producer(value);

    /// <summary>Whether a value is defined by the body.</summary>
    public bool IsInside(string value) => body.Defines(value);

    /// <summary>Whether a value is the number of the iteration.</summary>
    public bool IsIteration(string value) => value == iteration;

    /// <summary>Constant integers of the body or the graph around it, or null.</summary>
    public long[]? Constant(string value) =>
        value.Length == 0 ? null : (IsInside(value) ? body : outer).Constant(value)?.ToInt64s();

    /// <summary>Whether a condition always holds: left out, constantly true, or the one the iteration was entered with.</summary>
    public bool IsTrue(string value)
    {
        if (value.Length == 0 || value == condition || Constant(value) is [not 0])
            return true;
        return (Producer(value) ?? outer.Producer(value)) is { OpType: "Cast" or "Identity" } pass
            && IsTrue(pass.Input[0]);
    }
}
