using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Assay.Onnx;

namespace Assay.Catalogue.Tests;

/// <summary>Importing run folders; what is expected is read off the folder that <see cref="SmallRun"/> writes.</summary>
public abstract class ImportTests<TKind>(PostgresServer server) : CatalogueTests<TKind>(server)
    where TKind : IDatabaseKind, new()
{
    [Fact]
    public async Task A_run_is_as_its_folder_says()
    {
        var folder = Run();
        var result = await Store.Runs.ImportAsync(folder, "ana", Stop);
        result.IsNew.ShouldBeTrue();
        var run = (await Store.Runs.FindAsync(result.RunId, Stop))!;
        var bytes = await File.ReadAllBytesAsync(Path.Combine(folder, "run.json"), Stop);
        run.Sha256.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(bytes)));
        run.Id.ShouldBe(run.Sha256[..12]);
        (run.Folder, Store.Runs.FolderOf(run)).ShouldBe(("run", folder));
        (run.Study!.Name, run.ModelVersion!.Model!.Name, run.ModelVersion.Number, run.ModelVersion.Sha256).ShouldBe(
            ("clicks", "ranker.onnx", 1, "446232f9")
        );
        (run.GradeA, run.GradeB, run.GradeC, run.GradeD, run.Actions).ShouldBe((0, 1, 1, 0, 2));
        run.Headline.ShouldBe("Age matters.");
        run.Created.ShouldBe(new(2026, 2, 1, 10, 0, 0, TimeSpan.Zero));
        (run.Imported, run.ImportedBy, run.Purpose).ShouldBe((Clock.GetUtcNow(), "ana", "ranks clicks"));
        run.StaleReasonAt(new(2026, 4, 1, 23, 0, 0, TimeSpan.Zero)).ShouldBeNull();
        run.StaleReasonAt(new(2026, 4, 2, 0, 0, 0, TimeSpan.Zero))!.ShouldContain("2026-04-01");
        (await Store.Runs.FeaturesAsync(run.Id, Stop))
            .Select(f => (f.Name, f.DisplayName, f.Owner))
            .ShouldBe([("age", "Age", "growth"), ("city", "City", null)]);
        (await Store.Hypotheses.ListAsync(run.Id, stop: Stop)).Single().Verdict.ShouldBe("supported");
    }

    [Fact]
    public async Task Twice_is_as_once()
    {
        var id = await ImportAsync();
        var before = await CountsAsync();
        var again = await Store.Runs.ImportAsync(Path.Combine(Folder, "run"), "ben", Stop);
        again.ShouldBe(new ImportResult(id, false));
        (await CountsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Several_at_once_are_as_one()
    {
        var folder = Run();
        await using var other = await OpenAsync();
        var results = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(i => Task.Run(() => (i % 2 == 0 ? Store : other).Runs.ImportAsync(folder, "ana", Stop), Stop))
        );
        results.Count(r => r.IsNew).ShouldBe(1);
        results.Select(r => r.RunId).Distinct().Count().ShouldBe(1);
        (await Store.Audit.ListAsync(stop: Stop)).Total.ShouldBe(1);
    }

    [Fact]
    public async Task An_import_that_fails_half_way_leaves_nothing()
    {
        var before = await CountsAsync();
        await using var database = new CatalogueDatabase(Options, Clock);
        using var documents = RunDocuments.Read(Run());
        var content = RunContent.Of(documents, "run", Clock.GetUtcNow());
        await Should.ThrowAsync<InvalidOperationException>(() =>
            database.WriteAsync(
                "ana",
                async scope =>
                {
                    await RunImporter.ImportAsync(scope, content, new(Folder));
                    throw new InvalidOperationException("the power is gone");
                },
                Stop
            )
        );
        (await CountsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task A_run_that_moved_is_found_again()
    {
        var id = await ImportAsync();
        Directory.Move(Path.Combine(Folder, "run"), Path.Combine(Folder, "kept"));
        (await Store.Runs.ImportAsync(Path.Combine(Folder, "kept"), "ana", Stop)).IsNew.ShouldBeFalse();
        var run = (await Store.Runs.FindAsync(id, Stop))!;
        (run.Folder, Store.Runs.IsInPlace(run)).ShouldBe(("kept", true));
    }

    [Fact]
    public async Task Runs_follow_each_other_by_time_in_whatever_order_they_come()
    {
        var third = await ImportAsync("c", r => r.RunJson["created"] = "2026-02-03T00:00:00Z");
        var first = await ImportAsync("a", r => r.RunJson["created"] = "2026-02-01T00:00:00Z");
        var second = await ImportAsync("b", r => r.RunJson["created"] = "2026-02-02T00:00:00Z");
        var other = await ImportAsync(
            "other",
            r => (r.RunJson["study"], r.RunJson["created"]) = ("clicks in May", "2026-02-02T12:00:00Z")
        );
        (await Store.Runs.HistoryAsync(third, stop: Stop)).Select(r => r.Id).ShouldBe([third, second, first]);
        // Of another study: the latest earlier run of the same model.
        (await Store.Runs.FindAsync(other, Stop))!.PreviousRunId.ShouldBe(second);
        (await Store.Runs.ListAsync(stop: Stop)).Items.Select(r => r.Id).ShouldBe([third, other, second, first]);
    }

    [Fact]
    public async Task A_later_version_of_the_model_makes_earlier_runs_stale()
    {
        var old = await ImportAsync("a");
        (await Store.Runs.FindAsync(old, Stop))!.StaleReason.ShouldBeNull();
        var later = await ImportAsync(
            "b",
            r => (r.RunJson["created"], r.RunJson["sha256"]!["model"]) = ("2026-02-09T00:00:00Z", "ffff")
        );
        (await Store.Runs.FindAsync(old, Stop))!.StaleReason!.ShouldContain(later);
        var run = (await Store.Runs.FindAsync(later, Stop))!;
        (run.StaleReason, run.ModelVersion!.Number).ShouldBe((null, 2));
    }

    [Fact]
    public async Task A_folder_that_is_studied_again_holds_the_later_run()
    {
        var old = await ImportAsync();
        var later = await ImportAsync("run", r => r.RunJson["created"] = "2026-02-09T00:00:00Z");
        later.ShouldNotBe(old);
        var run = (await Store.Runs.FindAsync(old, Stop))!;
        run.StaleReason!.ShouldContain(later);
        Store.Runs.IsInPlace(run).ShouldBeFalse();
    }

    [Fact]
    public async Task Other_versions_of_the_software_are_read_as_far_as_they_go()
    {
        var id = await ImportAsync(
            "run",
            r =>
            {
                r.RunJson.Remove("created");
                r.RunJson.Remove("head");
                r.RunJson["novelty"] = new JsonArray(1, 2);
                r.Findings["schema"] = 9;
                r.Finding(0).Remove("sentences");
                r.Finding(0)["kind"] = "of_the_future";
            }
        );
        var folder = Path.Combine(Folder, "bare");
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "run.json"), """{ "study": "b", "model": "m.onnx" }""", Stop);
        var bare = (await Store.Runs.ImportAsync(folder, "ana", Stop)).RunId;
        (await Store.Inbox.ListAsync(id, new(), Stop)).Entries.Total.ShouldBe(4);
        (await Store.Inbox.ListAsync(bare, new(), Stop)).Entries.Total.ShouldBe(0);
    }

    [Theory]
    [InlineData("run.json", null, "has no run.json")]
    [InlineData("run.json", "{ \"stu", "is no JSON")]
    [InlineData("run.json", "[]", "is not an object")]
    [InlineData("run.json", "{ \"model\": \"m\" }", "has no 'study'")]
    [InlineData("run.json", "{ \"study\": 3, \"model\": \"m\" }", "at study is not text")]
    [InlineData("run.json", "{ \"study\": \"s\" }", "names no model")]
    [InlineData("findings.json", "{ \"findings\": {} }", "at findings is not a list")]
    [InlineData("findings.json", "{ \"findings\": [ { \"kind\": \"k\" } ] }", "at findings[0] has no 'id'")]
    [InlineData("findings.json", "{ \"findings\": [ { \"id\": \"a\" }, { \"id\": \"a\" } ] }", "of another one")]
    [InlineData("actions.json", "{ \"actions\": [ { \"id\": \"a\\ud800\" } ] }", "half a character")]
    public async Task A_broken_folder_is_refused_in_one_line_and_leaves_nothing(string file, string? text, string says)
    {
        var folder = Run();
        if (text is null)
            File.Delete(Path.Combine(folder, file));
        else
            await File.WriteAllTextAsync(Path.Combine(folder, file), text, Stop);
        var before = await CountsAsync();
        var error = await Should.ThrowAsync<AssayException>(() => Store.Runs.ImportAsync(folder, "ana", Stop));
        error.Message.ShouldContain(says);
        error.Message.ShouldNotContain("\n");
        (await CountsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task A_folder_that_a_study_is_writing_is_refused()
    {
        var folder = Run();
        var path = Path.Combine(folder, "run.lock");
        await using (new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
            (await Should.ThrowAsync<AssayException>(() => Store.Runs.ImportAsync(folder, "ana", Stop))).Fault.ShouldBe(
                Fault.Failed
            );
        // What a killed study leaves behind.
        (await Store.Runs.ImportAsync(folder, "ana", Stop)).IsNew.ShouldBeTrue();
    }

    [Fact]
    public async Task Text_that_a_database_cannot_keep_is_mended()
    {
        var id = await ImportAsync("run", r => r.Finding(0)["sentences"]!["effect"] = "a\0b 'quoted' \U0001F600");
        var entry = (await Store.Inbox.ListAsync(id, new() { Words = "QUOTED" }, Stop)).Entries.Items.Single();
        entry.Item.Title.ShouldBe("a\uFFFDb 'quoted' \U0001F600");
    }
}

public sealed class SqliteImportTests(PostgresServer server) : ImportTests<OnSqlite>(server);

public sealed class PostgresImportTests(PostgresServer server) : ImportTests<OnPostgres>(server);
