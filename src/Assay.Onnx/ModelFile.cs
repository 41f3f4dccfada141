using System.Globalization;
using Assay.Onnx.Wire;
using Google.Protobuf;
using DataLocation = Assay.Onnx.Wire.TensorProto.Types.DataLocation;

namespace Assay.Onnx;

/// <summary>Writes a model with all its data to a place of its own: one file, or two where one would be too large.</summary>
public static class ModelFile
{
    /// <summary>Bytes of tensors up to which a model is one file; the format ends at 2 GiB, and the graph needs room too.</summary>
    public const long LargestSingle = 1_900_000_000;

    // What is smaller stays in the model file; what is not starts where a page may be mapped.
    private const int SmallTensor = 1024,
        Page = 4096;

    /// <summary>
    /// Writes aside and renames, so no half file remains. Up to <paramref name="largestSingle"/> bytes of tensors make one
    /// file, into which external data are read; more go to a second one beside it, whose name is returned: the model's
    /// with <c>.data</c> behind it. Both must stay together.
    /// </summary>
    /// <exception cref="AssayException">Failed: the disk refuses. Input: external data are gone.</exception>
    public static string? Write(OnnxModel model, string path, long largestSingle = LargestSingle)
    {
        var proto = model.Proto.Clone();
        var large = Tensors.Of(proto).Sum(t => Bytes(t, model.Folder)) > largestSingle;
        var data = large ? path + ".data" : null;
        try
        {
            var moved = new HashSet<TensorProto>(ReferenceEqualityComparer.Instance);
            if (data is not null)
                Aside(data, stream => MoveOut(proto.Graph, model.Folder, Path.GetFileName(data), stream, moved));
            foreach (var tensor in Tensors.Of(proto).Where(t => IsExternal(t) && !moved.Contains(t)))
                TakeIn(tensor, model.Folder);
            Aside(path, proto.WriteTo);
            if (data is not null)
                File.Move(Partial(data), data, overwrite: true);
            File.Move(Partial(path), path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw AssayException.Failed(
                $"Cannot write '{path}': {e.Message.Split('\n')[0].TrimEnd('.')}; free space or choose another place.",
                e
            );
        }
        finally
        {
            foreach (var file in new[] { path, path + ".data" }.Select(Partial).Where(File.Exists))
                File.Delete(file);
        }
        return data;
    }

    private static string Partial(string path) => path + ".partial";

    private static void Aside(string path, Action<Stream> write)
    {
        using var stream = File.Create(Partial(path));
        write(stream);
        stream.Flush(flushToDisk: true);
    }

    private static void MoveOut(
        GraphProto graph,
        string? folder,
        string location,
        Stream stream,
        HashSet<TensorProto> moved
    )
    {
        foreach (var tensor in graph.Initializer)
        {
            if (Bytes(tensor, folder) < SmallTensor || tensor.DataType == (int)TensorProto.Types.DataType.String)
                continue;
            stream.SetLength((stream.Length + Page - 1) / Page * Page);
            var offset = stream.Seek(0, SeekOrigin.End);
            CopyTo(stream, tensor, folder);
            Clear(tensor);
            tensor.DataLocation = DataLocation.External;
            Say(tensor, "location", location);
            Say(tensor, "offset", offset.ToString(CultureInfo.InvariantCulture));
            Say(tensor, "length", (stream.Position - offset).ToString(CultureInfo.InvariantCulture));
            moved.Add(tensor);
        }
    }

    private static void CopyTo(Stream stream, TensorProto tensor, string? folder)
    {
        if (IsExternal(tensor))
            ExternalData.Locate(tensor, folder).CopyTo(stream);
        else if (tensor.HasRawData)
            tensor.RawData.WriteTo(stream);
        else
            stream.Write(TensorReader.Read(tensor, folder).Bytes());
    }

    private static void TakeIn(TensorProto tensor, string? folder)
    {
        var bytes = new MemoryStream();
        ExternalData.Locate(tensor, folder).CopyTo(bytes);
        Clear(tensor);
        tensor.DataLocation = DataLocation.Default;
        tensor.RawData = ByteString.CopyFrom(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    private static void Clear(TensorProto tensor)
    {
        tensor.ClearRawData();
        tensor.ExternalData.Clear();
        tensor.FloatData.Clear();
        tensor.DoubleData.Clear();
        tensor.Int32Data.Clear();
        tensor.Int64Data.Clear();
        tensor.Uint64Data.Clear();
    }

    private static void Say(TensorProto tensor, string key, string value) =>
        tensor.ExternalData.Add(new StringStringEntryProto { Key = key, Value = value });

    private static bool IsExternal(TensorProto tensor) => tensor.DataLocation == DataLocation.External;

    private static bool IsIn(TensorProto tensor, string? data) =>
        data is not null && tensor.ExternalData.Any(e => e.Key == "location" && e.Value == Path.GetFileName(data));

    private static long Bytes(TensorProto tensor, string? folder) =>
        IsExternal(tensor) ? ExternalData.Locate(tensor, folder).Length
        : tensor.HasRawData ? tensor.RawData.Length
        : tensor.CalculateSize();
}
