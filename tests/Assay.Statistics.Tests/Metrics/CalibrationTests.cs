namespace Assay.Statistics.Tests.Metrics;

public class CalibrationTests
{
    // sklearn.calibration.calibration_curve, documentation example with three bins.
    private static readonly double[] Probabilities = [.1, .2, .3, .4, .65, .7, .8, .9, 1];
    private static readonly double[] Labels = [0, 0, 0, 0, 1, 1, 1, 1, 1];

    [Fact]
    public void The_curve_of_scikit_learn()
    {
        var bins = CalibrationError.EqualWidthBins(Probabilities, Labels, 3);
        double[] predicted = [.2, .525, .85],
            observed = [0, .5, 1];
        for (var i = 0; i < 3; i++)
        {
            bins[i].MeanPrediction.ShouldBe(predicted[i], 1e-15);
            bins[i].MeanLabel.ShouldBe(observed[i], 1e-15);
        }
        // By hand from that curve: (3·.2 + 2·.025 + 4·.15) / 9
        CalibrationError.EqualWidth(Probabilities, Labels, 3).ShouldBe(1.25 / 9, 1e-15);
    }

    [Fact]
    public void Equal_mass_by_hand()
    {
        // Thirds of three: means .2, .5833…, .9 against 0, ⅔, 1.
        var expected = (.2 + (2.0 / 3 - 1.75 / 3) + .1) / 3;
        CalibrationError.EqualMass(Probabilities, Labels, 3).ShouldBe(expected, 1e-15);
    }

    [Fact]
    public void Equal_probabilities_share_a_bin_in_any_order()
    {
        double[] p = [.5, .5, .5, .5, .9];
        CalibrationError.EqualMass(p, [1, 0, 0, 0, 1], 5).ShouldBe((4 * .25 + .1) / 5, 1e-15);
        CalibrationError.EqualMass(p, [0, 0, 0, 1, 1], 5).ShouldBe((4 * .25 + .1) / 5, 1e-15);
    }

    [Fact]
    public void In_the_large_is_positive_when_too_much_is_promised()
    {
        CalibrationError.InTheLarge([.5, .7], [0, 1]).ShouldBe(.1, 1e-15);
        CalibrationError.InTheLarge([.5, .7], [0, 1], [3, 1]).ShouldBe(.3, 1e-15);
        Should.Throw<ArgumentException>(() => CalibrationError.InTheLarge([1.2], [1]));
    }
}
