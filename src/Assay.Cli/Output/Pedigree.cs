using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using Assay.Attribution;
using Assay.Cli.Commands;

namespace Assay.Cli.Output;

/// <summary>Where the numbers of an explanation come from.</summary>
internal static class Pedigree
{
    public static IReadOnlyDictionary<string, string> Of(ExplainRequest request, Explainer explainer)
    {
        var s = request.Settings;
        var entries = new Dictionary<string, string>
        {
            ["method"] = s.Method,
            ["head"] = explainer.Head,
            ["layer"] = s.Layer ?? "",
            ["space"] = request.Service is { AsLogit: false } ? "as served" : s.Space.ToString().ToLowerInvariant(),
            ["at"] = s.At.ToString().ToLowerInvariant(),
            ["target"] = request.Ranking?.Name ?? "score",
            ["baseline"] = request.Ranking is { Swaps: true, Against: { } row } ? $"row {row}" : request.Baseline,
            ["steps"] = s.Steps.ToString(CultureInfo.InvariantCulture),
            ["rule"] = explainer.Rule ?? "",
            ["tolerance"] = s.Tolerance?.ToString("R", CultureInfo.InvariantCulture) ?? "",
            ["seed"] = s.Seed.ToString(CultureInfo.InvariantCulture),
            ["budget"] = s.Budget?.ToString(CultureInfo.InvariantCulture) ?? "",
            ["standard_error_wanted"] = s.Precision?.ToString("R", CultureInfo.InvariantCulture) ?? "",
            ["background"] = request.Background ?? "",
            ["precision"] = s.Float64 ? "float64" : "float32",
            ["model"] = request.Service is null ? Path.GetFileName(request.Model) : request.Model,
            ["model_sha256"] = request.Service is null ? Hash(request.Model) : "",
            ["software"] = $"assay {Version}",
        };
        foreach (var (key, value) in explainer.Options)
            entries[key] = value;
        return entries;
    }

    /// <summary>The version of this build.</summary>
    public static string Version =>
        typeof(Pedigree).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>SHA-256 of a file, in hexadecimal digits.</summary>
    public static string Hash(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
