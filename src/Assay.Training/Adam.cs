using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Assay.Training;

/// <summary>
/// Adam (Kingma and Ba, 2015) with decoupled weight decay, for one parameter. Rows of a table may be updated alone
/// ("lazily": rows that a batch does not look up keep their moments, and their decay is made up for when they are next
/// looked up or <see cref="Settle"/> is called).
/// </summary>
internal sealed class Adam(float[] parameter, int rowLength, TrainingOptions options, bool decays)
{
    private const int MostPowers = 1024;

    private readonly float[] first = new float[parameter.Length];
    private readonly float[] second = new float[parameter.Length];
    private readonly int[] decayedUntil = new int[rowLength == 0 ? 0 : parameter.Length / rowLength];
    private readonly float b1 = (float)options.Beta1;
    private readonly float b2 = (float)options.Beta2;
    private readonly float epsilon = (float)options.Epsilon;
    private int now;
    private float rootOfBias = 1;
    private float scale;
    private float kept = 1;
    private List<float> powers = [];

    /// <summary>Fixes the factors of one step.</summary>
    /// <param name="step">How many steps there have been, this one included.</param>
    /// <param name="rate">The step size.</param>
    public void Begin(int step, double rate)
    {
        now = step;
        rootOfBias = (float)Math.Sqrt(1 - Math.Pow(options.Beta2, step));
        scale = (float)(rate / (1 - Math.Pow(options.Beta1, step)));
        var keeps = decays ? (float)(1 - rate * options.WeightDecay) : 1f;
        if (keeps != kept)
            powers = [];
        kept = keeps;
    }

    /// <summary>Updates one row by its gradient.</summary>
    /// <param name="row">The row.</param>
    /// <param name="gradient">The gradient, <c>rowLength</c> long.</param>
    public void Update(int row, ReadOnlySpan<float> gradient)
    {
        var start = row * rowLength;
        var p = parameter.AsSpan(start, rowLength);
        var m = first.AsSpan(start, rowLength);
        var v = second.AsSpan(start, rowLength);
        CatchUp(row, p);
        // Element by element without sums, so the width of the vectors does not change a bit of the result.
        var done = Wide(p, m, v, gradient);
        if (p.Length - done >= Vector128<float>.Count)
            done += Half(p[done..], m[done..], v[done..], gradient[done..]);
        for (var i = done; i < p.Length; i++)
        {
            var g = gradient[i];
            m[i] = b1 * m[i] + (1 - b1) * g;
            v[i] = b2 * v[i] + (1 - b2) * g * g;
            p[i] = p[i] * kept - scale * m[i] / (MathF.Sqrt(v[i]) / rootOfBias + epsilon);
        }
    }

    /// <summary>Decays the rows that were not looked up lately as if each step had decayed them, at the present step size.</summary>
    /// <param name="frozen">Rows that stay.</param>
    public void Settle(IReadOnlyCollection<int> frozen)
    {
        if (kept == 1)
            return;
        for (var row = 0; row < decayedUntil.Length; row++)
            if (decayedUntil[row] < now && !frozen.Contains(row))
            {
                var p = parameter.AsSpan(row * rowLength, rowLength);
                TensorPrimitives.Multiply(p, MathF.Pow(kept, now - decayedUntil[row]), p);
                decayedUntil[row] = now;
            }
    }

    // The step itself decays once.
    private void CatchUp(int row, Span<float> p)
    {
        var missed = now - 1 - decayedUntil[row];
        if (missed > 0 && kept != 1)
            TensorPrimitives.Multiply(p, Kept(missed), p);
        decayedUntil[row] = now;
    }

    /// <summary>What so many steps' decay leaves; many rows miss the same number of steps.</summary>
    private float Kept(int steps)
    {
        for (var known = powers.Count; known <= Math.Min(steps, MostPowers); known++)
            powers.Add(MathF.Pow(kept, known));
        return steps < powers.Count ? powers[steps] : MathF.Pow(kept, steps);
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
                ps[i] * kept
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
        (Vector128.Create<float>(p) * kept - step).CopyTo(p);
        return Vector128<float>.Count;
    }
}
