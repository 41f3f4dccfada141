using Assay.Onnx;

namespace Assay.Studies.Tests;

/// <summary>The sheet goes out, is filled in, and comes back as what was written.</summary>
public sealed class WorkshopTests(FinishedRun finished) : IClassFixture<FinishedRun>
{
    private const string Idle = "### finding: idle/permutation_auc/permutation/overall=all";

    private string Sheet => Path.Combine(finished.Result.Folder, "workshop.md");

    private string Filled(string heading, string field, string value)
    {
        var lines = File.ReadAllLines(Sheet).ToList();
        var at = lines.FindIndex(lines.IndexOf(heading), l => l == $"- {field}:");
        lines[at] += " " + value;
        return finished.World.Folder.File("filled.md", string.Join('\n', lines));
    }

    [Fact]
    public void An_empty_sheet_has_nothing_to_read() =>
        Should
            .Throw<AssayException>(() => Annotations.Annotate(finished.Result.Folder))
            .Message.ShouldEndWith("has nothing filled in; write behind the colons, then run this again.");

    [Fact]
    public void What_is_filled_in_comes_back_and_is_kept()
    {
        var run = finished.World.Run("annotated").Folder;
        var read = Annotations.Annotate(run, Filled(Idle, "note", "As expected: nobody fills it in."));
        read.Items.Count.ShouldBe(1);
        read.Items[0].Kind.ShouldBe("finding");
        read.Items[0].Field("note").ShouldBe("As expected: nobody fills it in.");
        Annotations.Read(run).Items[0].Fields.ShouldBe(read.Items[0].Fields);
        // The card of the same run, made again, carries it; the filled-in sheet of a run stays as it is.
        File.Copy(finished.World.Folder["filled.md"], Path.Combine(run, "workshop.md"), overwrite: true);
        finished.World.Run("annotated");
        File.ReadAllText(Path.Combine(run, "card.md")).ShouldContain("*Note: As expected: nobody fills it in.*");
        File.ReadAllText(Path.Combine(run, "workshop.md"))
            .ShouldBe(File.ReadAllText(finished.World.Folder["filled.md"]));
    }

    [Fact]
    public void A_decision_on_an_action_is_read_back_and_shown()
    {
        var study = finished.World.With(
            "- {id: permutation, groups: [goods]}",
            "- {id: conditional-permutation}\nsensitive: [product]"
        );
        var run = finished.World.Run("decided", study: study).Folder;
        const string id = "### decision: review_sensitive_reliance/product";
        var lines = File.ReadAllLines(Path.Combine(run, "workshop.md")).ToList();
        var at = lines.FindIndex(lines.IndexOf(id), l => l == "- decision:");
        lines[at] += " It may stay.";
        File.WriteAllLines(Path.Combine(run, "workshop.md"), lines);
        Annotations.Annotate(run).Of("review_sensitive_reliance/product")!.Field("decision").ShouldBe("It may stay.");
        finished.World.Run("decided", study: study);
        File.ReadAllText(Path.Combine(run, "card.md"))
            .ShouldContain("- Decision review_sensitive_reliance/product: decision: It may stay.\n");
    }

    [Fact]
    public void Mistakes_are_named_with_their_line()
    {
        string Error(string text) =>
            Should
                .Throw<AssayException>(() =>
                    Annotations.Annotate(finished.Result.Folder, finished.World.Folder.File("wrong.md", text))
                )
                .Message;
        Error("# A\n### finding: idel\n- note: x").ShouldContain("wrong.md, line 2: the run has no finding 'idel'");
        Error("### question: 1\n- anser: x")
            .ShouldEndWith("line 2: a question has no field 'anser'; it has answer and owner. Did you mean 'answer'?");
        Error("### decision: retire_feature/idel\n")
            .ShouldContain("line 1: the run proposes no action 'retire_feature/idel'");
        Error("### decison: 1\n").ShouldContain("Did you mean 'decision'?");
        Error("### question: 1\n- answer: x\n- answer: y")
            .ShouldEndWith("line 3: 'answer' was filled in above already; keep one");
        Error("### question: 1\n- answer: x\n### question: 1\n- answer: y").ShouldContain("line 3: question '1'");
    }
}
