using Assay.Attribution;
using Assay.Gradients;
using Assay.Onnx;
using Assay.Statistics;
using Assay.Training;

namespace Assay.Studies.Tests;

/// <summary>The graph with a cross: the given model's logit, to which the pair's effect is added, and nothing else.</summary>
public sealed class CrossedModelTests
{
    private const int Rows = 256;

    // Ids with ids, ids with numbers in both orders, numbers with numbers, a large vocabulary whose rare ids share a level.
    private static readonly (string A, string B)[] Pairs =
    [
        ("department", "day_of_week"),
        ("product", "price"),
        ("recency_type_days", "income"),
        ("price", "discount_rate"),
    ];

    private sealed record Case(
        OnnxModel Model,
        DictionaryBinding Binding,
        IReadOnlyDictionary<string, TensorData> Feeds
    )
    {
        public static Case Of(string name)
        {
            var model = OnnxModel.Load(RealCase.Model(name));
            var binding = FeatureDictionary.Load($"{RealCase.Folder}/models/{name}.features.json").Bind(model);
            var source = DataSource.FromFile($"{RealCase.Folder}/data/test.parquet");
            return new(model, binding, InputAssembler.Read(source, binding, 0, Rows));
        }

        public double[] Values(CrossCoding of) =>
            new TrialRows(new LabelledRows(Feeds, new float[Rows], [])).Values(of.Feature);

        public CrossCoding Coding(string feature, int most = 6)
        {
            var bound = Binding.Feature(feature);
            return new CrossCoding(
                bound,
                new TrialRows(new LabelledRows(Feeds, new float[Rows], [])).Values(bound),
                most
            );
        }

        public OnnxModel Crossed(CrossCoding a, CrossCoding b, double[]? effects = null, string? head = null) =>
            CrossedModel.From(Model, head, a, b, CrossedModel.FirstRow(Binding.Features.Select(f => f.Entry)), effects);

        /// <summary>What the table says of each row.</summary>
        public double[] Effects(CrossCoding a, CrossCoding b, double[] effects) =>
            [.. a.Of(Values(a)).Zip(b.Of(Values(b)), (i, j) => (double)(float)effects[i * b.Levels + j])];
    }

    private static double[] SomeEffects(CrossCoding a, CrossCoding b)
    {
        var random = new CounterRandom(1, "effects");
        return [.. Enumerable.Range(0, a.Levels * b.Levels).Select(_ => random.NextNormal())];
    }

    [Theory]
    [MemberData(nameof(RealCase.Models), MemberType = typeof(RealCase))]
    public void A_table_of_zeros_changes_no_bit_and_any_other_is_added_to_the_logit(string name)
    {
        var real = Case.Of(name);
        var before = Retraining.Logits(real.Model, null, real.Feeds);
        foreach (var (first, second) in Pairs)
        {
            var (a, b) = (real.Coding(first), real.Coding(second));
            Retraining.Logits(real.Crossed(a, b), null, real.Feeds).ShouldBe(before, $"{first}*{second}");
            var effects = SomeEffects(a, b);
            var crossed = OnnxModel.Load(real.Crossed(a, b, effects).ToBytes());
            ModelVerifier.Check(crossed).ShouldBeEmpty();
            var after = Retraining.Logits(crossed, null, real.Feeds);
            var added = real.Effects(a, b, effects);
            for (var i = 0; i < Rows; i++)
                after[i].ShouldBe(before[i] + added[i], 2e-6 * (1 + Math.Abs(before[i]) + Math.Abs(added[i])));
        }
    }

    [Fact]
    public void Only_the_head_that_is_named_gets_the_cross()
    {
        var real = Case.Of("mmoe");
        string[] heads = [.. real.Model.Graph.Outputs.Select(o => o.Name)];
        heads.Length.ShouldBeGreaterThan(1);
        var (a, b) = (real.Coding("department"), real.Coding("price"));
        var crossed = real.Crossed(a, b, SomeEffects(a, b), heads[1]);
        Retraining.Logits(crossed, heads[0], real.Feeds).ShouldBe(Retraining.Logits(real.Model, heads[0], real.Feeds));
        var (before, after) = (
            Retraining.Logits(real.Model, heads[1], real.Feeds),
            Retraining.Logits(crossed, heads[1], real.Feeds)
        );
        var added = real.Effects(a, b, SomeEffects(a, b));
        for (var i = 0; i < Rows; i++)
            after[i].ShouldBe(before[i] + added[i], 1e-5);
    }

    [Theory]
    [InlineData("deepfm_seed1")]
    [InlineData("wide_deep")]
    public void Gradient_methods_share_the_cross_between_its_two_features(string name)
    {
        // t(a) · h(b) along the straight line from 0: each of the two gets half of the pair's effect (Sundararajan et al. 2017,
        // symmetry); as integrated gradients is linear in the model, no other feature's attribution moves.
        var real = Case.Of(name);
        Explanation Explain(OnnxModel model)
        {
            using var explainer = Explainer.Open(
                model,
                real.Binding.Slots,
                new ExplainSettings
                {
                    Method = "integrated-gradients",
                    At = EntryPoint.Preprocessed,
                    Steps = 8,
                }
            );
            return explainer.Explain(real.Feeds);
        }
        var features = real.Binding.Features.Count;
        var before = Explain(real.Model);
        foreach (var (first, second) in Pairs)
        {
            var (a, b) = (real.Coding(first), real.Coding(second));
            var effects = SomeEffects(a, b);
            var after = Explain(real.Crossed(a, b, effects));
            var added = real.Effects(a, b, effects);
            for (var row = 0; row < Rows; row++)
            for (var f = 0; f < features; f++)
            {
                var isOwn = real.Binding.Features[f].Entry.Name is var n && (n == first || n == second);
                var moved = after.Attributions[row * features + f] - before.Attributions[row * features + f];
                moved.ShouldBe(isOwn ? added[row] / 2 : 0, 2e-4, $"{first}*{second}, {n}, row {row}");
            }
        }
    }

    [Fact]
    public void Of_what_is_added_a_refit_fits_the_table_alone()
    {
        var real = Case.Of("deepfm_seed1");
        var given = Retraining.Parameters(real.Model).ToDictionary(p => p.Name);
        foreach (var (first, second) in Pairs)
        {
            var (a, b) = (real.Coding(first), real.Coding(second));
            var all = Retraining.Parameters(real.Crossed(a, b));
            var added = all.Where(p => !given.ContainsKey(p.Name)).ToArray();
            added.Where(p => p.Trained).Select(p => p.Name).ShouldBe([CrossedModel.TableOf(a, b)]);
            foreach (var p in all.Except(added))
                (p.Trained, p.Kind).ShouldBe(
                    (given[p.Name].Trained, given[p.Name].Kind),
                    $"{first}*{second}: {p.Name}"
                );
        }
    }

    [Fact]
    public void A_list_is_refused_in_one_line()
    {
        var real = Case.Of("din");
        var list = real.Binding.Features.First(f => f.Entry.IsList);
        Should
            .Throw<AssayException>(() => new CrossCoding(list, [1, 2], 8))
            .Message.ShouldBe(
                $"'{list.Entry.Name}' has several values a row, and crosses are of single values; name another feature."
            );
    }
}
