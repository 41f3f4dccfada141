using Assay.Onnx;
using Assay.Runtime;
using Assay.Statistics;
using Assay.Worlds.Models;
using Assay.Worlds.Truth;
using YamlDotNet.Serialization;

namespace Assay.Worlds.Tests;

public sealed class WorldModelTests(SmallWorld fixture) : IClassFixture<SmallWorld>
{
    private readonly World world = fixture.World;

    [Fact]
    public void The_graph_is_valid_and_survives_a_round_trip()
    {
        var model = WorldModel.Build(world).Onnx;
        ModelVerifier.Check(model).ShouldBeEmpty();
        OnnxModel
            .Load(model.ToBytes())
            .Graph.Inputs.Select(i => i.ShapeText())
            .ShouldBe(["[batch, 10]", "[batch, 9]", "[batch, 10]"]);
    }

    /// <summary>Oracle: the formulas of DeepFM and of the normalisation written out for one row at a time, in double precision.</summary>
    [Fact]
    public void The_logit_is_first_order_plus_pairs_plus_network()
    {
        var model = WorldModel.Train(world, Quick, cancellation: TestContext.Current.CancellationToken);
        int[] rows = [0, 5, 1234, world.Rows - 1];
        using var session = Session.Open(model.Onnx);
        var outputs = session.Run(WorldModel.Encode(world, rows));
        for (var i = 0; i < rows.Length; i++)
        {
            var logit = ByHand(model, WorldModel.Encode(world.Row(rows[i])));
            outputs["logit"].Span<float>()[i].ShouldBe((float)logit, 1e-4f);
            outputs["probability"].Span<float>()[i].ShouldBe((float)(1 / (1 + Math.Exp(-logit))), 1e-4f);
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_model()
    {
        byte[] Bytes() =>
            WorldModel.Train(world, Quick, cancellation: TestContext.Current.CancellationToken).Onnx.ToBytes();
        Bytes().ShouldBe(Bytes());
    }

    [Fact]
    public void A_model_fitted_to_shuffled_labels_learns_nothing()
    {
        var labels = world.Labels.ToArray();
        new CounterRandom(1, "shuffle").Shuffle(labels.AsSpan());
        var model = WorldModel.Train(world, Quick, labels, cancellation: TestContext.Current.CancellationToken);
        Auc(world, model, WorldSplit.Explain).ShouldBeInRange(0.4, 0.6);
    }

    [Fact]
    public void The_fitted_model_comes_near_the_truth()
    {
        var larger = World.Create(new WorldOptions { Users = 800 });
        var model = WorldModel.Train(larger, cancellation: TestContext.Current.CancellationToken);
        var rows = larger.RowsOf(WorldSplit.Explain);
        var labels = Array.ConvertAll(rows, r => (double)larger.Labels[r]);
        var best = RocAuc.Of(Array.ConvertAll(rows, larger.TrueLogit), labels);
        Auc(larger, model, WorldSplit.Explain).ShouldBeGreaterThan(best - 0.04);
    }

    [Fact]
    public void The_dictionary_binds_every_element_of_every_input_once()
    {
        var yaml = WorldModel.Build(world).FeaturesYaml("vocabularies.json");
        var root = new DeserializerBuilder().Build().Deserialize<Dictionary<string, object>>(yaml);
        root["schema"].ShouldBe("1");
        root["vocabularies"].ShouldBe("vocabularies.json");
        var bound = new List<(string, int)>();
        foreach (var feature in ((List<object>)root["features"]).Cast<Dictionary<object, object>>())
        {
            WorldFeatures.IndexOf((string)feature["feature"]).ShouldBeGreaterThanOrEqualTo(0);
            var columns = feature.TryGetValue("columns", out var list)
                ? ((List<object>)list).Cast<string>()
                : [(string)feature["column"]];
            bound.AddRange(columns.Select(c => ((string)feature["input"], int.Parse(c))));
        }
        (string Input, int Width)[] inputs = [("ids", 10), ("dense", 9), ("history", 10)];
        bound.ShouldBe(
            inputs.SelectMany(i => Enumerable.Range(0, i.Width).Select(c => (i.Input, c))),
            ignoreOrder: true
        );
    }

    private static WorldModelOptions Quick { get; } =
        new() { Training = new WorldModelOptions().Training with { Epochs = 1 } };

    private static double Auc(World world, WorldModel model, WorldSplit split)
    {
        var rows = world.RowsOf(split);
        using var session = Session.Open(model.Onnx);
        var logits = session.Run(WorldModel.Encode(world, rows), ["logit"])["logit"].ToDoubles();
        return RocAuc.Of(logits, Array.ConvertAll(rows, r => (double)world.Labels[r]));
    }

    private double ByHand(WorldModel model, IReadOnlyDictionary<string, TensorData> row)
    {
        double[] W(string name) => model.Onnx.Graph.Constant(name)!.ToDoubles();
        const int dimension = 8;
        var features = WorldFeatures.All;
        var training = world.RowsOf(WorldSplit.Train);
        var fields = new List<double[]>();
        var input = new List<double>();
        double logit = 0;

        var ids = row["ids"].ToInt64s();
        var categorical = features.Where(f => f.Kind == FeatureKind.Categorical).ToArray();
        for (var k = 0; k < ids.Length; k++)
        {
            fields.Add(W($"emb.{categorical[k].Name}.weight").AsSpan((int)ids[k] * dimension, dimension).ToArray());
            logit += W($"first.{categorical[k].Name}.weight")[ids[k]];
        }
        var seen = row["history"].ToInt64s().Where(id => id > 0).ToArray();
        var pooled = new double[dimension];
        foreach (var id in seen)
        {
            for (var d = 0; d < dimension; d++)
                pooled[d] += W("emb.category.weight")[id * dimension + d] / seen.Length;
            logit += W("first.history.weight")[id] / seen.Length;
        }
        fields.Add(pooled);
        input.AddRange(fields.SelectMany(f => f));

        var raw = row["dense"].ToDoubles();
        var numeric = features.Where(f => f.Kind == FeatureKind.Numeric).ToArray();
        for (var k = 0; k < raw.Length; k++)
        {
            double Scale(double v) => numeric[k].Logarithmic ? Math.Log(1 + v) : v;
            var column = world.Table[numeric[k].Name];
            var values = Array.ConvertAll(training, r => Scale(column.Number(r)));
            var mean = values.Average();
            var z = (Scale(raw[k]) - mean) / Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));
            logit += z * W("first.dense.weight")[k];
            fields.Add([.. W("emb.dense.weight").AsSpan(k * dimension, dimension).ToArray().Select(w => w * z)]);
            input.Add(z);
        }
        for (var i = 0; i < fields.Count; i++)
        for (var j = i + 1; j < fields.Count; j++)
            logit += fields[i].Zip(fields[j], (a, b) => a * b).Sum();

        double[] value = [.. input];
        foreach (
            var (weight, bias) in new[]
            {
                ("mlp.0.weight", "mlp.0.bias"),
                ("mlp.1.weight", "mlp.1.bias"),
                ("mlp.out.weight", "mlp.out.bias"),
            }
        )
        {
            var (w, b) = (W(weight), W(bias));
            var next = new double[b.Length];
            for (var o = 0; o < next.Length; o++)
            {
                next[o] = b[o];
                for (var i = 0; i < value.Length; i++)
                    next[o] += value[i] * w[i * next.Length + o];
                if (weight != "mlp.out.weight")
                    next[o] = Math.Max(0, next[o]);
            }
            value = next;
        }
        return logit + value[0];
    }
}
