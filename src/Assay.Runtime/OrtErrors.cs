using System.Text.RegularExpressions;
using Assay.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace Assay.Runtime;

/// <summary>Turns what ONNX Runtime throws into one line that names the node where the message does.</summary>
internal static partial class OrtErrors
{
    /// <summary>The first line of the message without ONNX Runtime's prefix.</summary>
    public static string Line(Exception e) => Prefix().Replace(e.Message.Trim().Split('\n')[0], "").Trim();

    /// <summary>
    /// An error while running. What the kernels refuse about their operands (an index out of range, shapes that do not
    /// meet) is the input's fault; the rest is a failure.
    /// </summary>
    public static AssayException Running(OnnxRuntimeException e)
    {
        var line = Line(e);
        var node = NodeFailure().Match(line);
        if (!node.Success)
            return line.Contains("Got invalid dimensions", StringComparison.Ordinal)
                ? AssayException.Input($"ONNX Runtime refuses the input: {line}", e)
                : AssayException.Failed($"ONNX Runtime failed: {line}", e);
        var where = $"{node.Groups["op"].Value} '{node.Groups["name"].Value}'";
        var why = SourcePosition().Replace(node.Groups["why"].Value, "").Trim();
        return MemoryShort().IsMatch(why)
            ? AssayException.Failed($"{where} ran out of memory: {why}", e)
            : AssayException.Input($"{where} cannot compute these inputs: {why}", e);
    }

    [GeneratedRegex(@"^\[ErrorCode:\w+\]\s*")]
    private static partial Regex Prefix();

    [GeneratedRegex(
        @"Non-zero status code returned while running (?<op>\S+) node\. Name:'(?<name>[^']*)' Status Message: (?<why>.*)$"
    )]
    private static partial Regex NodeFailure();

    [GeneratedRegex(@"^/\S+:\d+ .*?\) |^/\S+:\d+ \S+ ")]
    private static partial Regex SourcePosition();

    [GeneratedRegex("allocate|bad_alloc|memory", RegexOptions.IgnoreCase)]
    private static partial Regex MemoryShort();
}
