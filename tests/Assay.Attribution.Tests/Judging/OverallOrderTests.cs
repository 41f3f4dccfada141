using Assay.Attribution.Judging;

namespace Assay.Attribution.Tests.Judging;

/// <summary>The overall order by hand.</summary>
public sealed class OverallOrderTests
{
    private static readonly Measure[] Ranking = [.. Measure.All.Where(m => m.Ranks)];

    // The same number in every measure, the better the higher it is, a little noise by row.
    private static Entry Of(string id, double level, double noise = 0.01)
    {
        var settings = new ExplainSettings { Method = "feature-ablation" };
        var entry = new Entry(new Contestant(id, [], settings), []);
        foreach (var measure in Ranking)
            entry.Rows[measure] =
            [
                .. Enumerable
                    .Range(0, 10)
                    .Select(r => (measure.HigherIsBetter ? level : -level) + noise * (r % 2 == 0 ? 1 : -1)),
            ];
        return entry;
    }

    [Fact]
    public void The_best_has_1_the_control_0_and_what_is_worse_stands_below_it()
    {
        List<Entry> entries =
        [
            Of("worse", -1, 0.02),
            Of(Judgement.Control, 0),
            Of("best", 4, 0.02),
            Of("half", 2, 0.02),
        ];
        OverallOrder.Sort(entries).ShouldBeEmpty();
        entries.Select(e => e.Id).ShouldBe(["best", "half", Judgement.Control, "worse"]);
        entries.Select(e => e.Score).ShouldBe([1, 0.5, 0, -0.25], 1e-12);
    }

    [Fact]
    public void A_measure_that_tells_nothing_is_left_out()
    {
        var (control, method) = (Of(Judgement.Control, 0), Of("method", 1));
        // Ten rows that differ by ±1 around 0.1: two standard errors are 0.67.
        method.Rows[Ranking[0]] = [.. Enumerable.Range(0, 10).Select(r => r % 2 == 0 ? 1.1 : -0.9)];
        control.Rows[Ranking[0]] = new double[10];
        List<Entry> entries = [control, method];
        OverallOrder.Sort(entries).ShouldBe([Ranking[0].Id]);
        entries[0].Score.ShouldBe(1, 1e-12);
    }

    [Fact]
    public void Nobody_has_more_than_1_where_the_best_mean_is_the_noisiest()
    {
        var (control, noisy) = (Of(Judgement.Control, 0), Of("noisy", 0));
        foreach (var measure in Ranking)
            noisy.Rows[measure] =
            [
                .. Enumerable.Range(0, 10).Select(r => (measure.HigherIsBetter ? 1 : -1) * (r % 2 == 0 ? 9.0 : -6)),
            ];
        List<Entry> entries = [Of("sure", 1, 0.02), control, noisy];
        OverallOrder.Sort(entries).ShouldBeEmpty();
        entries[0].Id.ShouldBe("noisy");
        entries[0].Score.ShouldBe(1, 1e-12);
    }
}
