using System.Text.Json;
using Assay.Onnx;

namespace Assay.Server.Tests;

public class RowTests(StudiedRegions studied) : IClassFixture<StudiedRegions>
{
    private static readonly CancellationToken None = CancellationToken.None;

    // The world's model is its logit: a[region] · recency + b[region] · popularity + 0.3 · price − 1.
    private static double Logit(double[] row) =>
        -1
        + row[0] switch
        {
            1 => 1.6 * row[1] + 0.3 * row[2],
            2 => 0.3 * row[1] + 1.6 * row[2],
            _ => 0.9 * row[1] + 0.9 * row[2],
        }
        + 0.3 * row[3];

    [Fact]
    public async Task Rows_have_the_score_that_the_planted_model_gives_them()
    {
        using var model = RowModel.Open(studied.Run);
        var page = await RowsView.Page(studied.Run, model, "explain", null, 1, 20, None);
        page.Total.ShouldBe(7200);
        page.Items.Count.ShouldBe(20);
        foreach (var item in page.Items)
        {
            var row = StudiedRows.Find(studied.Run, model, "explain", item.Row)!;
            item.Score!.Value.ShouldBe(Logit([.. row.Values.Select(v => v[0])]), 2e-3);
        }
    }

    [Fact]
    public async Task Attributions_of_a_row_sum_to_its_score_less_the_baselines()
    {
        using var model = RowModel.Open(studied.Run);
        var row = (await RowsView.Of(studied.Run, model, "explain", 5, None))!;
        var method = row.Methods.Single();
        method
            .Attributions.Sum(a => a.Attribution!.Value)
            .ShouldBe(row.Score!.Value - method.BaselineScore!.Value, 5e-3);
        method.Attributions.ShouldContain(a => a.Title == "Days since last visit");
        (await RowsView.Of(studied.Run, model, "explain", 1_000_000, None)).ShouldBeNull();
    }

    [Fact]
    public async Task What_if_scores_the_changed_row_and_takes_labels_and_numbers()
    {
        using var model = RowModel.Open(studied.Run);
        var row = StudiedRows.Find(studied.Run, model, "explain", 7)!;
        var values = row.Values.Select(v => v[0]).ToArray();
        var answer = (
            await RowsView.WhatIf(studied.Run, model, "explain", 7, Ask("""{"recency": 2, "region": "2"}"""), None)
        )!;
        answer.Before!.Value.ShouldBe(Logit(values), 2e-3);
        (values[0], values[1]) = (2, 2);
        answer.After!.Value.ShouldBe(Logit(values), 2e-3);
        var contrast = (await RowsView.WhatIf(studied.Run, model, "explain", 7, Ask("{}") with { Against = 8 }, None))!;
        var other = StudiedRows.Find(studied.Run, model, "explain", 8)!;
        contrast
            .Attributions.Sum(a => a.Attribution!.Value)
            .ShouldBe(answer.Before.Value - Logit([.. other.Values.Select(v => v[0])]), 2e-2);
        await Should.ThrowAsync<AssayException>(() =>
            RowsView.WhatIf(studied.Run, model, "explain", 7, Ask("""{"recency": "much"}"""), None)
        );
        await Should.ThrowAsync<AssayException>(() =>
            RowsView.WhatIf(studied.Run, model, "explain", 7, Ask("""{"region": 4}"""), None)
        );
    }

    // In the north a line rises by 1.6 for each step of recency, in the south by 0.3.
    [Fact]
    public async Task Ice_lines_rise_as_the_model_does()
    {
        using var model = RowModel.Open(studied.Run);
        var ice = (await RowsView.Ice(studied.Run, model, "recency", 30, None))!;
        ice.Lines.Count.ShouldBe(30);
        var steps = ice.Grid.Select(g => (double)g!).ToArray();
        foreach (var line in ice.Lines)
        {
            var slope = (line[^1]!.Value - line[0]!.Value) / (steps[^1] - steps[0]);
            new[] { 1.6, 0.3, 0.9 }.ShouldContain(s => Math.Abs(s - slope) < 0.01);
        }
        (await RowsView.Ice(studied.Run, model, "no such feature", 30, None)).ShouldBeNull();
    }

    [Fact]
    public void Without_the_model_that_was_studied_the_problem_says_so()
    {
        var model = studied.World.Folder["model.onnx"];
        var bytes = File.ReadAllBytes(model);
        File.Move(model, model + ".away");
        try
        {
            Should.Throw<AssayException>(() => RowModel.Open(studied.Run)).Message.ShouldContain("no longer at");
            File.WriteAllBytes(model, [.. bytes, 0]);
            Should
                .Throw<AssayException>(() => RowModel.Open(studied.Run))
                .Message.ShouldContain("not the one that was studied");
        }
        finally
        {
            File.Move(model + ".away", model, overwrite: true);
        }
    }

    private static WhatIfRequest Ask(string changes) =>
        new(JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(changes));
}
