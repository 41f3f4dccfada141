using System.Text.Json.Nodes;

namespace Assay.Studies.Tests;

/// <summary>Effects of the tiny world, an additive model: every curve is known.</summary>
public sealed class EffectsPartTests(ViewedRun viewed) : IClassFixture<ViewedRun>
{
    private JsonNode Of(string feature) => ViewedRun.Named(viewed.Read("effects")["features"], feature);

    [Theory]
    [InlineData("pdp")]
    [InlineData("ale")]
    public void Of_a_linear_feature_it_is_a_line_of_its_weight(string kind)
    {
        // logit = … + ½ price and nothing of idle, so by definition of both curves their slopes are ½ and 0.
        foreach (var (feature, slope) in (List<(string, double)>)[("price", 0.5), ("idle", 0)])
        {
            var own = Of(feature);
            foreach (var curves in (JsonNode[])[own, .. own["segments"]!.AsArray().Select(s => s!)])
            {
                var at = own["grid"]!.AsArray().Select(g => (double)g!["at"]!).ToArray();
                var values = ViewedRun.Numbers(curves[kind]!["values"]);
                for (var i = 1; i < at.Length; i++)
                    (values[i] - values[0]).ShouldBe(slope * (at[i] - at[0]), 2e-4);
            }
        }
    }

    [Theory]
    [InlineData("pdp")]
    [InlineData("ale")]
    public void Of_a_category_it_is_its_weights(string kind)
    {
        var product = Of("product");
        var ids = product["grid"]!.AsArray().Select(g => int.Parse((string)g!["at"]!)).ToArray();
        ids.Order().ShouldBe([1, 2, 3, 4, 5]);
        var values = ViewedRun.Numbers(product[kind]!["values"]);
        for (var i = 1; i < ids.Length; i++)
            (values[i] - values[0]).ShouldBe(TinyWorld.Product[ids[i]] - TinyWorld.Product[ids[0]], 1e-4);
    }

    [Fact]
    public void Densities_are_shares_and_intervals_hold_their_values()
    {
        foreach (var feature in viewed.Read("effects")["features"]!.AsArray())
        foreach (var part in (JsonNode[])[feature!, .. feature!["segments"]!.AsArray().Select(s => s!)])
        {
            var count = feature["grid"]!.AsArray().Count;
            ViewedRun.Numbers(part["density"]).Sum().ShouldBe(1, 1e-4);
            foreach (var kind in (string[])["pdp", "ale"])
            {
                var (values, low, high) = (
                    ViewedRun.Numbers(part[kind]!["values"]),
                    ViewedRun.Numbers(part[kind]!["low"]),
                    ViewedRun.Numbers(part[kind]!["high"])
                );
                values.Length.ShouldBe(count);
                for (var i = 0; i < count; i++)
                    values[i].ShouldBeInRange(low[i] - 1e-5, high[i] + 1e-5);
            }
        }
    }

    [Fact]
    public void Whole_clusters_are_drawn_and_segments_are_those_of_the_dimension()
    {
        var file = viewed.Read("effects");
        // Every user has 30 rows.
        ((int)file["sampled"]!["rows"]!).ShouldBe(3000);
        ((int)file["sampled"]!["clusters"]!).ShouldBe(100);
        ((int)file["sampled"]!["of_clusters"]!).ShouldBe(TinyWorld.Users);
        Of("price")["segments"]!.AsArray().Select(s => (string)s!["name"]!).ShouldBe(["1", "2", "3"]);
        // A country is never another: within the segment nothing stands behind the others.
        var country = ViewedRun.Named(Of("country")["segments"], "2");
        var at = Of("country")["grid"]!.AsArray().Select(g => (string)g!["at"]!).ToArray();
        country["supported"]!.AsArray().Select(s => (bool)s!).ShouldBe(at.Select(a => a == "2"));
    }

    [Fact]
    public void Labels_are_those_of_people()
    {
        ((string)Of("country")["display_name"]!).ShouldBe("Home country");
        viewed.World.Folder.File("words.json", """{"product": ["none", "pear", "plum", "fig", "date", "kiwi"]}""");
        var study = viewed.World.With(
            "replicates:",
            "vocabularies: words.json\neffects: {features: [product], kinds: [ale]}\nreplicates:"
        );
        var product = ViewedRun.Named(
            ViewedRun.Read(viewed.World.Run("words", study: study), "effects")["features"],
            "product"
        );
        product["grid"]!
            .AsArray()
            .OrderBy(g => (string)g!["at"]!, StringComparer.Ordinal)
            .Select(g => (string)g!["label"]!)
            .ShouldBe(["pear", "plum", "fig", "date", "kiwi"]);
        product["pdp"].ShouldBeNull();
    }

    [Fact]
    public void Values_that_others_rule_out_are_marked()
    {
        // twin is copy in every row, and alone depends on nothing but the kind's leaning towards it.
        using var world = new GaussWorld();
        var features = ViewedRun.Read(world.Run("[{id: permutation}]\neffects: {kinds: [pdp]}"), "effects")["features"];
        var twin = ViewedRun.Named(features, "twin");
        // The ends have too few rows to tell.
        twin["limited_by"]!.AsArray().Select(l => (string?)l).Skip(1).SkipLast(1).Distinct().ShouldBe(["copy"]);
        twin["supported"]!.AsArray().ShouldAllBe(s => !(bool)s!);
        twin["enough_rows"]!.AsArray().Select(s => (bool)s!).Skip(1).SkipLast(1).ShouldAllBe(s => s);
        var a = ViewedRun.Named(features, "a");
        a["limited_by"]!.AsArray().Select(l => (string?)l).Where(l => l is not null).Distinct().ShouldBe(["b"]);
        ViewedRun.Named(features, "alone")["supported"]!.AsArray().Count(s => (bool)s!).ShouldBeGreaterThan(10);
    }
}
