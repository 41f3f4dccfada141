namespace Assay.Gradients.Tests;

public class OperatorTableTests
{
    [Fact]
    public void The_page_of_operators_is_that_of_the_rule_table()
    {
        var page = Path.Combine(Root(), "docs", "operators.md");
        if (Environment.GetEnvironmentVariable("ASSAY_UPDATE_DOCS") == "1")
            File.WriteAllText(page, OperatorTable.Markdown());
        File.ReadAllText(page)
            .ShouldBe(
                OperatorTable.Markdown(),
                "docs/operators.md is stale: run these tests once with ASSAY_UPDATE_DOCS=1."
            );
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Assay.slnx")))
            folder = folder.Parent ?? throw new InvalidOperationException("No Assay.slnx above the tests.");
        return folder.FullName;
    }
}
