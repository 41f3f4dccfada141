namespace Assay.Gradients.Tests;

/// <summary>Every rule against central finite differences in double precision.</summary>
public class RuleTests
{
    internal static readonly Case[] All =
    [
        .. ElementwiseCases.Rows,
        .. ActivationCases.Rows,
        .. ReductionCases.Rows,
        .. ProductCases.Rows,
        .. ConvolutionCases.Rows,
        .. NormalisationCases.Rows,
        .. MovementCases.Rows,
        .. IndexingCases.Rows,
        .. ControlFlowCases.Rows,
        .. ConstantCases.Rows,
    ];

    public static TheoryData<string> Labels => [.. All.Select(c => c.Label)];

    [Theory]
    [MemberData(nameof(Labels))]
    public void Agrees_with_finite_differences(string label) => CaseCheck.Run(All.Single(c => c.Label == label));

    // The older forms of these have cases of their own.
    private static readonly string[] FormChanged = ["Squeeze", "Unsqueeze", "Split", "Dropout", "Gather"];

    public static TheoryData<string, int> OtherOpsets =>
        [
            .. All.Where(c => c.Opset == 17 && !FormChanged.Contains(c.Operator))
                .Where(c => GradientRules.Find(c.Operator)!.Gradient is not null)
                .GroupBy(c => c.Operator)
                .Select(g => g.First())
                .SelectMany(c =>
                    new[] { GradientRules.Find(c.Operator)!.Since, 21 }
                        .Where(o => o != 17)
                        .Select(o => new TheoryDataRow<string, int>(c.Label, o))
                ),
        ];

    [Theory]
    [MemberData(nameof(OtherOpsets))]
    public void Holds_from_its_first_opset_on(string label, int opset) =>
        CaseCheck.RunAt(All.Single(c => c.Label == label), opset);

    [Fact]
    public void Every_rule_has_a_case() =>
        GradientRules.All.Select(r => r.Operator).Except(All.Select(c => c.Operator)).ShouldBeEmpty();

    [Fact]
    public void Every_operator_has_one_rule() => GradientRules.All.Select(r => r.Operator).ShouldBeUnique();
}
