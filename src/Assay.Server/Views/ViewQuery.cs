using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Assay.Server;

/// <summary>Parameters of a request; what is empty or no number is absent.</summary>
internal readonly struct ViewQuery(HttpRequest request)
{
    public string Route(string name) => request.RouteValues[name] as string ?? "";

    public string? Text(string name) => request.Query[name] is [{ Length: > 0 } text, ..] ? text : null;

    public int? Whole(string name) =>
        int.TryParse(Text(name), NumberStyles.Integer, CultureInfo.InvariantCulture, out var whole) ? whole : null;

    public double? Number(string name) =>
        double.TryParse(Text(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && double.IsFinite(number)
            ? number
            : null;
}

/// <summary>Strong ETags: equal only where run, catalogue and query are.</summary>
internal static class ViewTag
{
    public static string Of(ViewContext view, HttpRequest request)
    {
        var earlier = string.Join(',', view.Earlier.Select(e => e.Folder.Id));
        var asked = string.Join(
            '&',
            request.Query.OrderBy(q => q.Key, StringComparer.Ordinal).Select(q => $"{q.Key}={q.Value}")
        );
        var text = string.Join(
            '\n',
            typeof(ViewTag).Assembly.ManifestModule.ModuleVersionId,
            view.Run.Id,
            view.Run.Stale,
            view.Facts.Version,
            earlier,
            request.Path.Value,
            asked
        );
        return $"\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..24]}\"";
    }

    public static bool Matches(HttpRequest request, string tag) =>
        request.Headers.IfNoneMatch.ToString() is { Length: > 0 } asked
        && asked.Split(',').Any(t => t.Trim() is "*" || t.Trim().Replace("W/", "", StringComparison.Ordinal) == tag);
}
