namespace Assay.Studies.Tests;

/// <summary>Features and dimensions as readers meet them.</summary>
public sealed class DictionaryFileTests
{
    [Fact]
    public void Kinds_of_dimensions_are_declared_or_found()
    {
        using var world = new TinyWorld();
        var study = world.With(
            "  rare: {sql: {two: \"usr IN ('u1', 'u2')\"}}",
            """
              rare: {sql: {two: "usr IN ('u1', 'u2')"}}
              stage: {journey: {new: "visit % 3 = 0", later: "TRUE"}}
              bought: {column: product, kind: journey}
              goods: {cross: [price, product]}
              product: product
              both: {cross: [country, product]}
            """
        );
        var file = ViewedRun.Read(world.Run(study: study), "dictionary");
        var kinds = file["dimensions"]!
            .AsArray()
            .ToDictionary(
                d => (string)d!["name"]!,
                d => ((string)d!["kind"]!, (string)d!["by"]!, (string?)d!["feature"])
            );
        kinds["country"].ShouldBe(("user", "column", "country"));
        kinds["price"].ShouldBe(("item", "bins", "price"));
        kinds["rare"].ShouldBe(("other", "predicates", null));
        kinds["stage"].ShouldBe(("journey", "journey", null));
        kinds["bought"].ShouldBe(("journey", "column", "product"));
        kinds["goods"].ShouldBe(("item", "cross", null));
        kinds["both"].ShouldBe(("other", "cross", null));
        var country = file["features"]![0]!;
        ((string)country["display_name"]!).ShouldBe("Home country");
        ((string)country["group"]!).ShouldBe("user");
        var segments = ViewedRun.Named(file["dimensions"], "country")["segments"]!.AsArray();
        segments.Sum(s => (int)s!["rows"]!).ShouldBe(9000);
        segments.Sum(s => (int)s!["clusters"]!).ShouldBe(TinyWorld.Users);
        var rare = ViewedRun.Named(file["dimensions"], "rare")["segments"]![0]!;
        ((int)rare["rows"]!, (bool)rare["is_shown"]!).ShouldBe((60, false));
    }

    [Fact]
    public void A_kind_that_is_none_is_an_error()
    {
        using var world = new TinyWorld();
        Should
            .Throw<Onnx.AssayException>(() => world.With("bins: [0.5]", "bins: [0.5], kind: shop"))
            .Message.ShouldContain("'kind' must be one of user, item, context, journey, other, not 'shop'");
    }
}
