namespace Assay.Studies.Tests;

/// <summary>Multinomial logistic regression.</summary>
public sealed class SoftmaxTests
{
    // Where arrays lie in memory decides which of their elements share a vector: no result may depend on it.
    [Fact]
    public void Sure_units_leave_the_others_alone_wherever_the_arrays_lie()
    {
        const int n = 203;
        var label = Enumerable.Range(0, n).Select(i => i % 2).ToArray();
        // One unit in 37 is thousands of standard deviations away: its probability underflows.
        var far = Enumerable.Range(0, n).Select(i => Math.Sin(i) + label[i] + (i % 37 == 0 ? -1e5 : 0)).ToArray();
        var near = Enumerable.Range(0, n).Select(i => Math.Sin(i) + label[i]).ToArray();
        var model = Softmax.Fit(new Design([near], n), label, 2);
        var kept = new List<byte[]>();
        var outcomes = new HashSet<string>();
        for (var offset = 1; offset <= 64; offset++)
        {
            kept.Add(new byte[8 * (offset % 8 + 1)]);
            var p = model.Probabilities(new Design([far], n));
            outcomes.Add(string.Join(' ', p.SelectMany(c => c).Select(BitConverter.DoubleToInt64Bits)));
        }
        outcomes.Count.ShouldBe(1);
        GC.KeepAlive(kept);
    }
}
