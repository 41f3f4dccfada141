using Assay.Onnx.Wire;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Assay.Onnx;

/// <summary>
/// Refuses a file that would become many times its size in memory: an empty message is two bytes in a file and hundreds
/// as an object. The file is walked field by field beforehand, nothing being kept of it.
/// </summary>
internal static class ParseBudget
{
    // What the emptiest message of the format becomes, for each of its two bytes.
    private const long WorstGrowth = 256;

    // A model is copied once or twice on its way to a session.
    private const long Copies = 3;

    private const WireFormat.WireType Nested = WireFormat.WireType.LengthDelimited;

    /// <summary>Throws an input error where reading the file would take more than the memory at hand.</summary>
    public static void Require(Stream file) =>
        Require(file, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes - GC.GetTotalMemory(false));

    /// <summary>The same for a given number of bytes at hand. The stream is left at its start.</summary>
    public static void Require(Stream file, long available)
    {
        var most = available / Copies;
        if (file.Length <= most / WorstGrowth)
            return;
        var needed = Estimate(file, most);
        file.Position = 0;
        if (needed > most)
            throw AssayException.Input(
                $"it would take more than {most >> 20} MB to read, and {available >> 20} MB are free for it and its copies; "
                    + "run with more memory, or export the model with external data."
            );
    }

    /// <summary>
    /// About how many bytes the messages of a file become in memory: up to where it stops making sense, as the parser
    /// does, or exceeds <paramref name="most"/>.
    /// </summary>
    public static long Estimate(Stream file, long most = long.MaxValue)
    {
        var bytes = 0L;
        using var input = new CodedInputStream(file, leaveOpen: true);
        try
        {
            Walk(input, file.Length, most, ref bytes);
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or IOException) { }
        return bytes;
    }

    private static void Walk(CodedInputStream input, long length, long most, ref long bytes)
    {
        var costs = new Dictionary<MessageDescriptor, long>();
        var open = new Stack<(MessageDescriptor Type, long End)>();
        open.Push((ModelProto.Descriptor, length));
        while (bytes <= most && open.TryPeek(out var message))
        {
            if (input.Position >= message.End)
            {
                open.Pop();
                continue;
            }
            var tag = input.ReadTag();
            if (tag == 0)
                return;
            var field = message.Type.FindFieldByNumber(WireFormat.GetTagFieldNumber(tag));
            if (field?.FieldType == FieldType.Message && WireFormat.GetTagWireType(tag) == Nested)
            {
                if (!costs.TryGetValue(field.MessageType, out var cost))
                    costs[field.MessageType] = cost = Cost(field.MessageType);
                bytes += cost;
                var size = input.ReadLength();
                open.Push((field.MessageType, input.Position + size));
                continue;
            }
            var before = input.Position;
            input.SkipLastField();
            bytes += Content(field?.FieldType, input.Position - before);
        }
    }

    // Packed numbers take at least one byte each in the file; characters two in memory, beside the string's own header.
    // What the format does not know is kept too, as an object each.
    private static long Content(FieldType? type, long length) =>
        type switch
        {
            FieldType.Bytes => 64 + length,
            FieldType.String => 32 + 2 * length,
            FieldType.Float or FieldType.Double => length,
            null => 120 + length,
            _ => sizeof(long) * length,
        };

    // The object, a reference for each field and a list for each that repeats.
    private static long Cost(MessageDescriptor type) =>
        48 + type.Fields.InDeclarationOrder().Sum(f => f.IsRepeated ? 48 : 8);
}
