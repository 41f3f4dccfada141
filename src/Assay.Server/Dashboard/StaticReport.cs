using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Assay.Onnx;
using Assay.Studies;

namespace Assay.Server;

/// <summary>The dashboard of one run as one HTML file that needs no server and holds no row of the data.</summary>
public static class StaticReport
{
    // 3 MB for the page, the documents in base64 and what surrounds them.
    private const long MostBytes = 2_900_000;

    /// <summary>Writes the file beside itself first, so that a reader never sees half of it.</summary>
    /// <param name="runFolder">The folder of a finished study.</param>
    /// <param name="path">The HTML file; replaced if it is there.</param>
    /// <returns>Bytes written.</returns>
    /// <exception cref="AssayException">Input: not a finished run. Failed: cannot write.</exception>
    public static long Write(string runFolder, string path)
    {
        var run = RunFolder.Open(runFolder);
        var html = DashboardPage.Html;
        var room = (MostBytes - Encoding.UTF8.GetByteCount(html)) / 4 * 3;
        var page = Page(html, Pack(StaticDocuments.Of(ViewContext.Of(run), room)));
        Files.WriteText(path, page);
        return Encoding.UTF8.GetByteCount(page);
    }

    /// <summary>The page with its documents, in the place that the dashboard looks for.</summary>
    internal static string Page(string html, string packed)
    {
        var script = $"<script type=\"application/octet-stream+base64\" id=\"assay-data\">{packed}</script>\n";
        // Before the app's own script: it asks for its documents as soon as it runs.
        var at = html.IndexOf("<script", StringComparison.Ordinal);
        return at < 0 ? html + script : html.Insert(at, script);
    }

    internal static string Pack(IReadOnlyDictionary<string, byte[]> documents)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        using (var json = new Utf8JsonWriter(gzip))
        {
            json.WriteStartObject();
            foreach (var (name, document) in documents)
            {
                json.WritePropertyName(name);
                json.WriteRawValue(document, skipInputValidation: true);
            }
            json.WriteEndObject();
        }
        return Convert.ToBase64String(packed.ToArray());
    }
}
