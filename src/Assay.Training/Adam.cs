namespace Assay.Training;

/// <summary>
/// Adam (Kingma and Ba, 2015) with decoupled weight decay, for one parameter. Rows of a table may be updated alone
/// ("lazily": rows that a batch does not look up keep parameter and moments).
/// </summary>
internal sealed class Adam(float[] parameter, int rowLength, TrainingOptions options, bool decays)
{
    private readonly float[] first = new float[parameter.Length];
    private readonly float[] second = new float[parameter.Length];

    /// <summary>Updates one row by its gradient.</summary>
    /// <param name="row">The row.</param>
    /// <param name="gradient">The gradient, <c>rowLength</c> long.</param>
    /// <param name="step">How many steps there have been, this one included.</param>
    /// <param name="rate">The step size.</param>
    public void Update(int row, ReadOnlySpan<float> gradient, int step, double rate)
    {
        var start = row * rowLength;
        var p = parameter.AsSpan(start, rowLength);
        var m = first.AsSpan(start, rowLength);
        var v = second.AsSpan(start, rowLength);
        float b1 = (float)options.Beta1,
            b2 = (float)options.Beta2,
            epsilon = (float)options.Epsilon;
        var rootOfBias = (float)Math.Sqrt(1 - Math.Pow(options.Beta2, step));
        var scale = (float)(rate / (1 - Math.Pow(options.Beta1, step)));
        var kept = decays ? (float)(1 - rate * options.WeightDecay) : 1f;
        for (var i = 0; i < p.Length; i++)
        {
            var g = gradient[i];
            m[i] = b1 * m[i] + (1 - b1) * g;
            v[i] = b2 * v[i] + (1 - b2) * g * g;
            p[i] = p[i] * kept - scale * m[i] / (MathF.Sqrt(v[i]) / rootOfBias + epsilon);
        }
    }
}
