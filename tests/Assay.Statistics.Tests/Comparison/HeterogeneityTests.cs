namespace Assay.Statistics.Tests.Comparison;

public class HeterogeneityTests
{
    // Thirteen trials of the BCG vaccine (Colditz et al. 1994): ill and well, vaccinated and not.
    private static readonly (int A, int B, int C, int D)[] Trials =
    [
        (4, 119, 11, 128),
        (6, 300, 29, 274),
        (3, 228, 11, 209),
        (62, 13536, 248, 12619),
        (33, 5036, 47, 5761),
        (180, 1361, 372, 1079),
        (8, 2537, 10, 619),
        (505, 87886, 499, 87892),
        (29, 7470, 45, 7232),
        (17, 1699, 65, 1600),
        (186, 50448, 141, 27197),
        (5, 2493, 3, 2338),
        (27, 16886, 29, 17825),
    ];

    private static double[] LogRatios =>
        [.. Trials.Select(t => Math.Log((double)t.A / (t.A + t.B) / ((double)t.C / (t.C + t.D))))];

    private static double[] Errors =>
        [.. Trials.Select(t => Math.Sqrt(1.0 / t.A - 1.0 / (t.A + t.B) + 1.0 / t.C - 1.0 / (t.C + t.D)))];

    // R 4.2.2, metafor 3.8-1: d <- escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
    // r <- rma(yi, vi, data = d, method = "DL"); c(r$QE, r$QEp, r$I2 / 100, r$tau2, r$b, r$se); blup(r)$pred
    [Fact]
    public void The_vaccine_trials()
    {
        var found = Heterogeneity.Of(LogRatios, Errors)!;
        found.Q.ShouldBe(152.233008082, 5e-10);
        found.DegreesOfFreedom.ShouldBe(12);
        found.PValue.ShouldBe(1.99676459085e-26, 5e-37);
        found.ISquared.ShouldBe(0.921173468546, 5e-13);
        found.TauSquared.ShouldBe(0.308760262862, 5e-13);
        found.Mean.ShouldBe(-0.714117222073, 5e-13);
        found.StandardError.ShouldBe(0.178742089535, 5e-13);
        double[] shrunk = [-0.7993909732, -1.2485735687, -0.9844290133, -1.3972771874];
        for (var i = 0; i < shrunk.Length; i++)
            found.Shrink(LogRatios[i], Errors[i]).Estimate.ShouldBe(shrunk[i], 5e-11);
    }

    [Fact]
    public void Equal_estimates_are_shrunk_to_their_mean()
    {
        var found = Heterogeneity.Of([2, 2, 2], [0.5, 1, 2])!;
        (found.Q, found.ISquared, found.TauSquared, found.Mean).ShouldBe((0, 0, 0, 2));
        found.Shrink(3, 1).ShouldBe((2, 0));
    }

    // By hand: weights 1 and 1, mean 2, Q = 2·2² = 8, τ² = (8 − 1)/(2 − 1) = 7, so 7/8 of the difference is kept.
    [Fact]
    public void Two_estimates_by_hand()
    {
        var found = Heterogeneity.Of([0, double.NaN, 4], [1, 1, 1])!;
        found.Q.ShouldBe(8, 1e-12);
        found.TauSquared.ShouldBe(7, 1e-12);
        var (estimate, error) = found.Shrink(4, 1);
        estimate.ShouldBe(2 + 7.0 / 8 * 2, 1e-12);
        error.ShouldBe(Math.Sqrt(7.0 / 8), 1e-12);
    }

    [Fact]
    public void One_estimate_cannot_differ() => Heterogeneity.Of([1, double.NaN], [1, 1]).ShouldBeNull();
}
