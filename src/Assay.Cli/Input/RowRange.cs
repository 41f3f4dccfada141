using System.Globalization;
using System.Text.RegularExpressions;
using Assay.Onnx;

namespace Assay.Cli.Input;

/// <summary>Rows First to End − 1 of the data, counting from 0; written a..b, where either may be left out.</summary>
internal readonly partial record struct RowRange(long First, long End)
{
    public static RowRange All { get; } = new(0, long.MaxValue);

    public static RowRange Parse(string text)
    {
        var match = Pattern().Match(text);
        if (
            !match.Success
            || !Number(match.Groups[1], 0, out var first)
            || !Number(match.Groups[2], long.MaxValue, out var end)
        )
            throw AssayException.Usage($"--rows '{text}' is not a..b; rows 0 to 99 are 0..100.");
        if (end <= first)
            throw AssayException.Usage(
                $"--rows '{text}' holds no row: it runs from {first} up to, not including, {end}."
            );
        return new RowRange(first, end);
    }

    private static bool Number(Group group, long missing, out long value)
    {
        value = missing;
        return group.Length == 0
            || long.TryParse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }

    [GeneratedRegex(@"^(\d*)\.\.(\d*)$")]
    private static partial Regex Pattern();
}
