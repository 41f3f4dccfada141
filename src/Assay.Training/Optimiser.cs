namespace Assay.Training;

/// <summary>How a gradient becomes a step.</summary>
public enum Optimiser
{
    /// <summary>Adam (Kingma and Ba, 2015): steps of about the step size, whatever the gradient's scale.</summary>
    Adam,

    /// <summary>Plain stochastic gradient descent: the step size times the gradient.</summary>
    Sgd,
}
