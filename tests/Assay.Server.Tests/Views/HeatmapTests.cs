using System.Text.Json;

namespace Assay.Server.Tests;

public class HeatmapTests(StudiedRegions studied) : IClassFixture<StudiedRegions>
{
    private const string Auc = "permutation_auc";

    [Fact]
    public void Every_cell_is_the_estimate_that_DuckDB_reads()
    {
        var map = HeatmapView.Of(studied.Run, new(Auc, Dimension: "region"))!;
        map.Segments.Select(s => s.Label).ShouldBe(["north", "south", "east"], ignoreOrder: true);
        map.Features.Count.ShouldBe(6);
        for (var f = 0; f < map.Features.Count; f++)
        for (var s = 0; s < map.Segments.Count; s++)
        {
            var truth = studied.Sql(
                "value, ci_low, ci_high",
                $"estimand = '{Auc}' AND method = 'permutation' AND split = 'explain' AND segment_dimension = 'region' AND segment = '{map.Segments[s].Id}' AND feature = '{map.Features[f].Name}'"
            );
            var cell = map.Cells[f][s];
            if (double.IsNaN(truth[0]))
                cell.ShouldBeNull();
            else
                new[] { cell!.Value, cell.Low, cell.High }
                    .Zip(truth)
                    .ShouldAllBe(p => Math.Abs(p.First!.Value - p.Second) <= 0.0005 * Math.Abs(p.Second) + 1e-12);
        }
    }

    [Fact]
    public void Features_stand_in_the_order_of_the_whole_and_contrasts_beside_their_cells()
    {
        var map = HeatmapView.Of(studied.Run, new(Auc, Dimension: "region"))!;
        var overall = map.Overall.Select(n => n!.Value!.Value).ToArray();
        overall.ShouldBe([.. overall.OrderDescending()]);
        map.Contrasts!.Count.ShouldBe(map.Features.Count);
        var (f, s) = (Row(map, "recency"), Column(map, "north"));
        var truth = studied.Sql(
            "value, ci_low, ci_high, p_adjusted",
            $"estimand = 'contrast_{Auc}' AND split = 'explain' AND segment_dimension = 'region' AND segment_label = 'north' AND feature = 'recency'"
        );
        map.Contrasts[f][s]!.Value!.Value.ShouldBe(truth[0], 0.001 * Math.Abs(truth[0]));
        map.Contrasts[f][s]!.Value!.Value.ShouldBeGreaterThan(0);
        map.Heterogeneity!.Count.ShouldBe(map.Features.Count);
    }

    // Planted: recency leads in the north, popularity in the south.
    [Fact]
    public void Sentence_says_who_leads_where_in_display_names_and_with_intervals()
    {
        var sentence = HeatmapView.Of(studied.Run, new(Auc, Dimension: "region"))!.Sentence;
        sentence.ShouldContain("Days since last visit");
        sentence.ShouldContain("What sells");
        sentence.ShouldMatch(@"north \(0\.\d+ of AUC, 0\.\d+ to 0\.\d+\)|north");
        sentence.ShouldMatch(@"0\.\d+ of AUC, 0\.\d+ to 0\.\d+");
        Sentences.ShouldHaveNoColumns(sentence);
    }

    [Fact]
    public void Defaults_choose_the_dimension_that_differs()
    {
        var map = HeatmapView.Of(studied.Run, new())!;
        map.Dimension.ShouldBe("region");
        map.Estimand.ShouldBe(Auc);
        HeatmapView.Of(studied.Run, new("no_such_quantity")).ShouldBeNull();
        HeatmapView.Of(studied.Run, new(Dimension: "no such dimension")).ShouldBeNull();
    }

    [Fact]
    public void A_large_table_is_cut_and_says_so_and_pages_bring_the_rest()
    {
        var all = Enumerable.Range(0, 200).Select(i => $"s{i}").ToArray();
        var run = WideRun.Of(features: 39, all);
        var first = HeatmapView.Of(run, new(Auc, Dimension: "store"))!;
        first.Truncated!.Segments!.Of.ShouldBe(200);
        first.Truncated.Segments.Shown.ShouldBe(first.Segments.Count);
        JsonSerializer.SerializeToUtf8Bytes(first, ViewJson.Options).Length.ShouldBeLessThan(200_000);
        var seen = new List<string>();
        for (var page = 1; seen.Count < 200; page++)
        {
            var part = HeatmapView.Of(run, new(Auc, Dimension: "store", SegmentPage: page))!;
            part.Segments.Count.ShouldBeGreaterThan(0);
            seen.AddRange(part.Segments.Select(s => s.Id));
        }
        seen.ShouldBe(all);
    }

    private static int Row(Heatmap map, string feature) => map.Features.Select(f => f.Name).ToList().IndexOf(feature);

    private static int Column(Heatmap map, string label) => map.Segments.Select(s => s.Label).ToList().IndexOf(label);
}
