namespace Assay.Training;

/// <summary>How a graph is fitted.</summary>
public sealed record TrainingOptions
{
    /// <summary>The seed of the order of the rows.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Rows per step.</summary>
    public int BatchRows { get; init; } = 512;

    /// <summary>Passes over the rows at most; none leaves the starting values.</summary>
    public int Epochs { get; init; } = 12;

    /// <summary>Epochs without a better validation loss after which fitting stops.</summary>
    public int Patience { get; init; } = 2;

    /// <summary>How a gradient becomes a step.</summary>
    public Optimiser Optimiser { get; init; }

    /// <summary>Step size in the first epoch.</summary>
    public double LearningRate { get; init; } = 2e-3;

    /// <summary>What the step size is multiplied by after each epoch.</summary>
    public double LearningRateDecay { get; init; } = 1;

    /// <summary>
    /// Decoupled weight decay (Loshchilov and Hutter, 2019) of parameters with two dimensions or more: each step shrinks
    /// them by the step size times this, rows of a table also while they are not looked up.
    /// </summary>
    public double WeightDecay { get; init; }

    /// <summary>Adam's decay of the first moment.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Adam's decay of the second moment.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Adam's guard against division by zero.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Measures how long epochs take.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(BatchRows);
        ArgumentOutOfRangeException.ThrowIfNegative(Epochs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Patience);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(LearningRate);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(LearningRateDecay);
        ArgumentOutOfRangeException.ThrowIfNegative(WeightDecay);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(Beta1, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(Beta2, 1);
    }
}
