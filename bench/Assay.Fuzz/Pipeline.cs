using Assay.Attribution;
using Assay.Gradients;
using Assay.Onnx;
using Assay.Onnx.Wire;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Fuzz;

/// <summary>What a user does with a model: load, prepare, find points, differentiate, run 8 rows.</summary>
internal static class Pipeline
{
    private const int Rows = 8,
        MaximumElements = 1 << 20;

    /// <summary>One word on what happened: "ran", "refused STAGE" or "escaped STAGE: TYPE message".</summary>
    public static string Run(byte[] file)
    {
        var stage = "load";
        try
        {
            var model = OnnxModel.Load(file);
            stage = "features";
            var features = FeatureSlot.FromInputs(model);
            stage = "open";
            var settings = new ExplainSettings { Method = "gradient-times-input" };
            using var explainer = Explainer.Open(model, features, settings);
            stage = "explain";
            explainer.Explain(Feeds(model));
            return "ran";
        }
        catch (AssayException e)
        {
            return $"refused {Stage(stage, e)}";
        }
        catch (Exception e)
        {
            return $"escaped {Stage(stage, e)}: {e.GetType().Name} {e.Message.Split('\n')[0]} {Where(e)}";
        }
    }

    /// <summary>A file as text, if it can be parsed.</summary>
    public static string Text(byte[] file)
    {
        try
        {
            return ModelProto.Parser.ParseFrom(file).ToString();
        }
        catch (Google.Protobuf.InvalidProtocolBufferException e)
        {
            return e.Message;
        }
    }

    // Opening and explaining do several things; which of them refused is read off the stack.
    private static string Stage(string stage, Exception e)
    {
        var stack = e.ToString();
        (string Name, string Frame)[] frames =
        [
            ("prepare", "ModelPreparation"),
            ("head", "Heads."),
            ("head", "Head.Resolve"),
            ("points", "AttributionPoints"),
            ("points", "BagPooling"),
            ("differentiate", "ReverseMode"),
            ("differentiate", "AttributionGraph.Build"),
            ("session", "Session.Open"),
            ("run", "BatchRunner"),
        ];
        return stage is "load" or "features"
            ? stage
            : frames.FirstOrDefault(f => stack.Contains(f.Frame, StringComparison.Ordinal)).Name ?? stage;
    }

    private static string Where(Exception e) =>
        string.Join(
            " < ",
            (e.StackTrace ?? "")
                .Split('\n')
                .Where(l => l.Contains("Assay.", StringComparison.Ordinal))
                .Take(3)
                .Select(l => l.Trim().Split('(')[0])
        );

    private static Dictionary<string, TensorData> Feeds(OnnxModel model) =>
        model.Graph.Inputs.ToDictionary(i => i.Name, i => Feed(i));

    private static TensorData Feed(ValueInfoProto input)
    {
        var dims = input.Shape()!.Select((d, i) => d ?? (i == 0 ? Rows : 3)).ToArray();
        if (dims.Aggregate(1.0, (p, d) => p * d) > MaximumElements)
            throw AssayException.Input("too large to feed");
        var count = (int)dims.Aggregate(1L, (p, d) => p * d);
        var type = input.ElementType();
        if (type == DataType.String)
            return TensorData.From(Enumerable.Repeat("a", count).ToArray(), dims);
        if (!ElementTypes.IsSupported(type))
            throw AssayException.Input("unsupported");
        var values = Enumerable.Range(0, count).Select(i => ElementTypes.IsFloat(type) ? 0.25 * (i % 7) + 0.1 : i % 4);
        return TensorData.From([.. values], dims).Cast(type);
    }
}
