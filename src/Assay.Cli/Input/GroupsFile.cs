using System.Text.Json;
using Assay.Onnx;

namespace Assay.Cli.Input;

/// <summary>Groups of features as JSON: {"group": ["feature", …]}.</summary>
internal static class GroupsFile
{
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Read(string path)
    {
        using var document = JsonFile.Open(path, "groups");
        return document.RootElement.EnumerateObject().ToDictionary(g => g.Name, g => Members(path, g.Name, g.Value));
    }

    private static IReadOnlyList<string> Members(string path, string group, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() == 0)
            throw AssayException.Input(
                $"'{path}': group '{group}' is {JsonFile.Kind(value)}; it wants a list of at least one feature."
            );
        return
        [
            .. value
                .EnumerateArray()
                .Select(
                    (member, i) =>
                        member.ValueKind == JsonValueKind.String
                            ? member.GetString()!
                            : throw AssayException.Input(
                                $"'{path}': {group}[{i}] is {JsonFile.Kind(member)}, but the name of a feature is wanted."
                            )
                ),
        ];
    }
}
