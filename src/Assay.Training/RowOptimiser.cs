using System.Numerics.Tensors;

namespace Assay.Training;

/// <summary>
/// Takes the steps of one parameter, with decoupled weight decay. Rows of a table may be updated alone ("lazily": rows that
/// a batch does not look up stay as they are, and their decay is made up for when they are next looked up or
/// <see cref="Settle"/> is called).
/// </summary>
internal abstract class RowOptimiser(float[] parameter, int rowLength, TrainingOptions options, bool decays)
{
    private const int MostPowers = 1024;

    private readonly int[] decayedUntil = new int[rowLength == 0 ? 0 : parameter.Length / rowLength];
    private int now;
    private List<float> powers = [];

    /// <summary>What one step's decay leaves.</summary>
    protected float Kept { get; private set; } = 1;

    /// <summary>The optimiser that the options name.</summary>
    /// <param name="parameter">The numbers, updated in place.</param>
    /// <param name="rowLength">Numbers in a row.</param>
    /// <param name="options">How.</param>
    /// <param name="decays">Whether weights decay.</param>
    public static RowOptimiser Of(float[] parameter, int rowLength, TrainingOptions options, bool decays) =>
        options.Optimiser == Optimiser.Sgd
            ? new Sgd(parameter, rowLength, options, decays)
            : new Adam(parameter, rowLength, options, decays);

    /// <summary>Fixes the factors of one step.</summary>
    /// <param name="step">How many steps there have been, this one included.</param>
    /// <param name="rate">The step size.</param>
    public virtual void Begin(int step, double rate)
    {
        now = step;
        var keeps = decays ? (float)(1 - rate * options.WeightDecay) : 1f;
        if (keeps != Kept)
            powers = [];
        Kept = keeps;
    }

    /// <summary>Updates one row by its gradient.</summary>
    /// <param name="row">The row.</param>
    /// <param name="gradient">The gradient, <c>rowLength</c> long.</param>
    public void Update(int row, ReadOnlySpan<float> gradient)
    {
        var p = parameter.AsSpan(row * rowLength, rowLength);
        // The step itself decays once.
        var missed = now - 1 - decayedUntil[row];
        if (missed > 0 && Kept != 1)
            TensorPrimitives.Multiply(p, Left(missed), p);
        decayedUntil[row] = now;
        Step(row * rowLength, p, gradient);
    }

    /// <summary>Decays the rows that were not looked up lately as if each step had decayed them, at the present step size.</summary>
    /// <param name="frozen">Rows that stay.</param>
    public void Settle(IReadOnlyCollection<int> frozen)
    {
        if (Kept == 1)
            return;
        for (var row = 0; row < decayedUntil.Length; row++)
            if (decayedUntil[row] < now && !frozen.Contains(row))
            {
                var p = parameter.AsSpan(row * rowLength, rowLength);
                TensorPrimitives.Multiply(p, Left(now - decayedUntil[row]), p);
                decayedUntil[row] = now;
            }
    }

    /// <summary>Moves numbers, which start at <paramref name="start"/> of the parameter, and decays them once.</summary>
    protected abstract void Step(int start, Span<float> p, ReadOnlySpan<float> gradient);

    /// <summary>What so many steps' decay leaves; many rows miss the same number of steps.</summary>
    private float Left(int steps)
    {
        for (var known = powers.Count; known <= Math.Min(steps, MostPowers); known++)
            powers.Add(MathF.Pow(Kept, known));
        return steps < powers.Count ? powers[steps] : MathF.Pow(Kept, steps);
    }
}
