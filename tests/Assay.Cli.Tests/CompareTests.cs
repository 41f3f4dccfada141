namespace Assay.Cli.Tests;

/// <summary><c>assay compare</c>: what it refuses.</summary>
public sealed class CompareTests : IDisposable
{
    private readonly Workspace at = new();

    public void Dispose() => at.Dispose();

    [Fact]
    public void Mistakes_are_said_in_one_line()
    {
        Workspace.Run("compare", at.Path("a")).ShouldFail(2);
        Workspace.Run("compare", at.Path("a"), at.Path("b")).ShouldFail(3).ShouldContain("assay study");
        Workspace
            .Run("compare", at.Path("a"), at.Path("b"), "--null", at.Path("c"))
            .ShouldFail(2)
            .ShouldContain("at least two");
    }
}
