using Assay.Onnx;

namespace Assay.Attribution;

/// <summary>Which inputs may hold NaN because the model itself asks whether they do.</summary>
internal static class Imputation
{
    /// <summary>The inputs behind every IsNaN of the graph.</summary>
    public static IReadOnlySet<string> Inputs(Graph graph)
    {
        var asked = graph.Nodes.Where(n => n.OpType == "IsNaN").Select(n => n.Input[0]).ToArray();
        var read = graph.Reaching(asked).SelectMany(Subgraphs.Reads).Concat(asked);
        return read.Where(graph.IsInput).ToHashSet();
    }

    /// <summary>Throws where a target is NaN after all.</summary>
    public static double[] RequireNumbers(double[] targets)
    {
        var bad = Array.FindIndex(targets, double.IsNaN);
        return bad < 0
            ? targets
            : throw AssayException.Input(
                $"The model's output is NaN in row {bad}: it does not fill every missing value of its inputs; fill them before explaining."
            );
    }
}
