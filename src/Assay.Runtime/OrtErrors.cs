using System.Text.RegularExpressions;
using Assay.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace Assay.Runtime;

/// <summary>Turns what ONNX Runtime throws into one line that names the node where the message does.</summary>
internal static partial class OrtErrors
{
    /// <summary>The first line of the message without ONNX Runtime's prefix and the place in its own source.</summary>
    public static string Line(Exception e) =>
        SourcePosition().Replace(Prefix().Replace(e.Message.Trim().Split('\n')[0], ""), "").Trim();

    /// <summary>
    /// An error while running. What the kernels refuse about their operands (an index out of range, shapes that do not
    /// meet) is the input's fault; the rest is a failure.
    /// </summary>
    public static AssayException Running(OnnxRuntimeException e)
    {
        var line = Line(e);
        var node = NodeFailure().Match(line);
        if (ResultRefused().Match(line) is { Success: true } refused)
            return AssayException.Usage($"A result does not fit the tensor given for it: {refused.Value}.", e);
        if (!node.Success)
            return AssayException.Failed($"ONNX Runtime failed: {line}", e);
        var where = $"{node.Groups["op"].Value} '{node.Groups["name"].Value}'";
        var why = SourcePosition().Replace(Nested().Replace(node.Groups["why"].Value, ""), "").Trim();
        return MemoryShort().IsMatch(why)
            ? AssayException.Failed($"{where} ran out of memory: {why}", e)
            : AssayException.Input($"{where} cannot compute these inputs: {why}", e);
    }

    [GeneratedRegex(@"^\[ErrorCode:\w+\]\s*")]
    private static partial Regex Prefix();

    [GeneratedRegex(@"^\[ONNXRuntimeError\] : \d+ : \w+ : ")]
    private static partial Regex Nested();

    [GeneratedRegex(
        @"Non-zero status code returned while running (?<op>\S+) node\. Name:'(?<name>[^']*)' Status Message: (?<why>.*)$"
    )]
    private static partial Regex NodeFailure();

    // "file.cc:12 " and then the function, by name alone or with its whole signature.
    [GeneratedRegex(@"^\S+\.(cc|h|cpp):\d+ ([^()]*\(.*?\)( const)? (?=\S)|\w+ )")]
    private static partial Regex SourcePosition();

    [GeneratedRegex("(Invalid rank for output|Unexpected output data type|The output OrtValue provided for)[^.]*")]
    private static partial Regex ResultRefused();

    [GeneratedRegex("failed to allocate|bad_alloc|out of memory", RegexOptions.IgnoreCase)]
    private static partial Regex MemoryShort();
}
