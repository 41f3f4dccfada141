using NJsonSchema;

namespace Assay.Studies.Tests;

/// <summary>The files for readers: their forms, bytes, and when they are made.</summary>
public sealed class ViewFileTests(ViewedRun viewed) : IClassFixture<ViewedRun>
{
    private static readonly string[] Asked = ["effects", "layers", "evaluation"];
    private static readonly string[] All = ["dictionary", .. Asked];

    private static async Task<string[]> Errors(string name, string json)
    {
        var schema = await JsonSchema.FromFileAsync(
            Checkout.Path("docs", "schemas", name + ".schema.json"),
            TestContext.Current.CancellationToken
        );
        return [.. schema.Validate(json).Select(e => e.ToString())];
    }

    [Theory]
    [InlineData("dictionary", "\"is_sensitive\"")]
    [InlineData("effects", "\"supported\"")]
    [InlineData("layers", "\"label_auc\"")]
    [InlineData("evaluation", "\"falls\"")]
    public async Task Each_follows_its_published_schema(string name, string key)
    {
        var json = File.ReadAllText(Path.Combine(viewed.Result.Folder, name + ".json"));
        (await Errors(name, json)).ShouldBeEmpty();
        // The schema is not one that anything follows.
        json.ShouldContain(key);
        (await Errors(name, json.Replace(key, "\"else\"", StringComparison.Ordinal))).ShouldNotBeEmpty();
        if (name != "dictionary")
            ((string?)viewed.Read(name)["reason"]).ShouldBeNull();
    }

    [Fact]
    public void Bytes_do_not_depend_on_threads()
    {
        var again = viewed.World.Run("one-thread", new RunOptions { Threads = 1 }, viewed.Study(ViewedRun.Asked));
        foreach (var name in All.Select(n => n + ".json"))
            File.ReadAllBytes(Path.Combine(again.Folder, name))
                .ShouldBe(File.ReadAllBytes(Path.Combine(viewed.Result.Folder, name)), name);
    }

    [Fact]
    public void A_finished_file_is_kept_and_another_question_makes_it_again()
    {
        var run = viewed.World.Run("again", study: viewed.Study(ViewedRun.Asked)).Folder;
        string In(string name) => Path.Combine(run, name + ".json");
        var effects = File.ReadAllText(In("effects"));
        // What was left there shows that it was not made again; a broken file is.
        File.AppendAllText(In("effects"), "\n");
        File.WriteAllText(In("layers"), "{\"plan\": ");
        File.Delete(In("evaluation"));
        viewed.World.Run("again", study: viewed.Study(ViewedRun.Asked)).RowsWorkedOn.ShouldBe(0);
        File.ReadAllText(In("effects")).ShouldBe(effects + "\n");
        File.ReadAllText(In("layers")).ShouldBe(File.ReadAllText(Path.Combine(viewed.Result.Folder, "layers.json")));
        File.Exists(In("evaluation")).ShouldBeTrue();
        var other = viewed.World.Run("again", study: viewed.Study("effects: {grid: 5, rows: 1000}\nreplicates:"));
        other.RowsWorkedOn.ShouldBe(0);
        ViewedRun.Named(ViewedRun.Read(other, "effects")["features"], "price")["grid"]!.AsArray().Count.ShouldBe(6);
        // No longer asked for.
        File.Exists(In("layers")).ShouldBeFalse();
    }

    [Fact]
    public async Task Without_being_asked_only_the_dictionary_is_written()
    {
        var run = viewed.World.Run("plain");
        foreach (var name in Asked)
            File.Exists(Path.Combine(run.Folder, name + ".json")).ShouldBeFalse(name);
        (await Errors("dictionary", File.ReadAllText(Path.Combine(run.Folder, "dictionary.json")))).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("effects: {feature: [price]}", "unknown key 'feature'.* 'features'")]
    [InlineData("effects: {segments: contry}", "'contry', which is no dimension of the study.* 'country'")]
    [InlineData("effects: {kinds: [ice]}", "'kinds' lists pdp, ale or both")]
    [InlineData("effects: {features: [prize]}", "'prize', which the dictionary does not have.* 'price'")]
    [InlineData("effects: maybe", "'effects' must be one of true, false")]
    [InlineData("layers: {row: 8}", "unknown key 'row'")]
    [InlineData("layers: {rows: 8}", "'rows' must lie between 128")]
    [InlineData("evaluation: {methods: [permutation]}", "'permutation' is no method that explains rows")]
    [InlineData("evaluation: {sample: 8}", "unknown key 'sample'")]
    public void Mistakes_are_said(string asked, string says)
    {
        var e = Should.Throw<Onnx.AssayException>(() =>
            viewed.World.Run("wrong", study: viewed.Study(asked + "\nreplicates:"))
        );
        e.Message.ShouldMatch(says);
    }
}
