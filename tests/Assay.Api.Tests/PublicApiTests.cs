using System.Reflection;
using PublicApiGenerator;

namespace Assay.Api.Tests;

/// <summary>The public surface of every library is recorded beside it, so that a change to it shows in review.</summary>
public class PublicApiTests
{
    public static TheoryData<string> Libraries =>
        [
            .. Directory
                .GetDirectories(Checkout.Path("src"))
                .Select(d => Path.GetFileName(d)!)
                .Where(n => n != "Assay.Cli" && File.Exists(Checkout.Path("src", n, n + ".csproj")))
                .Order(StringComparer.Ordinal),
        ];

    [Theory]
    [MemberData(nameof(Libraries))]
    public void Is_as_recorded(string library)
    {
        var assembly = Assembly.Load(library);
        var options = new ApiGeneratorOptions
        {
            IncludeAssemblyAttributes = false,
            // Wire types are generated from onnx.proto, which is the record of them.
            IncludeTypes = [.. assembly.GetExportedTypes().Where(t => t.Namespace != "Assay.Onnx.Wire" || IsOurs(t))],
        };
        var api = assembly.GeneratePublicApi(options).ReplaceLineEndings("\n").TrimEnd('\n') + "\n";
        Checkout.ShouldBeFresh(Checkout.Path("src", library, "PublicApi.txt"), api);
    }

    private static bool IsOurs(Type type) =>
        !typeof(Google.Protobuf.IMessage).IsAssignableFrom(type)
        && !type.IsNested
        && !type.Name.EndsWith("Reflection", StringComparison.Ordinal)
        && !type.IsEnum;
}
