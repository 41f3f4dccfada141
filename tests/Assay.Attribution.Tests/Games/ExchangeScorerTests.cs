using Assay.Attribution.Tests.Reference;
using Assay.Gradients;
using Assay.Onnx;
using Assay.Tests;
using Shouldly;

namespace Assay.Attribution.Tests.Games;

/// <summary>Rows with exchanged features have the scores of the rows written out.</summary>
public class ExchangeScorerTests
{
    public static TheoryData<string> Models => RealCase.Models;

    [Theory, MemberData(nameof(Models))]
    public void Scores_are_those_of_the_rows_written_out(string model)
    {
        var real = ReferenceCase.Open(model);
        var features = real.Slots(real.Method("feature_ablation").Features);
        using var exchanges = ExchangeScorer.TryOpen(real.Model, features, null, Space.Logit).ShouldNotBeNull();
        using var plain = Scorer.Open(real.Model, null, Space.Logit);
        // Every row's donor is the next row.
        var count = (int)real.Rows.Values.First().Dims[0];
        var order = Enumerable.Range(0, count).Select(r => (r + 1) % count).ToArray();
        var donors = new Runtime.RowBatch().Take(real.Rows, order, count);
        int[][] sets = [.. features.Select((_, f) => new[] { f }), [0, 3, 5], [.. Enumerable.Range(0, features.Count)]];
        var scores = exchanges.Score(real.Rows, donors, sets).ShouldNotBeNull();
        var scale = plain.Score(real.Rows).Max(Math.Abs);
        for (var s = 0; s < sets.Length; s++)
        {
            var rows = sets[s].Aggregate(real.Rows, (rows, f) => RowsOfInputs.With(rows, features[f], donors));
            var expected = plain.Score(rows);
            for (var r = 0; r < count; r++)
                scores[s][r].ShouldBe(expected[r], 1e-5 * scale, $"set {s}, row {r}");
        }
    }
}
