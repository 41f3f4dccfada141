using Assay.Tests;

namespace Assay.Gradients.Tests;

public class OperatorTableTests
{
    private static readonly Case[] Forms =
    [
        .. RuleTests.All.Where(c => GradientRules.Find(c.Operator)!.Gradient is not null),
    ];

    [Fact]
    public void The_page_of_operators_is_that_of_the_rule_table() =>
        Checkout.ShouldBeFresh(
            Checkout.Path("docs", "operators.md"),
            OperatorTable.Markdown(WorstErrors.Recorded(), Forms.Length, Forms.Count(c => c.Order > 1))
        );

    // Last digits differ from processor to processor: only the bounds are held against the run.
    [Fact]
    public void Worst_errors_are_recorded_for_every_operator_and_within_bounds()
    {
        var recorded = WorstErrors.Recorded();
        foreach (var (name, (first, second)) in WorstErrors.Measure())
        {
            recorded.ShouldContainKey(name);
            new[] { first, recorded[name].First }.ShouldAllBe(e => e < CaseCheck.FirstOrder, name);
            new[] { second, recorded[name].Second }.ShouldAllBe(
                e => double.IsNaN(e) || e < CaseCheck.SecondOrder,
                name
            );
        }
    }
}
