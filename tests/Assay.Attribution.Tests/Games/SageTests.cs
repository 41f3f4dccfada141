using Assay.Attribution.Games;
using Assay.Statistics;
using Shouldly;

namespace Assay.Attribution.Tests.Games;

/// <summary>SAGE against the Shapley values of the mean loss itself, enumerated (Covert et al. 2020, their definition).</summary>
public class SageTests
{
    private const int Players = 9;
    private const int Rows = 600;

    private static double Number(int row, int k) => CounterRandom.NormalAt(2, (ulong)row, (ulong)k);

    private static double Logit(int row, bool[] s) =>
        s[0] && s[1] ? 1.5 * Number(row, 0) * Number(row, 1) + Own(row, s) : Own(row, s);

    // The last player is a dummy.
    private static double Own(int row, bool[] s) =>
        Enumerable.Range(0, Players - 1).Sum(k => s[k] ? 0.4 * Number(row, k) : 0);

    private static double Label(int row) => Number(row, 0) + Number(row, 2) + Number(row, 50) > 0 ? 1 : 0;

    private static double Loss(int row, double logit) => LogLoss.OfLogit(logit, Label(row));

    [Fact]
    public void Values_are_the_shapley_values_of_the_mean_loss()
    {
        var games = new FunctionGames(
            Players,
            [.. Enumerable.Range(0, Rows).Select(r => (Func<bool[], double>)(s => Logit(r, s)))]
        );
        var sage = SageValues.Of(games, Loss, [.. Enumerable.Range(0, Rows).Select(r => (ulong)r)], seed: 3);
        var truth = FunctionGames.Exact(Players, s => -Enumerable.Range(0, Rows).Average(r => Loss(r, Logit(r, s))));
        for (var p = 0; p < Players; p++)
            Math.Abs(sage.Values[p] - truth[p]).ShouldBeLessThanOrEqualTo(4 * sage.StandardErrors[p]);
        sage.Values[^1].ShouldBe(0);
        sage.Values.Sum().ShouldBe(sage.LossOfNobody - sage.LossOfAll, 1e-12);
        sage.LossOfNobody.ShouldBe(Math.Log(2), 1e-12);
        sage.Evaluations.ShouldAllBe(e => e <= 2 * Players);
    }
}
