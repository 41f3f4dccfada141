using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Assay.Training;

/// <summary>Adam (Kingma and Ba, 2015); rows that are not looked up keep their moments.</summary>
internal sealed class Adam(float[] parameter, int rowLength, TrainingOptions options, bool decays)
    : RowOptimiser(parameter, rowLength, options, decays)
{
    private readonly TrainingOptions chosen = options;
    private readonly float[] first = new float[parameter.Length];
    private readonly float[] second = new float[parameter.Length];
    private readonly float b1 = (float)options.Beta1;
    private readonly float b2 = (float)options.Beta2;
    private readonly float epsilon = (float)options.Epsilon;
    private float rootOfBias = 1;
    private float scale;

    public override void Begin(int step, double rate)
    {
        base.Begin(step, rate);
        rootOfBias = (float)Math.Sqrt(1 - Math.Pow(chosen.Beta2, step));
        scale = (float)(rate / (1 - Math.Pow(chosen.Beta1, step)));
    }

    protected override void Step(int start, Span<float> p, ReadOnlySpan<float> gradient)
    {
        var m = first.AsSpan(start, p.Length);
        var v = second.AsSpan(start, p.Length);
        // Element by element without sums, so the width of the vectors does not change a bit of the result.
        var done = Wide(p, m, v, gradient);
        if (p.Length - done >= Vector128<float>.Count)
            done += Half(p[done..], m[done..], v[done..], gradient[done..]);
        for (var i = done; i < p.Length; i++)
        {
            var g = gradient[i];
            m[i] = b1 * m[i] + (1 - b1) * g;
            v[i] = b2 * v[i] + (1 - b2) * g * g;
            p[i] = p[i] * Kept - scale * m[i] / (MathF.Sqrt(v[i]) / rootOfBias + epsilon);
        }
    }

    private int Wide(Span<float> p, Span<float> m, Span<float> v, ReadOnlySpan<float> gradient)
    {
        var ps = MemoryMarshal.Cast<float, Vector<float>>(p);
        var ms = MemoryMarshal.Cast<float, Vector<float>>(m);
        var vs = MemoryMarshal.Cast<float, Vector<float>>(v);
        var gs = MemoryMarshal.Cast<float, Vector<float>>(gradient);
        for (var i = 0; i < ps.Length; i++)
        {
            var g = gs[i];
            var mean = b1 * ms[i] + (1 - b1) * g;
            var square = b2 * vs[i] + (1 - b2) * g * g;
            ms[i] = mean;
            vs[i] = square;
            ps[i] =
                ps[i] * Kept
                - scale
                    * mean
                    / (Vector.SquareRoot(square) / new Vector<float>(rootOfBias) + new Vector<float>(epsilon));
        }
        return ps.Length * Vector<float>.Count;
    }

    // Embeddings are short: half a vector is often all that is left.
    private int Half(Span<float> p, Span<float> m, Span<float> v, ReadOnlySpan<float> gradient)
    {
        var g = Vector128.Create(gradient);
        var mean = b1 * Vector128.Create<float>(m) + (1 - b1) * g;
        var square = b2 * Vector128.Create<float>(v) + (1 - b2) * g * g;
        mean.CopyTo(m);
        square.CopyTo(v);
        var step = scale * mean / (Vector128.Sqrt(square) / Vector128.Create(rootOfBias) + Vector128.Create(epsilon));
        (Vector128.Create<float>(p) * Kept - step).CopyTo(p);
        return Vector128<float>.Count;
    }
}
