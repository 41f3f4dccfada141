using Assay.Onnx;
using static Assay.Attribution.Tests.Baselines.PooledModel;

namespace Assay.Attribution.Tests.Baselines;

/// <summary>
/// What each baseline means, against <see cref="PooledModel"/> worked out by hand: for the history as one feature (a bag) and
/// for each of its positions, under a path method and a method that replaces.
/// </summary>
public sealed class BaselineTests
{
    private const string Path = "integrated-gradients",
        Replacing = "feature-ablation";

    // One full, one padded, one empty history.
    private static readonly long[][] Histories =
    [
        [1, 2, 3],
        [2, 2, 0],
        [0, 0, 0],
    ];
    private static readonly float[] Numbers = [0.3f, -1.1f, 2];

    // Its masks are those of none of the rows.
    private static readonly long[] BaselineHistory = [3, 0, 1];
    private const float BaselineNumber = 0.6f;

    private static readonly long[][] SampleHistories =
    [
        [1, 0, 3],
        [2, 3, 3],
        [0, 0, 0],
        [3, 1, 0],
    ];
    private static readonly float[] SampleNumbers = [0.1f, 0.2f, -0.9f, 1.4f];

    public static TheoryData<string, bool> Cases =>
        new()
        {
            { Path, false },
            { Path, true },
            { Replacing, false },
            { Replacing, true },
        };

    [Theory, MemberData(nameof(Cases))]
    public void Zero_takes_what_is_looked_up_away_and_leaves_the_masks(string method, bool float64)
    {
        Check(
            method,
            float64,
            Baseline.Zero,
            bag: h => History(h, h),
            position: (h, k) => OfPosition(h, k, 0),
            number: 0,
            baselineTarget: _ => 0
        );
    }

    [Theory, MemberData(nameof(Cases))]
    public void Mean_is_the_mean_of_the_pooled_vector_of_a_bag_and_of_the_lookup_of_a_position(
        string method,
        bool float64
    )
    {
        var pooled = SampleHistories.Average(s => History(s, s));
        var looked = Enumerable.Range(0, Length).Select(k => SampleHistories.Average(s => Looked(s[k]))).ToArray();
        var number = SampleNumbers.Average(x => (double)x);
        Check(
            method,
            float64,
            Baseline.Mean(Feeds(SampleHistories, SampleNumbers)),
            bag: h => History(h, h) - pooled,
            position: (h, k) => OfPosition(h, k, looked[k]),
            number,
            // Of the bag as one feature; positions keep the row's masks.
            baselineTarget: _ => pooled + Number(number)
        );
    }

    [Theory, InlineData(false), InlineData(true)]
    public void Rows_leave_a_path_method_the_masks_of_the_row(bool float64) =>
        Check(
            Path,
            float64,
            Baseline.Rows(Feeds([BaselineHistory], [BaselineNumber])),
            bag: h => History(h, h) - History(BaselineHistory, h),
            position: (h, k) => OfPosition(h, k, Looked(BaselineHistory[k])),
            BaselineNumber,
            baselineTarget: h => History(BaselineHistory, h) + Number(BaselineNumber)
        );

    [Theory, InlineData(false), InlineData(true)]
    public void Rows_replace_inputs_for_ablation_and_the_model_makes_its_masks_again(bool float64) =>
        Check(
            Replacing,
            float64,
            Baseline.Rows(Feeds([BaselineHistory], [BaselineNumber])),
            bag: h => History(h, h) - History(BaselineHistory, BaselineHistory),
            position: (h, k) =>
            {
                long[] replaced = [.. h];
                replaced[k] = BaselineHistory[k];
                return History(h, h) - History(replaced, replaced);
            },
            BaselineNumber,
            baselineTarget: _ => History(BaselineHistory, BaselineHistory) + Number(BaselineNumber)
        );

    [Fact]
    public void A_baseline_may_have_a_row_for_each_row_explained()
    {
        float[] numbers = [1, 2, 3];
        var model = Load();
        using var explainer = Open(model, Path, Baseline.Rows(Feeds(Histories, numbers)), Bag, float64: true);
        var result = explainer.Explain(Feeds(Histories, Numbers));
        for (var r = 0; r < result.Rows; r++)
        {
            result.Attributions[2 * r].ShouldBe(0, 1e-12);
            result.Attributions[2 * r + 1].ShouldBe(Number(Numbers[r]) - Number(numbers[r]), 1e-12);
        }
    }

    [Fact]
    public void The_mean_counts_every_row_of_a_sample_larger_than_one_slice()
    {
        // 1 + … + n over n is (n + 1) / 2; n is no multiple of any batch or slice.
        const int n = 5003;
        var sample = Feeds(
            [.. Enumerable.Repeat(BaselineHistory, n)],
            [.. Enumerable.Range(1, n).Select(i => (float)i)]
        );
        using var explainer = Open(Load(), Path, Baseline.Mean(sample), Bag, float64: true);
        var result = explainer.Explain(Feeds([Histories[0]], [0]));
        // Relative: n terms of 2⁻⁵³ each.
        result.Attributions[1].ShouldBe(-Number((n + 1) / 2.0), 1e-9);
    }

    [Fact]
    public void A_sample_without_rows_or_with_uneven_ones_is_refused()
    {
        foreach (var sample in new[] { Feeds([], []), Feeds([BaselineHistory, BaselineHistory], [1]) })
            Should
                .Throw<AssayException>(() => Open(Load(), Path, Baseline.Mean(sample), Bag, false))
                .Message.ShouldContain("same number of rows");
    }

    // What a position that is not padding adds beyond its baseline, under the row's masks.
    private static double OfPosition(long[] h, int k, double baseline) =>
        h[k] > 0 ? (Looked(h[k]) - baseline) / Math.Max(1, h.Count(id => id > 0)) : 0;

    private static readonly IReadOnlyList<FeatureSlot> Bag =
    [
        new("history", [.. Enumerable.Range(0, Length).Select(k => new Gradients.InputElement("h", k))]),
        new("number", [new("x", 0)]),
    ];

    private static void Check(
        string method,
        bool float64,
        Baseline baseline,
        Func<long[], double> bag,
        Func<long[], int, double> position,
        double number,
        Func<long[], double> baselineTarget
    )
    {
        var model = Load();
        // Numbers of order 1: some tens of roundings of 2⁻²⁴ or 2⁻⁵³.
        var tolerance = float64 ? 1e-14 : 2e-6;
        using var whole = Open(model, method, baseline, Bag, float64);
        using var split = Open(model, method, baseline, FeatureSlot.FromInputs(model), float64);
        var (one, each) = (whole.Explain(Feeds(Histories, Numbers)), split.Explain(Feeds(Histories, Numbers)));
        for (var r = 0; r < Histories.Length; r++)
        {
            var h = Histories[r];
            var ofNumber = Number(Numbers[r]) - Number(number);
            var where = $"{method} {baseline.Name} row {r}";
            one.Attributions[2 * r].ShouldBe(bag(h), tolerance, where);
            one.Attributions[2 * r + 1].ShouldBe(ofNumber, tolerance, where);
            one.Target[r].ShouldBe(History(h, h) + Number(Numbers[r]), tolerance, where);
            one.BaselineTarget[r].ShouldBe(baselineTarget(h), tolerance, where);
            for (var k = 0; k < Length; k++)
                each.Attributions[4 * r + k].ShouldBe(position(h, k), tolerance, $"{where} position {k}");
            each.Attributions[4 * r + Length].ShouldBe(ofNumber, tolerance, where);
        }
    }

    private static Explainer Open(
        OnnxModel model,
        string method,
        Baseline baseline,
        IReadOnlyList<FeatureSlot> features,
        bool float64
    ) =>
        Explainer.Open(
            model,
            features,
            new ExplainSettings
            {
                Method = method,
                Baseline = baseline,
                Float64 = float64,
                Steps = 4,
            }
        );
}
