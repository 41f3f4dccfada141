using System.CommandLine.Parsing;
using System.Globalization;

namespace Assay.Cli.Commands;

/// <summary>Parsers of numeric options, whose complaints name the option and the text.</summary>
internal static class NumberOptions
{
    /// <summary>A whole number.</summary>
    public static int? Count(ArgumentResult result)
    {
        var number = AsCount(result.Tokens[0].Value);
        if (number is null)
            Complain(result, "a whole number");
        return number;
    }

    /// <summary>The whole number that a text is, or null.</summary>
    public static int? AsCount(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) ? n : null;

    /// <summary>A whole number from 0 to 2⁶⁴ − 1.</summary>
    public static ulong Seed(ArgumentResult result)
    {
        if (ulong.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var n))
            return n;
        Complain(result, "a whole number of 0 or more");
        return 0;
    }

    /// <summary>A share from 0 to below 1.</summary>
    public static double? Share(ArgumentResult result)
    {
        if (
            double.TryParse(result.Tokens[0].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var share)
            && share is >= 0 and < 1
        )
            return share;
        Complain(result, "a share from 0 to below 1");
        return null;
    }

    private static void Complain(ArgumentResult result, string wanted) =>
        result.AddError($"{(result.Parent as OptionResult)?.Option.Name} '{result.Tokens[0].Value}' is not {wanted}.");
}
