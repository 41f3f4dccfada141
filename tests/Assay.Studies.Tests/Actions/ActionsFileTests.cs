using NJsonSchema;

namespace Assay.Studies.Tests;

/// <summary>The actions of real runs: file, report, and what serving would save.</summary>
public sealed class ActionsFileTests(FinishedRun finished) : IClassFixture<FinishedRun>
{
    private static async Task<string[]> Errors(string json)
    {
        var schema = await JsonSchema.FromFileAsync(
            Checkout.Path("docs", "schemas", "actions.schema.json"),
            TestContext.Current.CancellationToken
        );
        return [.. schema.Validate(json).Select(e => e.ToString())];
    }

    private static string Json(StudyResult result) => File.ReadAllText(Path.Combine(result.Folder, "actions.json"));

    [Fact]
    public async Task The_file_follows_the_published_schema()
    {
        var json = Json(finished.Result);
        (await Errors(json)).ShouldBeEmpty();
        (await Errors(json.Replace("\"collect_evidence\"", "\"collect\""))).ShouldNotBeEmpty();
        (await Errors(json.Replace("\"cautious_rank\"", "\"rank2\""))).ShouldNotBeEmpty();
    }

    [Fact]
    public void Fixed_model_findings_ask_for_evidence_only()
    {
        finished.Result.Actions.ShouldNotBeEmpty();
        finished.Result.Actions.ShouldAllBe(a => a.Kind == ActionKind.CollectEvidence);
        finished.Result.Report.ShouldContain("## What to do\n\nNothing is known well enough (grade B or better)");
    }

    [Fact]
    public async Task A_sensitive_feature_that_matters_is_reviewed_first()
    {
        var study = finished.World.With(
            "- {id: permutation, groups: [goods]}",
            "- {id: conditional-permutation}\nsensitive: [product]\nvalue: {currency: EUR, per_point_of_auc: 10, per_megabyte: 1}"
        );
        var result = finished.World.Run("sensitive", study: study);
        (await Errors(Json(result))).ShouldBeEmpty();
        var review = result.Actions[0];
        review.Id.ShouldBe("review_sensitive_reliance/product");
        review.Grade.ShouldBe(Grade.B);
        // Labels depend on the user's country, so that rows of a user are alike.
        review.Experiment!.SampleSize!.DesignEffect.ShouldBeGreaterThan(1);
        result.Report.ShouldContain("Review whether the model may lean on Product");
        var again = finished.World.Run("sensitive-again", new RunOptions { Threads = 1 }, study);
        Json(again).ShouldBe(Json(result));
    }

    [Fact]
    public void Tables_and_lookups_are_counted_in_the_graph()
    {
        var model = Onnx.OnnxModel.Load(finished.World.Folder["model.onnx"]);
        var binding = FeatureDictionary.Load(finished.World.Folder["features.yaml"]).Bind(model);
        var cost = ServingCost.Of(model, binding);
        // products: 6 × 1 floats; one of two lookups, both of one float.
        var savings = cost.Without(["product"])!;
        (savings.TableBytes, savings.LookupsPerRow, savings.BytesReadPerRow).ShouldBe((24, 1, 4));
        savings.ShareOfBytesRead.ShouldBe(0.5);
        cost.Without(["product", "country"])!.TableBytes.ShouldBe(40);
        cost.Without(["price"]).ShouldBeNull();
    }
}
