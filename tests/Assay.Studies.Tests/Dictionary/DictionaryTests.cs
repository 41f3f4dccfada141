using Assay.Onnx;
using Assay.Onnx.Wire;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Studies.Tests;

public sealed class DictionaryTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    private static readonly ValueInfoProto[] Inputs =
    [
        ValueInfos.Tensor("ids", DataType.Int64, "batch", 2),
        ValueInfos.Tensor("price", DataType.Float, "batch"),
        ValueInfos.Tensor("seen", DataType.Int64, "batch", "length"),
    ];

    private const string Good = """
        schema: 1
        extra: ignored
        features:
          - {feature: country, kind: categorical, input: ids, column: 0, vocabulary_size: 5, oov_id: 1, ablation_id: 1, group: user}
          - {feature: device, kind: categorical, input: ids, column: 1, padding_id: 0, group: user, display_name: Device type}
          - {feature: price, kind: numeric, input: price, training_mean: 2.5, group: item, source: price_usd}
          - {feature: seen, kind: sequence, input: seen, length: 3, padding_id: 0, oov_id: 1, order: padded on the left}
        groups:
          all_user: [country, device]
        """;

    private FeatureDictionary Load(string text) => FeatureDictionary.Load(folder.File("features.yaml", text));

    private string Message(string text)
    {
        var e = Should.Throw<AssayException>(() => Load(text).Bind(Inputs));
        e.Fault.ShouldBe(Fault.Input);
        e.Message.ShouldNotContain("\n");
        return e.Message;
    }

    [Fact]
    public void Binds_packed_columns_separate_inputs_and_sequences()
    {
        var dictionary = Load(Good);
        var binding = dictionary.Bind(Inputs);
        binding.Features.Select(f => string.Join(",", f.Elements)).ShouldBe(["0", "1", "0", "0,1,2"]);
        binding.Inputs.Select(i => i.Elements).ShouldBe([2, 1, 3]);
        dictionary.Features[2].Source.ShouldBe("price_usd");
        dictionary.Features[1].Title.ShouldBe("Device type");
        dictionary.Groups["all_user"].ShouldBe(["country", "device"]);
        dictionary.Groups["user"].ShouldBe(["country", "device"]);
        dictionary.Hash.Length.ShouldBe(64);
    }

    [Fact]
    public void Replacement_row_prefers_ablation_then_oov_then_padding_and_the_mean()
    {
        var row = Load(Good).Bind(Inputs).ReplacementRow();
        row["ids"].ToDoubles().ShouldBe([1, 0]);
        row["ids"].Dims.ShouldBe([1, 2]);
        row["price"].ToDoubles().ShouldBe([2.5]);
        row["price"].Dims.ShouldBe([1]);
        row["seen"].ToDoubles().ShouldBe([0, 0, 0]);
    }

    [Theory]
    [InlineData(
        "column: 1, padding_id",
        "column: 0, padding_id",
        "column 0 of input 'ids' is bound twice: by 'country' and by 'device'"
    )]
    [InlineData(
        "column: 1, padding_id",
        "column: 7, padding_id",
        "feature 'device': column 7 is outside input 'ids', which has 2 per row"
    )]
    [InlineData(
        "input: price,",
        "input: prices,",
        "enters at input 'prices', which the model does not have. Did you mean 'price'?"
    )]
    [InlineData(
        "kind: numeric",
        "kind: number",
        "line 6: feature 'price': 'kind' must be one of categorical, numeric, sequence, bag, not 'number'"
    )]
    [InlineData(
        "oov_id: 1, ablation_id",
        "oov_ids: 1, ablation_id",
        "line 4: feature 'country': unknown key 'oov_ids'. Did you mean 'oov_id'?"
    )]
    [InlineData("schema: 1", "schema: 2", "schema 2 is not known")]
    [InlineData("oov_id: 1, ablation_id: 1", "oov_id: 9", "'oov_id' 9 is outside the vocabulary of 5 ids")]
    [InlineData("[country, device]", "[country, devise]", "unknown feature 'devise'. Did you mean 'device'?")]
    [InlineData("feature: device", "feature: country", "feature 'country' is listed twice")]
    [InlineData("features:\n", "features: [\n", "is not valid YAML at line")]
    [InlineData("length: 3, padding_id: 0", "length: 3", "needs a 'padding_id'")]
    public void Mistakes_are_one_line_with_their_place(string old, string replacement, string expected)
    {
        Good.ShouldContain(old);
        Message(Good.Replace(old, replacement)).ShouldContain(expected);
    }

    [Fact]
    public void An_unbound_column_is_named() =>
        Message(
                string.Join('\n', Good.Split('\n').Where(l => !l.Contains("device") || l.Contains("all_user")))
                    .Replace("[country, device]", "[country]")
            )
            .ShouldContain("no feature is bound to column 1 of input 'ids'");

    [Fact]
    public void What_was_written_reads_back_the_same()
    {
        var first = Load(Good);
        var second = FeatureDictionary.Load(folder.File("again.yaml", first.ToYaml()));
        second
            .Features.Select(f => f with { Columns = null })
            .ShouldBe(first.Features.Select(f => f with { Columns = null }));
    }

    [Theory]
    [MemberData(nameof(RealCase.Models), MemberType = typeof(RealCase))]
    public void Real_dictionaries_bind_as_they_are(string name)
    {
        var model = OnnxModel.Load(RealCase.Model(name));
        var path = Path.Combine(RealCase.Folder, "models", name + ".features.json");
        var binding = FeatureDictionary.Load(path).Bind([.. model.Graph.Inputs]);
        binding.Features.Count.ShouldBe(name is "din" or "mmoe" or "mmoe_noloop" ? 34 : 33);
        // The reference's feature_ablation replaces ids by 1, numbers by the training mean, the history by padding.
        var row = binding.ReplacementRow();
        row.Values.Where(t => t.Type == DataType.Int64 && t.Count == 20 && !row.ContainsKey("history"))
            .ShouldAllBe(t => t.ToInt64s().All(i => i == 1));
    }

    [Fact]
    public void Draft_names_single_inputs_and_packed_columns()
    {
        var model = OnnxModel.Load(RealCase.Model("wide_deep"));
        var data = DataSource.FromFile(Path.Combine(RealCase.Folder, "data", "valid.parquet"));
        var draft = FeatureDictionary.Draft(model, data);
        draft.Features.Select(f => f.Name).ShouldContain("household");
        draft.Features.Select(f => f.Name).ShouldContain("dense[12]");
        FeatureDictionary
            .Load(folder.File("draft.yaml", draft.ToYaml()))
            .Bind([.. model.Graph.Inputs])
            .Features.Count.ShouldBe(33);
    }

    [Fact]
    public void Draft_names_packed_columns_after_their_tables()
    {
        var model = OnnxModel.Load(RealCase.Model("deepfm_seed1"));
        var data = DataSource.FromFile(Path.Combine(RealCase.Folder, "data", "valid.parquet"));
        var truth = FeatureDictionary.Load(Path.Combine(RealCase.Folder, "models", "deepfm_seed1.features.json"));
        var draft = FeatureDictionary.Draft(model, data);
        foreach (var entry in truth.Features.Where(f => f.HasIds))
        {
            draft[entry.Name].Columns!.ShouldBe(entry.Columns!);
            draft[entry.Name].VocabularySize.ShouldBe(entry.VocabularySize);
        }
    }
}
