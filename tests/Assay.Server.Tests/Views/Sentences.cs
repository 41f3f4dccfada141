using System.Text.RegularExpressions;

namespace Assay.Server.Tests;

internal static class Sentences
{
    /// <summary>Readers see display names; region is a dimension of its own and may be named.</summary>
    public static void ShouldHaveNoColumns(string sentence)
    {
        foreach (var column in StudiedRegions.Columns.Where(c => c != "region"))
            Regex.IsMatch(sentence, $@"\b{column}\b").ShouldBeFalse($"'{sentence}' names the column {column}");
        sentence.ShouldNotContain("_");
        sentence.ShouldNotContain("NaN");
    }
}
