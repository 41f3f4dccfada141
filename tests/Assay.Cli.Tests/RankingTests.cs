using System.Text.Json;

namespace Assay.Cli.Tests;

/// <summary>Pairs and lists on the command line, of the linear model: score = 2a − 3b + 0.5c + 0.25.</summary>
public sealed class RankingTests : IDisposable
{
    private readonly Workspace work = new();

    public void Dispose() => work.Dispose();

    private const string Dictionary = """
        features:
          - { feature: a, kind: numeric, input: x, column: 0 }
          - { feature: b, kind: numeric, input: x, column: 1 }
          - { feature: c, kind: numeric, input: x, column: 2 }
        """;

    // Scores 2.25, −0.75 (list p); 0.75, 1.25, −5.75 (list q); 0.25 (list r). c is the same within lists.
    private const string Rows = """
        list,clicked,a,b,c
        p,1,1,0,0
        p,0,1,1,0
        q,0,0,0,1
        q,1,0.25,0,1
        q,0,0,2.1667,1
        r,0,0,0,0
        """;

    private Outcome Run(params string[] options) =>
        Workspace.Run([
            "explain",
            work.Model("linear.onnx", Models.Linear()),
            "--dictionary",
            work.Text("f.yaml", Dictionary),
            "--data",
            work.Text("rows.csv", Rows.Replace("\r", "") + "\n"),
            "--format",
            "jsonl",
            .. options,
        ]);

    private static JsonElement[] Lines(Outcome outcome)
    {
        outcome.Code.ShouldBe(0, outcome.Error);
        return [.. outcome.Out.TrimEnd('\n').Split('\n').Select(l => JsonDocument.Parse(l).RootElement)];
    }

    private static double Share(JsonElement row, string feature) =>
        row.GetProperty("attributions").GetProperty(feature).GetDouble();

    // Rows 0 and 1 differ in b alone: −3 · (0 − 1).
    [Theory, InlineData("swap", "shapley"), InlineData("difference", "shapley"), InlineData("difference", "saliency")]
    public void Why_one_row_is_above_another(string contrast, string method)
    {
        var row = Lines(Run("--rows", "0..1", "--against", "1", "--method", method, "--contrast", contrast)).Single();
        Share(row, "b").ShouldBe(method == "saliency" ? 0 : 3, 1e-6);
        Share(row, "a").ShouldBe(0, 1e-6);
        Share(row, "c").ShouldBe(0, 1e-6);
    }

    // With b at 0 the list p ties: NDCG@1 is ½ then, 1 as it is; a and c are the same in both.
    [Fact]
    public void The_ndcg_of_a_list_is_shared_among_features()
    {
        var lists = Lines(
            Run(
                "--rows",
                "0..3",
                "--list",
                "list",
                "--list-target",
                "ndcg@1",
                "--label",
                "clicked",
                "--method",
                "shapley"
            )
        );
        lists.Select(l => l.GetProperty("row").GetInt32()).ShouldBe([0, 2]);
        Share(lists[0], "b").ShouldBe(0.5, 1e-6);
        Share(lists[0], "a").ShouldBe(0, 1e-6);
        lists[0].GetProperty("target").GetDouble().ShouldBe(1);
        lists[0].GetProperty("baseline_target").GetDouble().ShouldBe(0.5);
    }

    // c is the request's: absent from all it moves no margin. Row 3 stands 0.5 above row 2 by its a.
    [Fact]
    public void Margins_are_of_the_row_and_its_own_features()
    {
        var rows = Lines(
            Run(
                "--rows",
                "3..4",
                "--list",
                "list",
                "--list-target",
                "margin@1",
                "--list-absent",
                "own",
                "--method",
                "shapley"
            )
        );
        rows.Single().GetProperty("row").GetInt32().ShouldBe(3);
        rows.Single().GetProperty("target").GetDouble().ShouldBe(0.5, 1e-6);
        Share(rows.Single(), "a").ShouldBe(0.5, 1e-6);
        Share(rows.Single(), "c").ShouldBe(0, 1e-6);
    }

    [Fact]
    public void Lists_without_an_answer_are_left_out_and_counted()
    {
        var outcome = Run("--list", "list", "--list-target", "ndcg@3", "--label", "clicked", "--method", "shapley");
        Lines(outcome).Length.ShouldBe(2);
        outcome.Error.ShouldBe("assay: 1 lists hold nothing relevant and have no NDCG; they are left out.\n");
    }

    [Theory]
    [InlineData(2, "leave out --baseline", "--against", "1", "--baseline", "zero")]
    [InlineData(2, "no row -1", "--against", "-1")]
    [InlineData(3, "has no row 77", "--against", "77")]
    [InlineData(2, "choose one", "--against", "1", "--list", "list")]
    [InlineData(2, "--list needs --list-target", "--list", "list")]
    [InlineData(2, "none of ndcg@K, top@K, margin@K", "--list", "list", "--list-target", "map@3")]
    [InlineData(2, "none of ndcg@K, top@K, margin@K", "--list", "list", "--list-target", "top@0")]
    [InlineData(2, "needs --label", "--list", "list", "--list-target", "ndcg@3")]
    [InlineData(
        2,
        "NDCG is of the whole list",
        "--list",
        "list",
        "--list-target",
        "ndcg@3",
        "--label",
        "clicked",
        "--list-absent",
        "own"
    )]
    [InlineData(2, "something about --list", "--list-target", "ndcg@3")]
    [InlineData(2, "something about --against", "--contrast", "swap")]
    [InlineData(3, "column 'liste'", "--list", "liste", "--list-target", "top@1")]
    public void What_does_not_go_together_is_said_in_one_line(int code, string expected, params string[] options) =>
        Run([.. options, "--method", "shapley"]).ShouldFail(code).ShouldContain(expected);

    [Fact]
    public void Methods_of_smooth_targets_refuse_lists() =>
        Run("--list", "list", "--list-target", "top@1", "--method", "saliency")
            .ShouldFail(2)
            .ShouldContain("'saliency' cannot explain a list");
}
