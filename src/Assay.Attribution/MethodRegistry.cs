using System.Reflection;
using Assay.Onnx;

namespace Assay.Attribution;

/// <summary>Every attribution method, found by itself.</summary>
public static class MethodRegistry
{
    private static readonly SortedDictionary<string, AttributionMethod> ById = Discover();

    /// <summary>All methods in the order of their ids.</summary>
    public static IReadOnlyList<MethodInfo> All { get; } = [.. ById.Values.Select(m => m.Info)];

    /// <summary>The method of that id; a usage error lists the ids where there is none.</summary>
    public static MethodInfo Get(string id) => Find(id).Info;

    /// <summary>Ids of the methods that can be written into a model.</summary>
    public static IReadOnlyList<string> Compilable { get; } =
    [.. ById.Values.Where(IsCompilable).Select(m => m.Info.Id)];

    /// <summary>Ids of the methods that need a layer.</summary>
    public static IReadOnlyList<string> OfLayers { get; } =
    [.. ById.Values.Where(m => m.Info.Layer != LayerUse.None).Select(m => m.Info.Id)];

    /// <summary>Ids of the methods that explain any game, a number about a list among them.</summary>
    public static IReadOnlyList<string> Playing { get; } =
    [.. ById.Values.Where(m => m is Games.IGamePlayer).Select(m => m.Info.Id)];

    /// <summary>Whether a method compares rows with a background at the attribution points; false for what is none of rows.</summary>
    internal static bool DrawsBaselines(string? id) =>
        id is not null && ById.TryGetValue(id, out var method) && method.DrawsBaselines;

    internal static AttributionMethod Find(string id) =>
        ById.TryGetValue(id, out var method)
            ? method
            : throw AssayException.Usage($"There is no method '{id}'; choose one of: {string.Join(", ", ById.Keys)}.");

    private static SortedDictionary<string, AttributionMethod> Discover()
    {
        var methods = Assembly
            .GetExecutingAssembly()
            .GetTypes()
            .Where(t => t.IsSubclassOf(typeof(AttributionMethod)) && !t.IsAbstract)
            .Select(t => (AttributionMethod)Activator.CreateInstance(t)!);
        return new(methods.ToDictionary(m => m.Info.Id), StringComparer.Ordinal);
    }

    private static bool IsCompilable(AttributionMethod method) =>
        method.GetType().GetMethod(nameof(AttributionMethod.Compile))!.DeclaringType != typeof(AttributionMethod);
}
