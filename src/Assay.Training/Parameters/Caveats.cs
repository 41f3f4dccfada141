using Assay.Onnx;

namespace Assay.Training.Parameters;

/// <summary>What an exported file has lost of the training that made it, as far as the graph tells.</summary>
internal static class Caveats
{
    public static IReadOnlyList<string> Of(
        OnnxModel model,
        IReadOnlyList<ModelParameter> parameters,
        RetrainOptions options
    )
    {
        var list = new List<string>
        {
            "Dropout and other regularisers of the original training are not in an exported graph; the refit has none but weight decay and early stopping.",
        };
        var normalisations = model.Graph.Nodes.Where(n => n.OpType == "BatchNormalization").ToArray();
        if (normalisations.Length > 0)
            list.Add(
                "BatchNormalization keeps the running statistics of the file and acts as a fixed scaling; the original was fitted with the statistics of each batch."
            );
        var fitted = parameters.Where(p => p.Trained).Select(p => p.Name).ToHashSet();
        if (!options.Warm && normalisations.Any(n => NormalisationStart.Starts(n, fitted)))
            list.Add(
                "Scale and bias of BatchNormalization start from the data: so that they standardise what the new weights make of the first training rows (Salimans and Kingma, 2016), not from one and zero."
            );
        var outside = parameters.Count(p => p.Reason == "does not reach the head");
        if (model.Graph.Outputs.Count > 1)
            list.Add(
                $"Only one of {model.Graph.Outputs.Count} outputs is fitted; the parameters of the others alone ({outside} initialisers) keep their values, and what they share has moved: use the new file for this head only."
            );
        var unknown = parameters.Where(p => p is { Trained: false, Kind: ParameterKind.Constant }).ToArray();
        if (unknown.Length > 0)
            list.Add(
                $"{unknown.Length} float initialisers are taken for constants and stay; read the list and correct it where that is wrong."
            );
        if (options.Warm)
            list.Add(
                "The fit starts from the values in the file, so what they learnt from rows or features now left out may remain."
            );
        return list;
    }
}
