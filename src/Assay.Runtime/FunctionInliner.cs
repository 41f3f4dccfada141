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
        RequireOperators(model);
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

    // ONNX Runtime has this operator in every opset, but crashes where it writes it out for one that has not.
    private static void RequireOperators(OnnxModel model)
    {
        const int since = 17;
        foreach (var function in model.Proto.Functions)
            if (
                function.OpsetImport.FirstOrDefault(o => OnnxModel.IsStandard(o.Domain))?.Version < since
                && function.Node.FirstOrDefault(n => n.OpType == "LayerNormalization") is { } node
            )
                throw AssayException.Input(
                    $"{node.Describe()} in function '{function.Name}' is an operator of opset {since}; export the model with it or later."
                );
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
