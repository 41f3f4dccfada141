namespace Assay.Statistics.Tests.Metrics;

public class AucVarianceTests
{
    private const double Exact = 1e-13;

    private static AucPlacements OfMpg => AucPlacements.Of(OutsideData.Mpg, OutsideData.Manual);

    private static AucPlacements OfLightness =>
        AucPlacements.Of([.. OutsideData.Weight.Select(w => -w)], OutsideData.Manual);

    // R 4.2.2, pROC 1.18.0: a <- roc(mtcars$am, mtcars$mpg, direction = "<"); b <- roc(mtcars$am, -mtcars$wt, direction = "<")
    // auc(a); auc(b); var(a); var(b); cov(a, b); roc.test(a, b, method = "delong")
    [Fact]
    public void Correlated_areas_of_pROC()
    {
        var (mpg, light) = (OfMpg.ByRow(), OfLightness.ByRow());
        mpg.Auc.ShouldBe(0.82995951417004, Exact);
        light.Auc.ShouldBe(0.93319838056680, Exact);
        AucVariance.DeLong(OfMpg).ShouldBe(0.00598431743221856, 1e-15);
        AucVariance.DeLong(OfLightness).ShouldBe(0.00231477687262899, 1e-15);
        AucVariance.Covariance(mpg, light).ShouldBe(0.00293558691704867, 1e-15);
        AucVariance.Covariance(light, mpg).ShouldBe(0.00293558691704867, 1e-15);
        var z = (mpg.Auc - light.Auc) / Math.Sqrt(AucVariance.OfDifference(mpg, light));
        z.ShouldBe(-2.0952024765453, 1e-12);
        PValues.FromZ(z).ShouldBe(0.0361529972254, Exact);
    }

    // R 4.2.2, survival: the infinitesimal jackknife by cluster, every cluster with both classes; theirs lacks G/(G−1).
    // D <- sapply(c("spontaneous", "induced"), function(v) concordance(case ~ get(v), infert, influence = 1)$dfbeta)
    // crossprod(rowsum(D, infert$stratum)) * 83/82; its diagonal without the factor is concordance(…, cluster = stratum)$var
    [Fact]
    public void Clustered_areas_of_survival()
    {
        var spontaneous = OfStrata(OutsideData.Spontaneous);
        var induced = OfStrata(OutsideData.Induced);
        spontaneous.Auc.ShouldBe(0.695217232566630, Exact);
        induced.Auc.ShouldBe(0.508981380065717, Exact);
        AucVariance.Clustered(spontaneous).ShouldBe(0.001289188456075399, 1e-15);
        AucVariance.Clustered(induced).ShouldBe(0.001018889354283581, 1e-15);
        AucVariance.Covariance(spontaneous, induced).ShouldBe(-0.000762532289245833, 1e-15);
        AucVariance.OfDifference(spontaneous, induced).ShouldBe(0.00383314238885065, 1e-15);
    }

    // R, pROC as above on infert, its rows taken as independent: DeLong's values differ from those by cluster.
    [Fact]
    public void The_same_areas_by_row()
    {
        var spontaneous = AucPlacements.Of(OutsideData.Spontaneous, OutsideData.Case).ByRow();
        var induced = AucPlacements.Of(OutsideData.Induced, OutsideData.Case).ByRow();
        AucVariance.Clustered(spontaneous).ShouldBe(0.001104987281954387, 1e-15);
        AucVariance.Covariance(spontaneous, induced).ShouldBe(-0.000452651258516774, 1e-15);
        var z = (spontaneous.Auc - induced.Auc) / Math.Sqrt(AucVariance.OfDifference(spontaneous, induced));
        z.ShouldBe(3.28471706237341, 1e-12);
    }

    [Fact]
    public void A_score_does_not_differ_from_itself_and_strangers_are_refused()
    {
        var mpg = OfMpg.ByRow();
        AucVariance.OfDifference(mpg, mpg).ShouldBe(0);
        AucVariance.Covariance(mpg, mpg).ShouldBe(AucVariance.Clustered(mpg));
        var other = AucPlacements.Of(OutsideData.Mpg, [.. OutsideData.Manual.Reverse()]).ByRow();
        Should
            .Throw<ArgumentException>(() => AucVariance.Covariance(mpg, other))
            .Message.ShouldBe(
                "The two AUCs must be of the same rows in the same clusters: the weights of a cluster differ."
            );
        Should.Throw<ArgumentException>(() => AucVariance.OfDifference(mpg, new AucClusterSums(.5, 3)));
    }

    private static AucClusterSums OfStrata(double[] scores) =>
        AucPlacements.Of(scores, OutsideData.Case).ByCluster(OutsideData.Stratum, 83);
}
