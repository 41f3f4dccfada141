using Assay.Onnx;
using Assay.Runtime;
using Assay.Statistics;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Training.Tests;

public sealed class RetrainingTests
{
    private const int Ids = 20;

    // norm.mean and norm.inv scale a raw number; table, w, b, slope and v are fitted; the head is a probability.
    private static OnnxModel Network()
    {
        var (model, emit) = Graphs.New();
        var graph = model.Graph;
        graph.AddInput(ValueInfos.Tensor("id", DataType.Int64, "batch"));
        graph.AddInput(ValueInfos.Tensor("x", DataType.Float, "batch", 1));
        graph.SetInitialiser("norm.mean", TensorData.From([3f], 1));
        graph.SetInitialiser("norm.inv", TensorData.From([0.5f], 1));
        var table = Initialisation.Normal(9, "old table", 1, Ids, 4);
        table.Span<float>()[..4].Clear();
        graph.SetInitialiser("table", table);
        graph.SetInitialiser("w", Initialisation.Normal(9, "old w", 1, 8, 5));
        graph.SetInitialiser("b", Initialisation.Normal(9, "old b", 1, 8));
        graph.SetInitialiser("slope", TensorData.From([0.1f], 1));
        graph.SetInitialiser("v", Initialisation.Normal(9, "old v", 1, 8, 1));
        graph.SetInitialiser("other", Initialisation.Normal(9, "other", 1, 8, 1));
        var number = emit.Mul(emit.Sub("x", "norm.mean"), "norm.inv");
        var joined = emit.Concat([emit.Gather("table", "id"), number], 1);
        var hidden = emit.Node("PRelu", [emit.Node("Gemm", [joined, "w", "b"], ("transB", 1L)), "slope"]);
        emit.Named("probability", "Sigmoid", [emit.MatMul(hidden, "v")]);
        emit.Named("second", "Sigmoid", [emit.MatMul(hidden, "other")]);
        graph.AddOutput(ValueInfos.Tensor("probability", DataType.Float, "batch", 1));
        graph.AddOutput(ValueInfos.Tensor("second", DataType.Float, "batch", 1));
        return model;
    }

    /// <summary>Labels whose log-odds are ±1.5 by the parity of the id plus the number; id 0 is padding.</summary>
    private static TrainingRows Rows(int count, ulong seed)
    {
        var random = new CounterRandom(seed, "rows");
        var (ids, x, y) = (new long[count], new float[count], new float[count]);
        for (var i = 0; i < count; i++)
        {
            ids[i] = random.NextInt(Ids);
            x[i] = (float)(3 + 2 * random.NextNormal());
            y[i] = random.NextBool(1 / (1 + Math.Exp(-((ids[i] % 2 == 0 ? 1.5 : -1.5) + (x[i] - 3) / 2)))) ? 1 : 0;
        }
        return new TrainingRows(
            new Dictionary<string, TensorData>
            {
                ["id"] = TensorData.From(ids, count),
                ["x"] = TensorData.From(x, count, 1),
            },
            y
        );
    }

    private static RetrainOptions Options(ulong seed = 1) =>
        new()
        {
            Seed = seed,
            Training = new TrainingOptions
            {
                BatchRows = 128,
                Epochs = 12,
                LearningRate = 0.01,
            },
        };

    private static RetrainResult Fit(OnnxModel model, RetrainOptions options) =>
        Retraining.Run(
            model,
            Rows(4000, 1),
            Rows(1000, 2),
            options,
            cancellation: TestContext.Current.CancellationToken
        );

    [Fact]
    public void What_training_fitted_is_told_from_what_was_written_down()
    {
        var kinds = Retraining.Parameters(Network()).ToDictionary(p => p.Name, p => (p.Trained, p.Kind));
        kinds["table"].ShouldBe((true, ParameterKind.Table));
        kinds["w"].ShouldBe((true, ParameterKind.Weight));
        kinds["b"].ShouldBe((true, ParameterKind.Bias));
        kinds["slope"].ShouldBe((true, ParameterKind.Slope));
        kinds["v"].ShouldBe((true, ParameterKind.Weight));
        foreach (var constant in new[] { "norm.mean", "norm.inv", "other" })
            kinds[constant].ShouldBe((false, ParameterKind.Constant));
    }

    /// <summary>The embedding of numbers: one vector for each, which ones would make equal and large.</summary>
    [Fact]
    public void Vectors_that_numbers_are_multiplied_by_start_as_tables_do()
    {
        var (model, emit) = Graphs.New();
        model.Graph.AddInput(ValueInfos.Tensor("x", DataType.Float, "batch", 2));
        model.Graph.SetInitialiser("vectors", Initialisation.Normal(9, "old", 1, 2, 4));
        var each = emit.Mul(emit.Reshape("x", 0, 2, 1), "vectors");
        emit.Named("logit", "ReduceSum", [each, emit.Int64s(1, 2)], ("keepdims", 0L));
        model.Graph.AddOutput(ValueInfos.Tensor("logit", DataType.Float, "batch"));
        var parameter = Retraining.Parameters(model).Single(p => p.Name == "vectors");
        (parameter.Trained, parameter.Kind).ShouldBe((true, ParameterKind.Vectors));
        var start = Parameters.Restart.Of(parameter, model.Graph.Constant("vectors")!, 1, 0.01).ToDoubles();
        start.ShouldAllBe(v => Math.Abs(v) < 0.05);
    }

    [Fact]
    public void The_list_can_be_corrected()
    {
        var list = Retraining.Parameters(Network(), new RetrainOptions { Train = ["norm.inv"], Freeze = ["b"] });
        list.Single(p => p.Name == "norm.inv").Trained.ShouldBeTrue();
        list.Single(p => p.Name == "b").Trained.ShouldBeFalse();
        Should
            .Throw<AssayException>(() => Retraining.Parameters(Network(), new RetrainOptions { Freeze = ["no"] }))
            .Message.ShouldContain("'no'");
    }

    /// <summary>The planted log-odds have an AUC of about .87; the untrained file's is chance.</summary>
    [Fact]
    public void A_refit_learns_the_rows_and_leaves_everything_else()
    {
        var model = Network();
        var before = model.ToBytes();
        var result = Fit(model, Options());
        model.ToBytes().ShouldBe(before);
        foreach (var constant in new[] { "norm.mean", "norm.inv", "other" })
            Values(result.Model, constant).ShouldBe(Values(model, constant));
        Values(result.Model, "table")[..4].ShouldBe([0, 0, 0, 0]);
        Values(result.Model, "table")[4..8].ShouldNotBe(Values(model, "table")[4..8]);
        result.Model.Graph.Nodes.Count.ShouldBe(model.Graph.Nodes.Count);
        var test = Rows(4000, 3);
        double Auc(double[] scores) => RocAuc.Of(scores, Array.ConvertAll(test.Labels, l => (double)l));
        var logits = Retraining.Logits(result.Model, null, test.Feeds);
        Auc(logits).ShouldBeGreaterThan(0.82);
        // The file itself, in the plain runtime, gives the probabilities of these log-odds.
        using var session = Session.Open(OnnxModel.Load(result.Model.ToBytes()));
        var p = session.Run(test.Feeds)["probability"].ToDoubles();
        for (var i = 0; i < p.Length; i++)
            p[i].ShouldBe(1 / (1 + Math.Exp(-logits[i])), 1e-5);
        result.Caveats.ShouldContain(c => c.Contains("Dropout"));
        result.Caveats.ShouldContain(c => c.Contains("2 outputs"));
    }

    [Fact]
    public void Without_an_epoch_the_starting_values_stay()
    {
        var none = Options() with { Training = new TrainingOptions { Epochs = 0 } };
        var warm = Fit(Network(), none with { Warm = true });
        (warm.BestEpoch, warm.Epochs.Count).ShouldBe((0, 0));
        foreach (var p in warm.Parameters)
            Values(warm.Model, p.Name).ShouldBe(Values(Network(), p.Name));
        var cold = Fit(Network(), none);
        Values(cold.Model, "b").ShouldAllBe(v => v == 0);
        Values(cold.Model, "slope").ShouldBe([0.25f]);
        Values(cold.Model, "w").ShouldNotBe(Values(Network(), "w"));
    }

    [Fact]
    public void Going_on_from_the_values_in_the_file_starts_at_their_loss()
    {
        var first = Fit(Network(), Options());
        var more = Fit(first.Model, Options(seed: 2) with { Warm = true });
        more.Epochs[0].Training.ShouldBeLessThan(first.Epochs[0].Training - 0.02);
        more.Caveats.ShouldContain(c => c.Contains("starts from the values in the file"));
    }

    /// <summary>
    /// Oracle: moments of the values behind the normalisation, which start at mean 0 and variance 1 whatever the file's
    /// running statistics are (Salimans and Kingma, 2016, §3).
    /// </summary>
    [Fact]
    public void Batch_normalisation_starts_from_the_data_and_its_caveats_say_so()
    {
        var model = Normalised();
        var none = Options() with { Training = new TrainingOptions { Epochs = 0 } };
        var result = Fit(model, none);
        var behind = result.Model.Clone();
        behind.Proto.Graph.Output.Clear();
        behind.Graph.AddOutput(ValueInfos.Tensor("behind", DataType.Float, null));
        behind.Graph.PruneUnreachable();
        using var session = Session.Open(behind);
        var rows = Rows(4000, 1).Feeds;
        var values = session.Run(new Dictionary<string, TensorData> { ["x"] = rows["x"] })["behind"].ToDoubles();
        foreach (var column in Enumerable.Range(0, 3).Select(c => values.Where((_, i) => i % 3 == c).ToArray()))
        {
            column.Average().ShouldBe(0, 1e-3);
            column.Average(v => v * v).ShouldBe(1, 1e-2);
        }
        foreach (var statistic in new[] { "mean", "variance" })
            Values(result.Model, statistic).ShouldBe(Values(model, statistic));
        result.Caveats.ShouldContain(c => c.Contains("running statistics of the file"));
        result.Caveats.ShouldContain(c => c.Contains("start from the data"));
        Fit(model, none with { Warm = true }).Caveats.ShouldNotContain(c => c.Contains("start from the data"));
    }

    private static OnnxModel Normalised()
    {
        var (model, emit) = Graphs.New();
        var graph = model.Graph;
        graph.AddInput(ValueInfos.Tensor("x", DataType.Float, "batch", 1));
        graph.SetInitialiser("w", Initialisation.Normal(9, "old w", 1, 1, 3));
        graph.SetInitialiser("scale", TensorData.From([5f, 6f, 7f], 3));
        graph.SetInitialiser("bias", TensorData.From([1f, 2f, 3f], 3));
        graph.SetInitialiser("mean", TensorData.From([0.5f, -4f, 2f], 3));
        graph.SetInitialiser("variance", TensorData.From([2f, 9f, 0.1f], 3));
        graph.SetInitialiser("v", Initialisation.Normal(9, "old v", 1, 3, 1));
        emit.Named("behind", "BatchNormalization", [emit.MatMul("x", "w"), "scale", "bias", "mean", "variance"]);
        emit.Named("logit", "MatMul", [emit.Node("Relu", ["behind"]), "v"]);
        graph.AddOutput(ValueInfos.Tensor("logit", DataType.Float, "batch", 1));
        return model;
    }

    [Fact]
    public void New_starting_values_do_not_depend_on_those_in_the_file()
    {
        var other = Network();
        other.Graph.SetInitialiser("v", Initialisation.Normal(77, "v", 3, 8, 1));
        Values(Fit(other, Options()).Model, "v").ShouldBe(Values(Fit(Network(), Options()).Model, "v"));
        Values(Fit(Network(), Options(seed: 2)).Model, "v").ShouldNotBe(Values(Fit(other, Options()).Model, "v"));
    }

    private static float[] Values(OnnxModel model, string name) => (float[])model.Graph.Constant(name)!.Values;
}
