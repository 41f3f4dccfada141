namespace Assay.Gradients.Tests;

public class OperatorTableTests
{
    [Fact]
    public void The_page_of_operators_is_that_of_the_rule_table() =>
        Checkout.ShouldBeFresh(Checkout.Path("docs", "operators.md"), OperatorTable.Markdown());
}
