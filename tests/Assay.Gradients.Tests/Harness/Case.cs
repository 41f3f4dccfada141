namespace Assay.Gradients.Tests;

/// <summary>One row of the rule tests: an operator in one form.</summary>
internal sealed record Case(string Operator, params Operand[] Inputs)
{
    public int Opset { get; init; } = 17;

    public (string Name, object Value)[] Attributes { get; init; } = [];

    /// <summary>Outputs of the operator; the gradient of a weighted sum of the used ones is checked.</summary>
    public int Outputs { get; init; } = 1;

    public int[] Used { get; init; } = [0];

    /// <summary>Whether the output is an integer or a truth value: it is cast to a float before it is summed.</summary>
    public bool Discrete { get; init; }

    /// <summary>How often the rule can be differentiated: the operators it emits must have rules themselves.</summary>
    public int Order { get; init; } = 2;

    /// <summary>Part of the error that the rule must give where shapes are unknown; null where it needs none.</summary>
    public string? NeedsShapes { get; init; }

    /// <summary>Whether the rule needs sizes, not only ranks, and so refuses symbolic ones too.</summary>
    public bool NeedsSizes { get; init; }

    /// <summary>What sets this case apart from others of its operator.</summary>
    public string Form { get; init; } = "";

    public string Label => $"{Operator} {Form} opset {Opset}".Replace("  ", " ", StringComparison.Ordinal);

    public Case With(params (string, object)[] attributes) => this with { Attributes = attributes };

    public Case At(int opset) => this with { Opset = opset };

    public Case Named(string form) => this with { Form = form };

    public override string ToString() => Label;
}
