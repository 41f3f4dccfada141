using System.Numerics.Tensors;

namespace Assay.Training;

/// <summary>Plain stochastic gradient descent (Robbins and Monro, 1951).</summary>
internal sealed class Sgd(float[] parameter, int rowLength, TrainingOptions options, bool decays)
    : RowOptimiser(parameter, rowLength, options, decays)
{
    private float rate;

    public override void Begin(int step, double rate)
    {
        base.Begin(step, rate);
        this.rate = (float)rate;
    }

    protected override void Step(int start, Span<float> p, ReadOnlySpan<float> gradient)
    {
        if (Kept != 1)
            TensorPrimitives.Multiply(p, Kept, p);
        for (var i = 0; i < p.Length; i++)
            p[i] -= rate * gradient[i];
    }
}
