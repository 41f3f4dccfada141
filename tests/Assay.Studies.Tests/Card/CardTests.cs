using System.Text.Json;
using Assay.Onnx;
using NJsonSchema;

namespace Assay.Studies.Tests;

/// <summary>The card of the tiny world: it says what the run's other files say, and nothing that the study did not.</summary>
public sealed class CardTests(FinishedRun finished) : IClassFixture<FinishedRun>
{
    private string Read(string file) => File.ReadAllText(Path.Combine(finished.Result.Folder, file));

    [Fact]
    public async Task The_file_follows_the_published_schema()
    {
        var schema = await JsonSchema.FromFileAsync(
            Checkout.Path("docs", "schemas", "card.schema.json"),
            TestContext.Current.CancellationToken
        );
        var json = Read("card.json");
        schema.Validate(json).Select(e => e.ToString()).ShouldBeEmpty();
        schema.Validate(json.Replace("\"stale_when\"", "\"best_before\"")).ShouldNotBeEmpty();
    }

    [Fact]
    public void It_says_what_the_run_says()
    {
        using var card = JsonDocument.Parse(Read("card.json"));
        var root = card.RootElement;
        root.GetProperty("model")
            .GetProperty("auc")
            .GetDouble()
            .ShouldBe(finished.Result.Estimates.First(e => e is { Estimand: "auc", Method: "model" }).Value);
        root.GetProperty("results").GetArrayLength().ShouldBe(finished.Result.Findings.Count);
        root.GetProperty("data")[0].GetProperty("rows").GetInt32().ShouldBe(9000);
        root.GetProperty("purpose").ValueKind.ShouldBe(JsonValueKind.Null);
        var text = Read("card.md");
        text.ShouldContain("Not declared (`purpose:` in study.yaml).");
        text.ShouldContain("### Grade C: true of this model, not proven beyond it");
        text.ShouldContain("Whoever logs and samples the data: how negatives were sampled is not declared.");
    }

    [Fact]
    public void What_is_declared_appears_and_does_not_change_the_numbers()
    {
        var study = finished.World.With(
            "replicates:",
            "purpose: Choose features for spring.\nsampling: all shown\nsensitive: [country]\nstale_after: 30\nreplicates:"
        );
        var again = finished.World.Run("declared", study: study);
        var text = File.ReadAllText(Path.Combine(again.Folder, "card.md"));
        text.ShouldContain("Choose features for spring.");
        text.ShouldContain("Privacy and fairness: the model leans on country, declared as sensitive.");
        text.ShouldContain("30 days have passed since the explained rows were logged.");
        text.ShouldNotContain("Whoever logs");
        File.ReadAllBytes(Path.Combine(again.Folder, "estimates.parquet"))
            .ShouldBe(File.ReadAllBytes(Path.Combine(finished.Result.Folder, "estimates.parquet")));
    }

    [Fact]
    public void A_sensitive_feature_that_does_not_exist_is_refused() =>
        Should
            .Throw<AssayException>(() =>
                finished.World.Run(
                    "refused",
                    study: finished.World.With("replicates:", "sensitive: [contry]\nreplicates:")
                )
            )
            .Message.ShouldBe(
                "The study lists 'contry' under 'sensitive', but the dictionary has no such feature. Did you mean 'country'?"
            );
}
