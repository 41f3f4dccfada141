using Assay.Onnx;
using Assay.Onnx.Wire;
using Microsoft.ML.OnnxRuntime;

namespace Assay.Runtime;

/// <summary>Replaces calls of model-local functions by their bodies.</summary>
public static class FunctionInliner
{
    /// <summary>
    /// The model without model-local functions: ONNX Runtime inlines them and writes the result, which is read back. The
    /// names of top-level values stay. A model without functions is returned itself.
    /// </summary>
    public static OnnxModel Inline(OnnxModel model)
    {
        if (model.Proto.Functions.Count == 0)
            return model;
        Ort.Start();
        var folder = Directory.CreateTempSubdirectory("assay-");
        try
        {
            var path = Path.Combine(folder.FullName, "inlined.onnx");
            using var options = Ort.Options(new SessionSettings { Optimise = false }, model.Folder);
            options.OptimizedModelFilePath = path;
            // Never run, and written as it is: no guards.
            Ort.Open(model, options, guard: false).Dispose();
            return Clean(OnnxModel.Load(File.ReadAllBytes(path), model.Folder));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Drops what ONNX Runtime adds to every model it writes: imports of domains that no node is of.</summary>
    private static OnnxModel Clean(OnnxModel model)
    {
        model.Proto.Functions.Clear();
        var used = Domains(model.Proto.Graph).ToHashSet();
        for (var i = model.Proto.OpsetImport.Count - 1; i >= 0; i--)
            if (
                model.Proto.OpsetImport[i].Domain is { } domain
                && !OnnxModel.IsStandard(domain)
                && !used.Contains(domain)
            )
                model.Proto.OpsetImport.RemoveAt(i);
        return model;
    }

    private static IEnumerable<string> Domains(GraphProto graph) =>
        graph.Node.SelectMany(n => n.Subgraphs().SelectMany(Domains).Prepend(n.Domain));
}
