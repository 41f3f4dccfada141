using System.Reflection;
using Assay.Onnx;

namespace Assay.Attribution.Interactions;

/// <summary>Every method of interactions, found by itself.</summary>
public static class InteractionRegistry
{
    private static readonly SortedDictionary<string, InteractionMethod> ById = Discover();

    /// <summary>All methods in the order of their ids.</summary>
    public static IReadOnlyList<MethodInfo> All { get; } = [.. ById.Values.Select(m => m.Info)];

    /// <summary>The method of that id; a usage error lists the ids where there is none.</summary>
    public static MethodInfo Get(string id) => Find(id).Info;

    /// <summary>Whether an id is one of these.</summary>
    internal static bool Contains(string id) => ById.ContainsKey(id);

    internal static InteractionMethod Find(string id) =>
        ById.TryGetValue(id, out var method)
            ? method
            : throw AssayException.Usage(
                $"There is no method of interactions '{id}'; choose one of: {string.Join(", ", ById.Keys)}."
            );

    private static SortedDictionary<string, InteractionMethod> Discover()
    {
        var methods = Assembly
            .GetExecutingAssembly()
            .GetTypes()
            .Where(t => t.IsSubclassOf(typeof(InteractionMethod)) && !t.IsAbstract)
            .Select(t => (InteractionMethod)Activator.CreateInstance(t)!);
        return new(methods.ToDictionary(m => m.Info.Id), StringComparer.Ordinal);
    }
}
