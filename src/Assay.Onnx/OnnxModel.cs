using Assay.Onnx.Wire;
using Google.Protobuf;

namespace Assay.Onnx;

/// <summary>
/// An ONNX model: its graph, its operator sets, and the folder its external data lie in. Unknown fields of the file
/// survive a round trip.
/// </summary>
public sealed class OnnxModel
{
    /// <summary>Wraps a wire-form model; <paramref name="folder"/> is where external data are looked for.</summary>
    public OnnxModel(ModelProto proto, string? folder = null)
    {
        Proto = proto;
        Folder = folder;
        Graph = new Graph(proto.Graph ?? throw AssayException.Input("The model has no graph."), folder);
    }

    /// <summary>The wire form behind this model.</summary>
    public ModelProto Proto { get; }

    /// <summary>The folder of external data; null if the model came as bytes.</summary>
    public string? Folder { get; }

    /// <summary>The main graph.</summary>
    public Graph Graph { get; }

    /// <summary>The version of the standard operator set (domain "" or "ai.onnx"); 0 if none is imported.</summary>
    public int Opset =>
        (int)Math.Clamp(Proto.OpsetImport.FirstOrDefault(o => IsStandard(o.Domain))?.Version ?? 0, 0, int.MaxValue);

    /// <summary>Whether a domain is the standard one, under either of its two names.</summary>
    public static bool IsStandard(string? domain) => string.IsNullOrEmpty(domain) || domain == "ai.onnx";

    /// <summary>Reads and verifies a model file. Throws <see cref="AssayException"/> with one line on what is wrong.</summary>
    public static OnnxModel Load(string path)
    {
        if (!File.Exists(path))
            throw AssayException.Input($"Model '{path}' does not exist.");
        if (new FileInfo(path).Length > int.MaxValue)
            throw AssayException.Input(
                $"Model '{path}' is larger than 2 GB, which its format does not allow; export it with external data."
            );
        var model = Parse(
            () =>
            {
                using var stream = File.OpenRead(path);
                ParseBudget.Require(stream);
                return ModelProto.Parser.ParseFrom(stream);
            },
            path,
            Path.GetDirectoryName(Path.GetFullPath(path))
        );
        ModelVerifier.Require(model, path);
        return model;
    }

    /// <summary>Reads and verifies a model held in memory; it may not have external data unless a folder is given.</summary>
    public static OnnxModel Load(ReadOnlySpan<byte> bytes, string? folder = null)
    {
        // A copy that does not fit is as much a matter of memory as what is parsed from it.
        var copy = Copy(bytes);
        var model = Parse(
            () =>
            {
                ParseBudget.Require(new MemoryStream(copy, writable: false));
                return ModelProto.Parser.ParseFrom(copy);
            },
            "(bytes)",
            folder
        );
        ModelVerifier.Require(model, "(bytes)");
        return model;
    }

    /// <summary>The model in its wire form. External data stay external.</summary>
    public byte[] ToBytes() => Proto.ToByteArray();

    /// <summary>Writes the model beside <paramref name="path"/> and renames it into place, so no half file remains.</summary>
    public void Save(string path)
    {
        var aside = path + ".partial";
        try
        {
            using (var stream = File.Create(aside))
                Proto.WriteTo(stream);
            File.Move(aside, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (File.Exists(aside))
                File.Delete(aside);
            throw AssayException.Failed($"Cannot write model '{path}': {e.Message}", e);
        }
    }

    /// <summary>An independent copy to edit.</summary>
    public OnnxModel Clone() => new(Proto.Clone(), Folder);

    /// <summary>
    /// The part between values as a model of its own: it is fed <paramref name="inputs"/> and yields
    /// <paramref name="outputs"/>. <paramref name="declare"/> gives the types of values that the model does not declare.
    /// Throws where a value does not exist, an input's type is unknown, or the outputs need more than the inputs.
    /// </summary>
    public OnnxModel Extract(
        IReadOnlyList<string> inputs,
        IReadOnlyList<string> outputs,
        Func<string, ValueInfoProto?>? declare = null
    ) => ModelExtraction.Extract(this, inputs, outputs, declare);

    private static OnnxModel Parse(Func<ModelProto> read, string source, string? folder)
    {
        try
        {
            return new OnnxModel(read(), folder);
        }
        catch (Exception e)
            when (e is UnauthorizedAccessException or IOException and not InvalidProtocolBufferException)
        {
            throw AssayException.Input($"Model '{source}' cannot be read: {Line(e.Message)}.", e);
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or ArgumentException)
        {
            throw AssayException.Input(
                $"Model '{source}' is not an ONNX file, or it is cut off ({Line(e.Message)}); export it again.",
                e
            );
        }
        catch (OutOfMemoryException e)
        {
            throw TooLarge(source, e);
        }
        catch (AssayException e)
        {
            throw AssayException.Input($"Model '{source}': {e.Message}", e);
        }
    }

    private static byte[] Copy(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return bytes.ToArray();
        }
        catch (OutOfMemoryException e)
        {
            throw TooLarge("(bytes)", e);
        }
    }

    private static AssayException TooLarge(string source, OutOfMemoryException e) =>
        AssayException.Input(
            $"Model '{source}' does not fit into the memory at hand; run with more, or export it with external data.",
            e
        );

    private static string Line(string message) => message.Split('\n')[0].TrimEnd('.', '\r');
}
