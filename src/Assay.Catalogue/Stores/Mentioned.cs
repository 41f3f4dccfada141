namespace Assay.Catalogue;

/// <summary>Who is named in a text by <c>@name</c> or <c>@subject-id</c>, whatever the case.</summary>
internal static class Mentioned
{
    public static string[] In(string text, IReadOnlyList<User> users)
    {
        // At each @ the longest name that fits is meant: "@Ana Silva" is not Ana.
        var names = users
            .SelectMany(u => new[] { (Name: u.Name, u.Subject), (Name: u.Subject, u.Subject) })
            .Where(n => n.Name.Length > 0)
            .OrderByDescending(n => n.Name.Length)
            .ThenBy(n => n.Subject, StringComparer.Ordinal)
            .ToList();
        var found = new List<string>();
        for (var at = text.IndexOf('@', StringComparison.Ordinal); at >= 0; at = text.IndexOf('@', at + 1))
        {
            var name = names.FirstOrDefault(n => Stands(text, at + 1, n.Name));
            if (name.Subject is { } subject && !found.Contains(subject))
                found.Add(subject);
        }
        return [.. found];
    }

    private static bool Stands(string text, int at, string name) =>
        string.Compare(text, at, name, 0, name.Length, StringComparison.OrdinalIgnoreCase) == 0
        && (at + name.Length == text.Length || !char.IsLetterOrDigit(text[at + name.Length]));
}
