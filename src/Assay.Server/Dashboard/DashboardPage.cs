using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Assay.Server;

/// <summary>The dashboard: one HTML file with all its scripts and styles, built from web/ and kept in this assembly.</summary>
internal static partial class DashboardPage
{
    private const string Resource = "Assay.Server.Dashboard.index.html";
    private static readonly Lazy<string> Page = new(Read);

    /// <summary>The page.</summary>
    public static string Html => Page.Value;

    /// <summary>For a Content-Security-Policy: <c>'sha256-…'</c> of each inline script, in order.</summary>
    public static IReadOnlyList<string> ScriptHashes { get; } = Hashes(Page.Value, Scripts());

    /// <summary>The same of each inline style sheet.</summary>
    public static IReadOnlyList<string> StyleHashes { get; } = Hashes(Page.Value, Styles());

    private static string[] Hashes(string html, Regex of) =>
        [
            .. of.Matches(html)
                .Select(m =>
                    $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(m.Groups[1].Value)))}'"
                ),
        ];

    private static string Read()
    {
        using var stream =
            typeof(DashboardPage).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The assembly was built without '{Resource}'.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        // Browsers hash what they parse: line ends are line feeds there.
        return reader.ReadToEnd().Replace("\r\n", "\n", StringComparison.Ordinal);
    }

    [GeneratedRegex("<script(?![^>]*\\bsrc=)[^>]*>(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Scripts();

    [GeneratedRegex("<style[^>]*>(.*?)</style>", RegexOptions.Singleline)]
    private static partial Regex Styles();
}
