namespace Assay.Attribution.Layers;

/// <summary>What a unit does over some rows.</summary>
public enum UnitState
{
    /// <summary>It varies as it should.</summary>
    Working,

    /// <summary>A ReLU that is never active: always 0.</summary>
    Dead,

    /// <summary>Before an activation that lets negative numbers through (PReLU, GELU, …) it is never positive.</summary>
    AlwaysNegative,

    /// <summary>A ReLU or its kin that is never negative: it only passes on a linear function.</summary>
    AlwaysActive,

    /// <summary>A sigmoid or tanh that lies within 1 % of a bound in 99 % of the rows.</summary>
    Saturated,

    /// <summary>It has the same value in all rows.</summary>
    Constant,
}

/// <summary>Counts of one unit's values.</summary>
internal sealed class UnitTally
{
    // |tanh z| or |2σ(z) − 1| above 0.98.
    private const double SigmoidBound = 4.6;
    private const double TanhBound = 2.3;

    private long count;
    private long positive;
    private long beyondSigmoid;
    private long beyondTanh;
    private double least = double.PositiveInfinity;
    private double most = double.NegativeInfinity;
    private double sum;

    /// <summary>The mean value.</summary>
    public double Mean => count == 0 ? 0 : sum / count;

    /// <summary>Takes one value, and what stood before the activation.</summary>
    public void Add(double before, double value)
    {
        count++;
        sum += value;
        if (before > 0)
            positive++;
        if (Math.Abs(before) > SigmoidBound)
            beyondSigmoid++;
        if (Math.Abs(before) > TanhBound)
            beyondTanh++;
        (least, most) = (Math.Min(least, value), Math.Max(most, value));
    }

    /// <summary>What the unit is, given its activation.</summary>
    public UnitState State(string? activation)
    {
        var isConstant = most - least <= 1e-9 * Math.Max(1e-30, Math.Abs(most));
        return activation switch
        {
            "Relu" when positive == 0 => UnitState.Dead,
            _ when isConstant => UnitState.Constant,
            "Sigmoid" when beyondSigmoid >= 0.99 * count => UnitState.Saturated,
            "Tanh" or "Softsign" when beyondTanh >= 0.99 * count => UnitState.Saturated,
            "Relu" or "PRelu" or "LeakyRelu" or "Elu" or "Selu" or "Celu" when positive == count =>
                UnitState.AlwaysActive,
            "PRelu" or "LeakyRelu" or "Elu" or "Selu" or "Celu" or "Gelu" or "Swish" or "Mish" when positive == 0 =>
                UnitState.AlwaysNegative,
            _ => UnitState.Working,
        };
    }
}
