using Assay.Attribution;
using Assay.Attribution.BlackBoxes;
using Assay.Gradients;
using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Studies;

namespace Assay.Cli.Services;

/// <summary>What MODEL names: a file, or a model behind an address, of which nothing but inputs and scores is known.</summary>
internal sealed class ModelSource : IDisposable
{
    private ModelSource(OnnxModel model, InferenceService? service) => (Model, Service) = (model, service);

    /// <summary>The model; of a service one with its inputs and nothing behind them.</summary>
    public OnnxModel Model { get; }

    /// <summary>The service, if it is one.</summary>
    public InferenceService? Service { get; }

    /// <summary>Whether a MODEL argument is an address.</summary>
    public static bool IsAddress(string model) =>
        model.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
        || model.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads the file, or asks the service.</summary>
    public static ModelSource Open(string model, string? head, ServiceSettings? settings, CancellationToken stop)
    {
        if (!IsAddress(model))
            return new ModelSource(OnnxModel.Load(model), null);
        if (!Uri.TryCreate(model, UriKind.Absolute, out var address))
            throw AssayException.Usage($"'{model}' is no address; name a model as http://host:port/v2/models/NAME.");
        if (address.UserInfo.Length > 0 || address.Query.Length > 0 || address.Fragment.Length > 0)
            throw AssayException.Usage(
                "An address of a model holds no credentials and no question mark; name it as http://host:port/v2/models/NAME."
            );
        var service = InferenceService.Open(address, head, settings, stop: stop);
        var proto = new ModelProto
        {
            IrVersion = 8,
            Graph = new GraphProto { Name = "service" },
        };
        proto.OpsetImport.Add(new OperatorSetIdProto { Version = 17 });
        proto.Graph.Input.AddRange(service.Inputs);
        return new ModelSource(new OnnxModel(proto), service);
    }

    /// <summary>The dictionary, bound to the inputs.</summary>
    public DictionaryBinding Bind(string dictionary) =>
        Service is null
            ? FeatureDictionary.Load(dictionary).Bind(Model)
            : FeatureDictionary.Load(dictionary).Bind(Service.Inputs);

    /// <summary>Opens an explainer of it.</summary>
    public Explainer Explainer(IReadOnlyList<FeatureSlot> features, ExplainSettings settings) =>
        Service is null
            ? Attribution.Explainer.Open(Model, features, settings)
            : Attribution.Explainer.Open(Service, Service.Head, features, settings);

    /// <summary>Something that scores rows of it, to be disposed of.</summary>
    public (IScorer Scorer, IDisposable Owner) Scorer(string? head, Space space)
    {
        if (Service is not null)
            return (Service, Service);
        var scorer = Attribution.Scorer.Open(Model, head, space);
        return (scorer, scorer);
    }

    public void Dispose() => Service?.Dispose();
}
