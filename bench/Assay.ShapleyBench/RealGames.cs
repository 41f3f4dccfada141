using Assay.Attribution;
using Assay.Gradients;
using Assay.Onnx;
using Assay.Studies;

namespace Assay.ShapleyBench;

/// <summary>The games that rows of the test split play in a model of the real case, against the dictionary's replacement values.</summary>
internal sealed class RealGames : IDisposable
{
    private readonly ExplainedModel explained;

    public RealGames(string folder, string name, int rows, int? players)
    {
        Name = name;
        var path = Path.Combine(folder, "models", name + ".onnx");
        var model = OnnxModel.Load(path);
        var binding = FeatureDictionary.Load(Path.ChangeExtension(path, ".features.json")).Bind(model);
        var features = binding
            .Features.Select(f => new FeatureSlot(
                f.Entry.Name,
                [.. f.Elements.Select(e => new InputElement(f.Input.Name, e))]
            ))
            .ToArray();
        if (players is { } count)
            features =
            [
                .. features
                    .Select((f, i) => (f, Group: i * count / features.Length))
                    .GroupBy(f => f.Group)
                    .Select(g => new FeatureSlot($"group {g.Key}", [.. g.SelectMany(f => f.f.Elements)])),
            ];
        Rows = InputAssembler.Read(
            DataSource.FromFile(Path.Combine(folder, "data", "test.parquet")),
            binding,
            1000,
            rows
        );
        explained = new(
            model,
            features,
            new() { Method = "shapley", Baseline = Baseline.Rows(binding.ReplacementRow()) }
        );
        Games = explained.Games(Rows);
    }

    public string Name { get; }

    public IReadOnlyDictionary<string, TensorData> Rows { get; }

    public Attribution.Games.IGames Games { get; }

    public static IEnumerable<string> Names(string folder) =>
        Directory
            .GetFiles(Path.Combine(folder, "models"), "*.onnx")
            .Select(p => Path.GetFileNameWithoutExtension(p)!)
            .Where(n => n != "mmoe")
            .Order(StringComparer.Ordinal);

    public void Dispose() => explained.Dispose();
}
