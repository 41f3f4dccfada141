using System.Collections.Frozen;
using Assay.Gradients.Rules;

namespace Assay.Gradients;

/// <summary>The table of gradient rules. A rule is one row in one of the files under <c>Rules/</c>.</summary>
internal static class GradientRules
{
    /// <summary>All rows, in the order of their files.</summary>
    public static IReadOnlyList<GradientRule> All { get; } =
    [
        .. ElementwiseRules.Rows,
        .. TrigonometricRules.Rows,
        .. ActivationRules.Rows,
        .. GatedActivationRules.Rows,
        .. ReductionRules.Rows,
        .. ProductRules.Rows,
        .. EinsumRule.Rows,
        .. ConvolutionRules.Rows,
        .. PoolingRules.Rows,
        .. NormalisationRules.Rows,
        .. MovementRules.Rows,
        .. IndexingRules.Rows,
        .. ControlFlowRules.Rows,
        .. ConstantRules.Rows,
    ];

    private static readonly FrozenDictionary<string, GradientRule> ByOperator = All.ToFrozenDictionary(r => r.Operator);

    /// <summary>The rule of a standard operator, or null.</summary>
    public static GradientRule? Find(string operatorType) => ByOperator.GetValueOrDefault(operatorType);
}
