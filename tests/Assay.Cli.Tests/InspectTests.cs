namespace Assay.Cli.Tests;

public sealed class InspectTests : IDisposable
{
    private readonly Workspace work = new();

    public void Dispose() => work.Dispose();

    [Fact]
    public void Shows_what_a_model_is_made_of()
    {
        var text = Workspace.Run("inspect", work.Model("fm.onnx", Models.Fm())).ShouldSucceed();
        text.ShouldContain("fm.onnx: opset 13, IR 8, 19 parameters");
        text.ShouldContain("ids    int64  [batch, 3]");
        text.ShouldContain("click  [batch]  the logit of this probability  yes");
        text.ShouldContain("ids[0..2]  by lookup in 'table', 2 wide; by lookup in 'linear', 1 wide");
        text.ShouldMatch("Methods that work: .*feature-ablation.*gradient-times-input");
    }

    [Fact]
    public void Names_the_operator_without_a_rule_and_what_still_works()
    {
        var text = Workspace.Run("inspect", work.Model("hard.onnx", Models.WithoutRule())).ShouldSucceed();
        text.ShouldMatch(@"LpPool +1  no");
        text.ShouldMatch("No gradients of 'score': .*n_hard.* has no gradient rule");
        text.ShouldMatch("Methods that work on every head: .*feature-ablation");
    }

    [Fact]
    public void Drafts_a_dictionary_that_can_be_read_back()
    {
        var draft = work.Path("features.yaml");
        Workspace.Run("inspect", work.Model("m.onnx", Models.Linear()), "--draft", draft).ShouldSucceed();
        Studies.FeatureDictionary.Load(draft).Features.Select(f => f.Name).ShouldBe(["x[0]", "x[1]", "x[2]"]);
    }

    [Fact]
    public void A_draft_completed_by_hand_is_not_overwritten()
    {
        var draft = work.Text("features.yaml", "features: [mine]");
        Workspace
            .Run("inspect", work.Model("m.onnx", Models.Linear()), "--draft", draft)
            .ShouldFail(2)
            .ShouldContain("completed by hand");
        File.ReadAllText(draft).ShouldBe("features: [mine]");
    }

    [Fact]
    public void An_unwritable_draft_is_a_failure() =>
        Workspace
            .Run("inspect", work.Model("m.onnx", Models.Linear()), "--draft", work.Path("none/features.yaml"))
            .Error.ShouldStartWith("assay: Cannot write");
}
