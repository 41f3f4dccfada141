namespace Assay.Catalogue.Tests;

/// <summary>What people made of findings and actions outlives imports.</summary>
public abstract class CarryTests<TKind>(PostgresServer server) : CatalogueTests<TKind>(server)
    where TKind : IDatabaseKind, new()
{
    private const string Retire = "retire_feature/city";

    [Fact]
    public async Task State_and_comments_survive_importing_again()
    {
        var id = await ImportAsync();
        await Store.Users.AddAsync("ben", "Ben", Role.Analyst, "ana", Stop);
        await Store.Inbox.ChangeAsync(id, ItemKind.Action, Retire, new() { Assignee = "ben" }, "ana", Stop);
        await Store.Comments.AddAsync(SubjectRef.Of(ItemKind.Action, id, Retire), "Why?", "ana", Stop);
        await Store.Runs.ImportAsync(Path.Combine(Folder, "run"), "ana", Stop);
        var entry = (await Store.Inbox.FindAsync(id, ItemKind.Action, Retire, Stop))!;
        (entry.State!.Assignee, entry.Comments).ShouldBe(("ben", 1));
    }

    [Fact]
    public async Task The_next_run_of_the_study_takes_state_over_and_shows_what_changed()
    {
        var first = await ImportAsync("a");
        var rejected = new ItemChange { Status = ItemStatus.Rejected };
        await Store.Inbox.ChangeAsync(first, ItemKind.Action, Retire, rejected, "ana", Stop);
        await Store.Comments.AddAsync(SubjectRef.Of(ItemKind.Action, first, Retire), "No.", "ana", Stop);
        var second = await ImportAsync(
            "b",
            r =>
            {
                r.RunJson["created"] = "2026-02-05T00:00:00Z";
                r.Finding(0)["grade"] = "A";
                r.Finding(0)["interval"]!["low"] = 0.04;
                r.Finding(0)["interval"]!["high"] = 0.06;
                r.Finding(1)["id"] = "city/new";
            }
        );
        var subject = SubjectRef.Of(ItemKind.Action, second, Retire);
        var action = (await Store.Inbox.FindAsync(second, ItemKind.Action, Retire, Stop))!;
        (action.Status, action.State!.CarriedFrom, action.State.ChangedBy, action.IsNew).ShouldBe(
            (ItemStatus.Rejected, first, "ana", false)
        );
        (await Store.Comments.ListAsync(subject, stop: Stop)).ShouldBeEmpty();
        (await Store.Comments.ListAsync(subject, true, Stop)).Single().Text.ShouldBe("No.");
        var findings = (await Store.Inbox.ListAsync(second, new() { Subject = ItemKind.Finding }, Stop)).Entries.Items;
        findings
            .Select(f => (f.IsNew, f.Changed))
            .ShouldBe([(false, "grade A, was B; clearly larger than before"), (true, null)]);
        // The run before keeps its own.
        await Store.Inbox.ChangeAsync(second, ItemKind.Action, Retire, new() { Status = ItemStatus.Open }, "ben", Stop);
        (await Store.Inbox.FindAsync(first, ItemKind.Action, Retire, Stop))!.Status.ShouldBe(ItemStatus.Rejected);
    }
}

public sealed class SqliteCarryTests(PostgresServer server) : CarryTests<OnSqlite>(server);

public sealed class PostgresCarryTests(PostgresServer server) : CarryTests<OnPostgres>(server);
