using System.Text.Json;
using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;
using Assay.Statistics;
using Assay.Worlds;
using Assay.Worlds.Models;

namespace Assay.Cli.Tests;

/// <summary>Refits in a small world whose truth is planted: recency is strong, the noise features do nothing.</summary>
public sealed class RetrainTests(SmallWorld world) : IClassFixture<SmallWorld>, IDisposable
{
    private readonly Workspace work = new();

    public void Dispose() => work.Dispose();

    [Theory]
    [InlineData(WorldFeatures.NoiseRow, "can_be_retired", "can be retired")]
    // Frequency counts the same events, so without recency alone most of the loss is made up for.
    [InlineData($"{WorldFeatures.Recency},{WorldFeatures.Frequency}", "needed", "is needed")]
    public void Noise_can_be_retired_and_the_strongest_signal_cannot(string feature, string verdict, string said)
    {
        var text = Retrain(
            "--test",
            world.File(WorldKit.FileOf(WorldSplit.Holdout)),
            "--drop",
            feature,
            "--margin",
            "0.03"
        );
        text.ShouldContain("Margin, stated beforehand: a loss increase of 0.03 nats");
        text.ShouldContain(said, Case.Sensitive);
        text.IndexOf("Margin, stated", StringComparison.Ordinal)
            .ShouldBeLessThan(text.IndexOf("logloss", StringComparison.Ordinal));
        var comparison = Json().GetProperty("comparison");
        comparison.GetProperty("verdict").GetString().ShouldBe(verdict);
        comparison.GetProperty("per_seed").GetArrayLength().ShouldBe(3);
        var fits = Json().GetProperty("fits").EnumerateArray().ToArray();
        fits.Length.ShouldBe(6);
        double Loss(int fit) => fits[fit].GetProperty("test").GetProperty("log_loss").GetDouble();
        // The estimate is the mean of the pairs' differences.
        var mean = Enumerable.Range(0, 3).Average(s => Loss(2 * s + 1) - Loss(2 * s));
        comparison.GetProperty("estimate").GetDouble().ShouldBe(mean, 1e-9);
    }

    [Fact]
    public void The_model_written_does_not_depend_on_features_that_were_dropped()
    {
        Retrain("--drop", $"{WorldFeatures.Recency},{WorldFeatures.Region},{WorldFeatures.History}", "--epochs", "2");
        var feeds = world.Rows(64);
        var before = Run(feeds);
        foreach (var (input, column) in ((string, int)[])[("dense", Column(WorldFeatures.Recency)), ("ids", 0)])
            Run(Changed(feeds, input, column)).ShouldBe(before);
        for (var position = 0; position < 10; position++)
            Run(Changed(feeds, "history", position)).ShouldBe(before);
        Run(Changed(feeds, "dense", Column(WorldFeatures.Popularity))).ShouldNotBe(before);
    }

    /// <summary>Labels in random order teach nothing: the interval of the AUC over unseen rows holds ½.</summary>
    [Fact]
    public void Shuffled_labels_leave_an_area_of_a_half()
    {
        var text = Retrain("--test", world.File(WorldKit.FileOf(WorldSplit.Holdout)), "--shuffle-labels");
        text.ShouldContain("AUC over 3 seeds: 0.");
        var area = Json().GetProperty("auc_over_seeds");
        0.5.ShouldBeInRange(area.GetProperty("low").GetDouble(), area.GetProperty("high").GetDouble());
        Json().GetProperty("shuffled_labels").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public void Warm_and_no_epoch_is_the_same_model()
    {
        Retrain("--warm", "--epochs", "0");
        var (given, made) = (OnnxModel.Load(world.File(WorldKit.Model)), OnnxModel.Load(Out));
        foreach (var tensor in given.Proto.Graph.Initializer)
            made.Graph.Constant(tensor.Name)!
                .Bytes()
                .ToArray()
                .ShouldBe(given.Graph.Constant(tensor.Name)!.Bytes().ToArray());
        Run(world.Rows(32)).ShouldBe(Run(world.Rows(32), given));
    }

    [Fact]
    public void Train_goes_on_from_the_values_in_the_file()
    {
        Retrain("--epochs", "6");
        var first = Json().GetProperty("epochs")[0].GetProperty("training_loss").GetDouble();
        var model = work.Path("first.onnx");
        File.Move(Out, model);
        var outcome = Workspace.Run(["train", model, .. world.Data, "--out", Out, "--epochs", "1"]);
        outcome.Code.ShouldBe(0, outcome.Error);
        outcome.Out.ShouldContain("Caveat: The fit starts from the values in the file");
        Json().GetProperty("epochs")[0].GetProperty("training_loss").GetDouble().ShouldBeLessThan(first - 0.02);
        Json().GetProperty("warm").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public void The_same_seed_gives_the_same_bytes_whatever_the_threads()
    {
        byte[] Bytes(string seed, string threads)
        {
            Retrain("--seed", seed, "--seeds", "3", "--epochs", "2", "--threads", threads);
            return File.ReadAllBytes(Out);
        }
        var one = Bytes("5", "1");
        var losses = Losses();
        Bytes("5", "2").ShouldBe(one);
        Losses().ShouldBe(losses);
        losses.Distinct().Count().ShouldBe(3);
        Bytes("6", "2").ShouldNotBe(one);
        // The seeds are counted on: the second of 5 is the first of 6.
        Losses()[0].ShouldBe(losses[1]);
        double[] Losses() =>
            [.. Json().GetProperty("fits").EnumerateArray().Select(f => f.GetProperty("validation_loss").GetDouble())];
    }

    [Fact]
    public void What_is_fitted_is_listed_with_caveats_and_can_be_corrected()
    {
        var text = Retrain("--epochs", "1");
        text.ShouldContain("table of a lookup; padding row 0 stays zero");
        text.ShouldContain("correct the list with --fit and --freeze");
        text.ShouldContain("Caveat: Dropout and other regularisers");
        Json().GetProperty("caveats").GetArrayLength().ShouldBeGreaterThan(0);
        Retrain("--epochs", "1", "--freeze", "mlp.0.weight").ShouldContain("frozen by request");
        OnnxModel
            .Load(Out)
            .Graph.Constant("mlp.0.weight")!
            .Bytes()
            .ToArray()
            .ShouldBe(OnnxModel.Load(world.File(WorldKit.Model)).Graph.Constant("mlp.0.weight")!.Bytes().ToArray());
        var scale = OnnxModel
            .Load(Out)
            .Proto.Graph.Initializer.First(t =>
                t.Name.StartsWith("net/", StringComparison.Ordinal) && t.Dims.Count == 1
            )
            .Name;
        Retrain("--epochs", "1", "--fit", scale).ShouldContain("fitted by request, from its values");
    }

    /// <summary>The new file needs nothing beside it, though the old one did.</summary>
    [Fact]
    public void A_model_with_external_data()
    {
        var folder = Directory.CreateDirectory(work.Path("external")).FullName;
        var model = OnnxModel.Load(world.File(WorldKit.Model));
        using (var data = File.Create(Path.Combine(folder, "weights.bin")))
            foreach (var tensor in model.Proto.Graph.Initializer.Where(t => t.DataType == 1))
            {
                var bytes = model.Graph.Constant(tensor.Name)!.Bytes().ToArray();
                tensor.ClearRawData();
                tensor.FloatData.Clear();
                tensor.DataLocation = TensorProto.Types.DataLocation.External;
                void Entry(string key, object value) =>
                    tensor.ExternalData.Add(new StringStringEntryProto { Key = key, Value = $"{value}" });
                Entry("location", "weights.bin");
                Entry("offset", data.Position);
                Entry("length", bytes.Length);
                data.Write(bytes);
            }
        var path = Path.Combine(folder, "model.onnx");
        File.WriteAllBytes(path, model.ToBytes());
        Retrain("--epochs", "1");
        var expected = Run(world.Rows(16));
        var outcome = Workspace.Run(["retrain", path, .. world.Data, "--out", Out, "--epochs", "1"]);
        outcome.Code.ShouldBe(0, outcome.Error);
        Run(world.Rows(16)).ShouldBe(expected);
    }

    [Theory]
    [InlineData(2, "The dictionary has no feature 'recensy'. Did you mean 'recency'?", "--drop", "recensy")]
    [InlineData(2, "no float initialiser 'nothing' to fit or freeze", "--freeze", "nothing")]
    [InlineData(2, "--margin is for --drop with --test", "--margin", "0.1")]
    [InlineData(2, "--margin 'wide' does not lie between 0 and 10", "--margin", "wide")]
    [InlineData(2, "adam", "--optimiser", "adagrad")]
    [InlineData(2, "--seeds '0' does not lie between 1 and 1024", "--seeds", "0")]
    [InlineData(
        2,
        "compares fits over --seeds of 3 or more",
        "--drop",
        "recency",
        "--test",
        "t.parquet",
        "--seeds",
        "2"
    )]
    [InlineData(3, "missing.parquet'", "--test", "missing.parquet")]
    [InlineData(2, "has no head 'nothing'", "--head", "nothing")]
    public void Wrong_usage_is_one_line(int code, string expected, params string[] args)
    {
        var outcome = Workspace.Run(["retrain", world.File(WorldKit.Model), .. world.Data, "--out", Out, .. args]);
        outcome.Code.ShouldBe(code, outcome.Error);
        var line = outcome.Error.TrimEnd('\n').Split('\n')[^1];
        line.ShouldStartWith("assay: ");
        line.ShouldContain(expected, Case.Sensitive);
        File.Exists(Out).ShouldBeFalse();
        Directory.EnumerateFiles(work.Folder, "*.partial").ShouldBeEmpty();
    }

    [Fact]
    public void A_model_as_poor_as_a_constant_sets_no_margin()
    {
        var outcome = Workspace.Run([
            "retrain",
            world.File(WorldKit.Model),
            .. world.Data,
            "--test",
            world.File(WorldKit.FileOf(WorldSplit.Holdout)),
            "--drop",
            "recency",
            "--out",
            Out,
        ]);
        outcome.Code.ShouldBe(2);
        outcome.Error.ShouldContain("no better than a constant's");
    }

    private string Out => work.Path("out.onnx");

    private JsonElement Json() => JsonDocument.Parse(File.ReadAllText(work.Path("out.json"))).RootElement;

    private string Retrain(params string[] more)
    {
        var outcome = Workspace.Run(["retrain", world.File(WorldKit.Model), .. world.Data, "--out", Out, .. more]);
        outcome.Code.ShouldBe(0, outcome.Error);
        return outcome.Out;
    }

    private byte[] Run(IReadOnlyDictionary<string, TensorData> feeds, OnnxModel? model = null)
    {
        using var session = Session.Open(model ?? OnnxModel.Load(Out));
        return session.Run(feeds, ["logit"])["logit"].Bytes().ToArray();
    }

    private static int Column(string numeric) =>
        WorldFeatures.All.Where(f => f.Kind == FeatureKind.Numeric).Select(f => f.Name).ToList().IndexOf(numeric);

    private static Dictionary<string, TensorData> Changed(
        IReadOnlyDictionary<string, TensorData> feeds,
        string input,
        int column
    )
    {
        var changed = new Dictionary<string, TensorData>(feeds);
        var tensor = feeds[input];
        var width = (int)tensor.Dims[1];
        var values = (Array)tensor.Values.Clone();
        for (var row = 0; row < tensor.Dims[0]; row++)
            if (values is long[] ids)
                ids[row * width + column] = 2 + (ids[row * width + column] + row) % 3;
            else
                ((float[])values)[row * width + column] += 1 + row;
        changed[input] = TensorData.Create(tensor.Type, tensor.Dims, values);
        return changed;
    }
}

/// <summary>The files of a world of 150 users, its model untrained.</summary>
public sealed class SmallWorld : IAsyncLifetime
{
    private readonly Workspace work = new();
    private readonly World world = World.Create(new WorldOptions { Seed = 4, Users = 150 });

    public string File(string name) => work.Path(name);

    /// <summary>The options every refit needs.</summary>
    public string[] Data =>
        [
            "--dictionary",
            File(WorldKit.Dictionary),
            "--train",
            File(WorldKit.FileOf(WorldSplit.Train)),
            "--valid",
            File(WorldKit.FileOf(WorldSplit.Explain)),
            "--label",
            WorldFiles.Label,
            "--cluster",
            WorldFiles.UserId,
            "--batch",
            "256",
        ];

    public IReadOnlyDictionary<string, TensorData> Rows(int count) =>
        WorldModel.Encode(world, world.RowsOf(WorldSplit.Holdout).AsSpan(0, count));

    public async ValueTask InitializeAsync() =>
        await WorldKit.WriteAsync(world, WorldModel.Build(world), work.Folder, TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync()
    {
        work.Dispose();
        return default;
    }
}
