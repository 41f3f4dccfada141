namespace Assay.Statistics.Tests.Metrics;

public class LogLossTests
{
    [Fact]
    public void The_example_of_scikit_learn()
    {
        // sklearn.metrics.log_loss, documentation example, run with 1.2.1
        double[] probabilities = [.9, .1, .2, .65];
        var logits = Array.ConvertAll(probabilities, p => Math.Log(p / (1 - p)));
        LogLoss.Of(logits, [1, 0, 0, 1]).ShouldBe(.21616187468057912, 1e-15);
    }

    [Theory]
    // softplus at far ends: log(1 + e^z) → z, e^z (Mächler, "Accurately computing log(1 − exp(−|a|))", 2012)
    [InlineData(1000, 0, 1000)]
    [InlineData(-1000, 1, 1000)]
    [InlineData(1000, 1, 0)]
    [InlineData(50, 1, 1.9287498479639178e-22)]
    [InlineData(-50, 0, 1.9287498479639178e-22)]
    [InlineData(0, 1, 0.6931471805599453)]
    [InlineData(0, .3, 0.6931471805599453)]
    [InlineData(double.PositiveInfinity, 1, 0)]
    [InlineData(double.NegativeInfinity, 1, double.PositiveInfinity)]
    public void Is_stable(double logit, double label, double loss)
    {
        if (double.IsInfinity(loss))
            LogLoss.OfLogit(logit, label).ShouldBe(loss);
        else
            LogLoss.OfLogit(logit, label).ShouldBe(loss, Math.Abs(loss) * 1e-14);
    }

    [Fact]
    public void Weights_and_rows()
    {
        var rows = new double[3];
        LogLoss.Rows([1, -2, .5], [1, 0, 0], rows);
        LogLoss.Of([1, -2, .5], [1, 0, 0], [2, 0, 1]).ShouldBe((2 * rows[0] + rows[2]) / 3, 1e-15);
        LogLoss.Of([], []).ShouldBe(double.NaN);
        Should.Throw<ArgumentException>(() => LogLoss.Of([1], [1, 0]));
        Should.Throw<ArgumentException>(() => LogLoss.Of([1], [1], [-1]));
    }
}
