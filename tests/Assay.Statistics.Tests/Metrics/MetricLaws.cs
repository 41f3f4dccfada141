using CsCheck;

namespace Assay.Statistics.Tests.Metrics;

/// <summary>What must hold of every sample.</summary>
public class MetricLaws
{
    private static readonly Gen<(double Score, double Label)[]> Rows = Gen.Select(
        Gen.Int[-5, 5].Select(i => i / 2.0),
        Gen.Int[0, 1].Select(i => (double)i)
    ).Array[1, 30];

    [Fact]
    public void Turning_the_scores_around_turns_the_area_around() =>
        Rows.Sample(rows =>
        {
            var (scores, labels) = Split(rows);
            var turned = RocAuc.Of(Array.ConvertAll(scores, s => -s), labels);
            (RocAuc.Of(scores, labels) + turned).ShouldBeOneOf(
                1,
                double.NaN,
                Math.BitIncrement(1),
                Math.BitDecrement(1)
            );
        });

    [Fact]
    public void A_rising_map_of_the_scores_changes_no_ranking_metric() =>
        Rows.Sample(rows =>
        {
            var (scores, labels) = Split(rows);
            var mapped = Array.ConvertAll(scores, Math.Exp);
            RocAuc.Of(mapped, labels).ShouldBe(RocAuc.Of(scores, labels));
            Ndcg.Of(mapped, labels, 5).ShouldBe(Ndcg.Of(scores, labels, 5));
        });

    [Fact]
    public void Ndcg_lies_between_0_and_1_and_the_labels_rank_best() =>
        Rows.Sample(rows =>
        {
            var (scores, labels) = Split(rows);
            if (labels.Max() == 0)
                return;
            Ndcg.Of(scores, labels, 4).ShouldBeInRange(0, 1 + 1e-12);
            Ndcg.Of(labels, labels, 4).ShouldBe(1, 1e-14);
        });

    [Fact]
    public void Adjusted_p_values_keep_the_order_and_are_ordered_themselves() =>
        Gen.Double[0, 1]
            .Array[1, 20]
            .Sample(p =>
            {
                double[] fdr = MultipleTesting.BenjaminiHochberg(p),
                    dependent = MultipleTesting.BenjaminiYekutieli(p),
                    holm = MultipleTesting.Holm(p);
                for (var i = 0; i < p.Length; i++)
                {
                    fdr[i].ShouldBeInRange(p[i], 1);
                    dependent[i].ShouldBeInRange(fdr[i], 1);
                    holm[i].ShouldBeInRange(fdr[i], 1);
                    for (var j = 0; j < p.Length; j++)
                        (p[i] < p[j] && fdr[i] > fdr[j]).ShouldBeFalse();
                }
            });

    private static (double[] Scores, double[] Labels) Split((double Score, double Label)[] rows) =>
        (Array.ConvertAll(rows, r => r.Score), Array.ConvertAll(rows, r => r.Label));
}
