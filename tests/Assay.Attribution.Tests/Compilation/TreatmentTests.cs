using Assay.Attribution.Compilation;
using Assay.Attribution.Tests.Baselines;
using Assay.Attribution.Tests.Reference;
using Assay.Gradients;
using Assay.Onnx;
using Assay.Tests;

namespace Assay.Attribution.Tests.Compilation;

/// <summary>
/// A treated model is the model of which some features are moved where they enter: against the untouched model fed with
/// the moved values where feeding can move them, against the formula of a small model where it cannot.
/// </summary>
public sealed class TreatmentTests
{
    private static readonly Dictionary<string, string> NoPedigree = [];
    private static readonly long[][] Histories =
    [
        [1, 2, 0],
        [3, 0, 0],
        [2, 2, 1],
    ];

    public static TheoryData<string> Models => RealCase.Models;

    // At a raw zero baseline a number that is suppressed is a number fed as 0, whatever head is asked.
    [Theory, MemberData(nameof(Models))]
    public void A_suppressed_number_is_one_fed_as_its_baseline(string name)
    {
        var real = ReferenceCase.Open(name);
        var input = real.Model.Graph.Inputs.First(i => ElementTypes.IsFloat(i.ElementType()));
        var feature = FeatureSlot.FromInputs(real.Model).First(f => f.Elements[0].Input == input.Name);
        var fed = new Dictionary<string, TensorData>(real.Rows);
        var moved = (float[])fed[input.Name].Values.Clone();
        for (var at = feature.Elements[0].Element; at < moved.Length; at += moved.Length / (int)fed[input.Name].Dims[0])
            moved[at] = 0;
        fed[input.Name] = TensorData.From(moved, fed[input.Name].Dims);
        Same(
            new BareRun(Treated(real.Model, Baseline.Zero, (feature.Name, 0))).Run(real.Rows),
            new BareRun(real.Model).Run(fed)
        );
    }

    // Ids without masks: what a lookup returns at the baseline's row is what the row's id would make it return.
    [
        Theory,
        InlineData("dlrm"),
        InlineData("deepfm_seed1"),
        InlineData("dcn_v2_seed1"),
        InlineData("mmoe_noloop"),
        InlineData("wide_deep")
    ]
    public void A_feature_suppressed_to_a_row_is_one_fed_with_its_values(string name)
    {
        var real = ReferenceCase.Open(name);
        var baseline = Agreement.Take(real.Rows, 1);
        var features = FeatureSlot.FromInputs(real.Model);
        var repeated = RowsOfInputs.Repeated(baseline, real.Model.Graph.Inputs, (int)real.Rows.First().Value.Dims[0]);
        foreach (var feature in new[] { features[0], features.Last(f => f.Elements[0].Input != "history") })
            Same(
                new BareRun(Treated(real.Model, Baseline.Rows(baseline), (feature.Name, 0))).Run(real.Rows),
                new BareRun(real.Model).Run(RowsOfInputs.With(real.Rows, feature, repeated))
            );
    }

    [Theory, MemberData(nameof(Models))]
    public void Emphasis_of_one_is_the_model_and_of_zero_is_suppression(string name)
    {
        var real = ReferenceCase.Open(name);
        var feature = FeatureSlot.FromInputs(real.Model)[0].Name;
        var mean = Baseline.Mean(real.Rows);
        Same(
            new BareRun(Treated(real.Model, mean, (feature, 1))).Run(real.Rows),
            new BareRun(real.Model).Run(real.Rows)
        );
        using var explained = new ExplainedModel(
            real.Model,
            FeatureSlot.FromInputs(real.Model),
            new ExplainSettings { Method = "gradient-times-input", Baseline = mean }
        );
        var present = explained.All(1);
        present[0] = 0;
        var treated = Treated(real.Model, mean, (feature, 0));
        using var scorer = Scorer.Open(treated, null, Space.Logit);
        scorer.Score(real.Rows).ShouldBe(explained.Target(real.Rows, present), 1e-5);
    }

    // The pooled model is linear in what is looked up and in x, under the row's own masks.
    [Theory, InlineData(0.0), InlineData(0.5), InlineData(1.0), InlineData(2.5), InlineData(-1.0)]
    public void A_scaled_history_adds_as_much_as_its_scale(double scale)
    {
        float[] x = [0.5f, -2, 3];
        var rows = PooledModel.Feeds(Histories, x);
        var history = new FeatureSlot("history", [new("h", 0), new("h", 1), new("h", 2)]);
        FeatureSlot[] features = [history, new("x", [new("x", 0)])];
        var settings = new ExplainSettings { Method = "gradient-times-input" };
        var scales = new Dictionary<string, double> { ["history"] = scale };
        var model = ModelCompiler.Rescale(PooledModel.Load(), features, settings, scales, NoPedigree);
        using var bare = new BareRun(model);
        var logits = bare.Run(rows)["logit"].ToDoubles();
        for (var r = 0; r < logits.Length; r++)
            logits[r]
                .ShouldBe(scale * PooledModel.History(Histories[r], Histories[r]) + PooledModel.Number(x[r]), 1e-6);
    }

    [Fact]
    public void One_position_is_scaled_and_the_others_stay()
    {
        float[] x = [0.5f, -2, 3];
        var model = Treated(PooledModel.Load(), Baseline.Zero, ("h[1]", 3));
        using var bare = new BareRun(model);
        var logits = bare.Run(PooledModel.Feeds(Histories, x))["logit"].ToDoubles();
        for (var r = 0; r < logits.Length; r++)
        {
            var ids = Histories[r];
            var own = ids[1] > 0 ? PooledModel.Looked(ids[1]) / ids.Count(i => i > 0) : 0;
            logits[r].ShouldBe(PooledModel.History(ids, ids) + 2 * own + PooledModel.Number(x[r]), 1e-6);
        }
    }

    [Fact]
    public void A_file_says_what_was_scaled()
    {
        var model = Treated(PooledModel.Load(), Baseline.Zero, ("x", 0), ("h[0]", 1.5));
        using var bare = new BareRun(model);
        bare.Metadata["assay.kind"].ShouldBe("treatment");
        bare.Metadata["assay.scales"].ShouldBe("""{"x":0,"h[0]":1.5}""");
        model.Graph.Outputs.Select(o => o.Name).ShouldBe(["logit"]);
    }

    [Fact]
    public void An_unknown_feature_or_scale_is_refused()
    {
        var error = Should.Throw<AssayException>(() => Treated(PooledModel.Load(), Baseline.Zero, ("y", 0)));
        (error.Fault, error.Message).ShouldBe((Fault.Usage, "There is no feature 'y'; there are h[0], h[1], h[2], x."));
        Should
            .Throw<AssayException>(() => Treated(PooledModel.Load(), Baseline.Zero, ("x", double.NaN)))
            .Fault.ShouldBe(Fault.Usage);
    }

    private static OnnxModel Treated(
        OnnxModel model,
        Baseline baseline,
        params (string Feature, double Scale)[] scales
    ) =>
        ModelCompiler.Rescale(
            model,
            FeatureSlot.FromInputs(model),
            new ExplainSettings { Method = "gradient-times-input", Baseline = baseline },
            scales.ToDictionary(s => s.Feature, s => s.Scale),
            NoPedigree
        );

    private static void Same(
        IReadOnlyDictionary<string, TensorData> actual,
        IReadOnlyDictionary<string, TensorData> expected
    )
    {
        actual.Keys.ShouldBe(expected.Keys);
        foreach (var (name, values) in expected)
            actual[name].ToDoubles().ShouldBe(values.ToDoubles(), 1e-5, name);
    }
}
