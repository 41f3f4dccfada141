using Assay.Onnx;
using Assay.Onnx.Wire;
using Microsoft.ML.OnnxRuntime;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Runtime;

/// <summary>A model that yields all its top-level values, of which only type and dimensions are read.</summary>
internal sealed class MeasuringRun : IDisposable
{
    private readonly SessionOptions options;
    private readonly InferenceSession native;
    private readonly RunOptions run = new() { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };

    public MeasuringRun(OnnxModel model)
    {
        var open = model.Clone();
        var outputs = open.Graph.Outputs.Select(o => o.Name).ToHashSet();
        foreach (var value in open.Graph.Nodes.SelectMany(n => n.Output))
            if (value.Length > 0 && outputs.Add(value))
                // Without a declared type ONNX Runtime infers it.
                open.Graph.AddOutput(new ValueInfoProto { Name = value });
        // A wrong declared shape of an intermediate value must not stand in the way of its measured one.
        open.Proto.Graph.ValueInfo.Clear();
        Ort.Start();
        options = Ort.Options(new SessionSettings { Optimise = false }, model.Folder);
        native = Ort.Open(open, options);
    }

    /// <summary>Type and dimensions of every value, those fed included.</summary>
    public IReadOnlyDictionary<string, (DataType Type, long[] Dims)> Run(IReadOnlyDictionary<string, TensorData> feeds)
    {
        var measured = feeds.ToDictionary(f => f.Key, f => (f.Value.Type, f.Value.Dims));
        using var operands = new Operands(feeds);
        using var limit = new TimeLimit(run, TimeLimit.Trial);
        try
        {
            using var results = native.Run(run, operands.Names, operands.Values, native.OutputNames);
            for (var i = 0; i < results.Count; i++)
                if (results[i].IsTensor)
                {
                    var info = results[i].GetTensorTypeAndShape();
                    measured[native.OutputNames[i]] = ((DataType)(int)info.ElementDataType, info.Shape);
                }
            return measured;
        }
        catch (OnnxRuntimeException e)
        {
            throw limit.IsOver ? limit.Error() : OrtErrors.Running(e);
        }
    }

    public void Dispose()
    {
        native.Dispose();
        run.Dispose();
        options.Dispose();
    }
}
