using System.Globalization;
using System.IO.MemoryMappedFiles;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Assay.Onnx.Wire;

namespace Assay.Onnx;

/// <summary>Where an initialiser's bytes lie outside the model file: a slice of a file in the model's folder.</summary>
/// <param name="Path">The file, inside the model's folder.</param>
/// <param name="Offset">First byte.</param>
/// <param name="Length">Number of bytes.</param>
internal sealed record ExternalData(string Path, long Offset, long Length)
{
    /// <summary>
    /// Finds the slice that <paramref name="proto"/> names. Refuses absolute paths, paths and links that leave
    /// <paramref name="folder"/>, missing files and slices that end beyond the file.
    /// </summary>
    public static ExternalData Locate(TensorProto proto, string? folder)
    {
        var entries = proto.ExternalData.ToLookup(e => e.Key, e => e.Value);
        var location = entries["location"].FirstOrDefault();
        if (string.IsNullOrEmpty(location))
            throw Bad(proto, "names no location");
        if (folder is null)
            throw Bad(proto, $"is in '{location}', but the model was not read from a folder; load it from its file");
        var path = Inside(proto, folder, location);
        if (!File.Exists(path))
            throw Bad(proto, $"is in '{location}', which is not in the model's folder; put the file beside the model");
        var size = new FileInfo(path).Length;
        var offset = Number(proto, entries["offset"].FirstOrDefault(), 0);
        var length = Number(proto, entries["length"].FirstOrDefault(), size - offset);
        if (offset < 0 || length < 0 || offset > size - length)
            throw Bad(proto, $"needs bytes {offset} to {offset + length} of '{location}', which has {size}");
        return new ExternalData(path, offset, length);
    }

    /// <summary>Fills an array of <see cref="Length"/> bytes, of whichever primitive type, through a memory map; it may exceed 2 GB.</summary>
    public void ReadInto(Array values)
    {
        if (Length == 0)
            return;
        try
        {
            using var file = MemoryMappedFile.CreateFromFile(Path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
            using var view = file.CreateViewStream(Offset, Length, MemoryMappedFileAccess.Read);
            ref var start = ref MemoryMarshal.GetArrayDataReference(values);
            for (long done = 0; done < Length; done += Chunk)
                view.ReadExactly(
                    MemoryMarshal.CreateSpan(
                        ref Unsafe.AddByteOffset(ref start, (nint)done),
                        (int)Math.Min(Chunk, Length - done)
                    )
                );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw AssayException.Input($"External data '{Path}' cannot be read: {e.Message.Split('\n')[0]}", e);
        }
    }

    /// <summary>Copies the slice, whatever its element type; it may exceed 2 GB.</summary>
    public void CopyTo(Stream stream)
    {
        if (Length == 0)
            return;
        using var file = MemoryMappedFile.CreateFromFile(Path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        using var view = file.CreateViewStream(Offset, Length, MemoryMappedFileAccess.Read);
        view.CopyTo(stream);
    }

    private const int Chunk = 1 << 28;

    private static string Inside(TensorProto proto, string folder, string location)
    {
        var root = System.IO.Path.GetFullPath(folder);
        if (location.Contains('\0') || System.IO.Path.IsPathRooted(location) || Leaves(root, Joined(root, location)))
            throw Outside(proto, location);
        // Links on the way count too: a folder inside the model's may lead out of it.
        var path = root;
        foreach (var part in System.IO.Path.GetRelativePath(root, Joined(root, location)).Split('/'))
        {
            path = Joined(path, part);
            if (LinkTarget(path) is { } target)
                path = target;
            if (Leaves(root, path))
                throw Outside(proto, location);
        }
        return path;
    }

    private static string? LinkTarget(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName;
        }
        catch (IOException)
        {
            // Nothing there, or a circle of links: whoever opens it says so.
            return null;
        }
    }

    private static string Joined(string folder, string part) =>
        System.IO.Path.GetFullPath(System.IO.Path.Combine(folder, part));

    private static bool Leaves(string root, string path) =>
        !path.StartsWith(root.TrimEnd('/') + "/", StringComparison.Ordinal);

    private static AssayException Outside(TensorProto proto, string location) =>
        Bad(proto, $"is in '{location}', outside the model's folder; external data must lie beside the model");

    private static long Number(TensorProto proto, string? text, long missing) =>
        text is null ? missing
        : long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) ? value
        : throw Bad(proto, $"has '{text}' where a number of bytes belongs");

    private static AssayException Bad(TensorProto proto, string what) =>
        AssayException.Input($"External data of tensor '{proto.Name}' {what}.");
}
