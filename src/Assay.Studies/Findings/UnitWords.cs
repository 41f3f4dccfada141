namespace Assay.Studies;

/// <summary>What the independent units are called, from the name of their column.</summary>
internal static class UnitWords
{
    private static readonly string[] Endings = ["_id", "_ids", "_key", "_hash", "_no", "_number", "_uuid", "_idx"];

    private static readonly Dictionary<string, string> Short = new()
    {
        ["usr"] = "users",
        ["uid"] = "users",
        ["cust"] = "customers",
        ["acct"] = "accounts",
        ["sess"] = "sessions",
        ["hh"] = "households",
        ["vis"] = "visitors",
        ["person"] = "people",
        ["id"] = "users",
    };

    /// <summary>The plural: household_id → households, companyKey → companies, usr → users, xq7 → "values of xq7".</summary>
    public static string Of(string column)
    {
        var word = Words(column);
        foreach (var end in Endings)
            if (word.EndsWith(end, StringComparison.Ordinal) && word.Length > end.Length)
            {
                word = word[..^end.Length];
                break;
            }
        if (Short.TryGetValue(word, out var known))
            return known;
        var last = word.Split('_')[^1];
        if (last.Length < 3 || !last.Any("aeiouy".Contains))
            return $"values of {column}";
        return word.Replace('_', ' ')[..^last.Length] + Plural(last);
    }

    private static string Plural(string word) =>
        Short.TryGetValue(word, out var known) ? known
        : word.EndsWith('s') && !word.EndsWith("ss", StringComparison.Ordinal) ? word
        : word.EndsWith('y') && !"aeiou".Contains(word[^2]) ? word[..^1] + "ies"
        : word.EndsWith("ss", StringComparison.Ordinal)
        || word.EndsWith('x')
        || word.EndsWith("ch", StringComparison.Ordinal)
        || word.EndsWith("sh", StringComparison.Ordinal)
            ? word + "es"
        : word + "s";

    // userId → user_id
    private static string Words(string column)
    {
        var text = new System.Text.StringBuilder();
        for (var i = 0; i < column.Length; i++)
        {
            if (i > 0 && char.IsUpper(column[i]) && char.IsLower(column[i - 1]))
                text.Append('_');
            text.Append(char.ToLowerInvariant(column[i]));
        }
        return text.ToString().Replace('-', '_').Replace(' ', '_').Trim('_');
    }
}
