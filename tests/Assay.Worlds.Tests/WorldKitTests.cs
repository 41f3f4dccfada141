using System.Text.Json;
using Assay.Onnx;
using Assay.Worlds.Models;
using YamlDotNet.Serialization;

namespace Assay.Worlds.Tests;

public sealed class WorldKitTests(SmallWorld fixture) : IClassFixture<SmallWorld>, IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("assay-world");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task The_study_names_files_that_exist_and_the_baseline_fits_the_model()
    {
        var world = fixture.World;
        await WorldKit.WriteAsync(
            world,
            WorldModel.Build(world),
            folder.FullName,
            TestContext.Current.CancellationToken
        );
        string In(string name) => Path.Combine(folder.FullName, name);
        var study = new DeserializerBuilder()
            .Build()
            .Deserialize<Dictionary<string, object>>(File.ReadAllText(In(WorldKit.Study)));
        var data = (Dictionary<object, object>)study["data"];
        foreach (var file in (object[])[study["model"], study["dictionary"], data["explain"], data["holdout"]])
            File.Exists(In((string)file)).ShouldBeTrue((string)file);
        var model = OnnxModel.Load(In(WorldKit.Model));
        using var baseline = JsonDocument.Parse(File.ReadAllText(In(WorldKit.Baseline)));
        foreach (var input in model.Graph.Inputs)
            baseline.RootElement.GetProperty(input.Name)[0].GetArrayLength().ShouldBe((int)input.Shape()![1]!.Value);
    }
}
