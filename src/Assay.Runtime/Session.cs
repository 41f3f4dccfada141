using Assay.Onnx;
using Assay.Onnx.Wire;
using Microsoft.ML.OnnxRuntime;

namespace Assay.Runtime;

/// <summary>
/// A model that ONNX Runtime has loaded. <see cref="Run(IReadOnlyDictionary{string, TensorData}, IReadOnlyList{string})"/>
/// may be called from several threads at once. Custom-operator libraries are never loaded.
/// </summary>
public sealed class Session : IDisposable
{
    private readonly InferenceSession native;
    private readonly SessionOptions options;
    private readonly RunOptions run;
    private readonly TimeSpan? limit;
    private readonly Dictionary<string, ValueInfoProto> declared;
    private readonly HashSet<string> outputNames;

    private Session(OnnxModel model, SessionOptions options, TimeSpan? limit)
    {
        (this.options, this.limit) = (options, limit);
        native = Ort.Open(model, options);
        run = new RunOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        Inputs = [.. model.Graph.Inputs];
        Outputs = [.. model.Graph.Outputs];
        declared = Inputs.ToDictionary(i => i.Name);
        outputNames = [.. native.OutputNames];
    }

    /// <summary>The inputs that must be fed.</summary>
    public IReadOnlyList<ValueInfoProto> Inputs { get; }

    /// <summary>The outputs, as the model declares them.</summary>
    public IReadOnlyList<ValueInfoProto> Outputs { get; }

    /// <summary>
    /// Loads a model. Throws an input error with ONNX Runtime's reason where it refuses; external data are taken from the
    /// model's folder.
    /// </summary>
    public static Session Open(OnnxModel model, SessionSettings? settings = null)
    {
        Ort.Start();
        var options = Ort.Options(settings ?? new SessionSettings(), model.Folder);
        try
        {
            return new Session(model, options, settings?.Limit);
        }
        catch
        {
            options.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Computes <paramref name="outputs"/> (all of the model's if null) into new tensors. Feeds are read in place. Throws
    /// an input error where names, element types or shapes are not those declared, or an operator refuses its operands.
    /// </summary>
    public IReadOnlyDictionary<string, TensorData> Run(
        IReadOnlyDictionary<string, TensorData> feeds,
        IReadOnlyList<string>? outputs = null
    )
    {
        FeedCheck.Require(declared, feeds);
        outputs ??= native.OutputNames;
        RequireOutputs(outputs);
        using var operands = new Operands(feeds);
        using var ending = limit is { } time ? new TimeLimit(run, time) : null;
        try
        {
            using var results = native.Run(run, operands.Names, operands.Values, outputs);
            var read = new Dictionary<string, TensorData>(outputs.Count);
            for (var i = 0; i < outputs.Count; i++)
                read[outputs[i]] =
                    OrtTensor.Read(results[i])
                    ?? throw AssayException.Input($"Output '{outputs[i]}' is no tensor of a supported element type.");
            return read;
        }
        catch (OnnxRuntimeException e)
        {
            throw ending is { IsOver: true } ? ending.Error() : OrtErrors.Running(e);
        }
    }

    /// <summary>
    /// Computes into tensors that the caller owns: each key of <paramref name="into"/> is an output, each tensor has
    /// exactly its shape. Neither side is copied. Strings cannot be written in place.
    /// </summary>
    public void Run(IReadOnlyDictionary<string, TensorData> feeds, IReadOnlyDictionary<string, TensorData> into)
    {
        FeedCheck.Require(declared, feeds);
        RequireOutputs(into.Keys);
        if (into.FirstOrDefault(o => o.Value.Values is string[]).Key is { } text)
            throw AssayException.Usage($"Output '{text}' holds strings, which cannot be written in place.");
        using var operands = new Operands(feeds);
        using var results = new Operands(into);
        try
        {
            native.Run(run, operands.Names, operands.Values, results.Names, results.Values);
        }
        catch (OnnxRuntimeException e)
        {
            throw OrtErrors.Running(e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        native.Dispose();
        run.Dispose();
        options.Dispose();
    }

    private void RequireOutputs(IEnumerable<string> names)
    {
        foreach (var name in names)
            if (!outputNames.Contains(name))
                throw AssayException.Input(
                    $"The model has no output '{name}'; its outputs are {string.Join(", ", Outputs.Select(o => $"'{o.Name}'"))}."
                );
    }
}
