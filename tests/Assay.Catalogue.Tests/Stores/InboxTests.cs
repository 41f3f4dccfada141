namespace Assay.Catalogue.Tests;

/// <summary>Listing and changing findings and actions.</summary>
public abstract class InboxTests<TKind>(PostgresServer server) : CatalogueTests<TKind>(server)
    where TKind : IDatabaseKind, new()
{
    private const string Retire = "retire_feature/city";
    private const string Enrich = "enrich_feature/age";
    private const string Age = "age/permutation_auc/permutation/overall=all";

    [Fact]
    public async Task Lists_filters_counts_and_pages()
    {
        var run = await ImportAsync();
        async Task<IEnumerable<string>> Ids(InboxQuery query) =>
            (await Store.Inbox.ListAsync(run, query, Stop)).Entries.Items.Select(e => e.Item.ItemId);
        var city = "city/permutation_auc/permutation/country=se";
        (await Ids(new())).ShouldBe([Retire, Enrich, Age, city]);
        (await Ids(new() { Subject = ItemKind.Finding })).ShouldBe([Age, city]);
        (await Ids(new() { Grade = "B" })).ShouldBe([Retire, Age]);
        (await Ids(new() { Kind = "enrich_feature" })).ShouldBe([Enrich]);
        (await Ids(new() { Feature = "city" })).ShouldBe([Retire, city]);
        (await Ids(new() { Words = "sweden MORE" })).ShouldBe([city]);
        (await Ids(new() { Words = "%" })).ShouldBeEmpty();
        (await Ids(new() { Page = 2, PageSize = 3 })).ShouldBe([city]);
        var page = await Store.Inbox.ListAsync(run, new() { Grade = "A" }, Stop);
        page.Entries.Total.ShouldBe(1);
        page.Grades.OrderBy(g => g.Key).Select(g => (g.Key, g.Value)).ShouldBe([("A", 1), ("B", 2), ("C", 1)]);
        page.Statuses[ItemStatus.Open].ShouldBe(4);
        var entry = (await Store.Inbox.FindAsync(run, ItemKind.Action, Retire, Stop))!;
        (entry.Item.Value, entry.Item.Unit, entry.Item.Money, entry.Item.Currency).ShouldBe((0.001, "auc", 700, "EUR"));
        (entry.IsNew, entry.Changed, entry.Decision).ShouldBe((false, null, null));
        (await Store.Inbox.FindAsync(run, ItemKind.Finding, Retire, Stop)).ShouldBeNull();
        await Should.ThrowAsync<CatalogueException>(() => Ids(new() { PageSize = 501 }));
    }

    [Fact]
    public async Task A_snooze_ends_by_itself()
    {
        var run = await ImportAsync();
        var until = Clock.GetUtcNow().AddDays(7);
        await Store.Inbox.ChangeAsync(run, ItemKind.Finding, Age, new() { SnoozedUntil = until }, "ana", Stop);
        async Task<int> Count(ItemStatus status) =>
            (await Store.Inbox.ListAsync(run, new() { Status = status }, Stop)).Entries.Total;
        (await Count(ItemStatus.Snoozed), await Count(ItemStatus.Open)).ShouldBe((1, 3));
        Clock.Advance(TimeSpan.FromDays(7));
        (await Count(ItemStatus.Snoozed), await Count(ItemStatus.Open)).ShouldBe((0, 4));
        (await Store.Inbox.ListAsync(run, new(), Stop)).Statuses[ItemStatus.Open].ShouldBe(4);
    }

    [Fact]
    public async Task What_was_changed_in_between_is_a_conflict()
    {
        var run = await ImportAsync();
        Task<ItemState> Change(ItemStatus status, int? seen) =>
            Store.Inbox.ChangeAsync(
                run,
                ItemKind.Action,
                Retire,
                new() { Status = status, SeenVersion = seen },
                "ana",
                Stop
            );
        (await Change(ItemStatus.Accepted, 0)).Version.ShouldBe(1);
        var error = await Should.ThrowAsync<CatalogueException>(() => Change(ItemStatus.Rejected, 0));
        error.Problem.ShouldBe(CatalogueProblem.Conflict);
        (await Change(ItemStatus.Done, 1)).Version.ShouldBe(2);
        // The same again changes nothing and is not in the audit trail.
        (await Change(ItemStatus.Done, null)).Version.ShouldBe(2);
        (await Store.Audit.ListAsync($"action:{run}:{Retire}", stop: Stop)).Total.ShouldBe(2);
    }

    [Fact]
    public async Task What_makes_no_sense_is_refused()
    {
        var run = await ImportAsync();
        async Task<CatalogueProblem> Problem(string id, ItemChange change) =>
            (
                await Should.ThrowAsync<CatalogueException>(() =>
                    Store.Inbox.ChangeAsync(run, ItemKind.Action, id, change, "ana", Stop)
                )
            ).Problem;
        (await Problem("none", new() { Status = ItemStatus.Done })).ShouldBe(CatalogueProblem.NotFound);
        (await Problem(Retire, new() { Assignee = "nobody" })).ShouldBe(CatalogueProblem.NotFound);
        (await Problem(Retire, new() { Status = ItemStatus.Snoozed })).ShouldBe(CatalogueProblem.Invalid);
        (await Problem(Retire, new() { SnoozedUntil = Clock.GetUtcNow() })).ShouldBe(CatalogueProblem.Invalid);
        (
            await Problem(Retire, new() { Status = ItemStatus.Open, SnoozedUntil = Clock.GetUtcNow().AddDays(1) })
        ).ShouldBe(CatalogueProblem.Invalid);
    }

    [Fact]
    public async Task Assigned_and_given_back()
    {
        var run = await ImportAsync();
        await Store.Users.AddAsync("ben", "Ben", Role.Analyst, "ana", Stop);
        await Store.Inbox.ChangeAsync(run, ItemKind.Action, Retire, new() { Assignee = "ben" }, "ana", Stop);
        (await Store.Inbox.ListAsync(run, new() { Assignee = "ben" }, Stop)).Entries.Total.ShouldBe(1);
        (await Store.Inbox.ListAsync(run, new() { Assignee = "" }, Stop)).Entries.Total.ShouldBe(3);
        await Store.Inbox.ChangeAsync(run, ItemKind.Action, Retire, new() { Assignee = "" }, "ana", Stop);
        (await Store.Inbox.ListAsync(run, new() { Assignee = "" }, Stop)).Entries.Total.ShouldBe(4);
    }

    [Fact]
    public async Task A_decision_sets_the_status_with_it()
    {
        var run = await ImportAsync();
        var subject = SubjectRef.Parse($"action:{run}:{Retire}");
        await Store.Decisions.AddAsync(subject, "accepted", "worth a refit", "eva", Stop);
        await Store.Decisions.AddAsync(subject, "ask legal", "to be safe", "eva", Stop);
        var entry = (await Store.Inbox.FindAsync(run, ItemKind.Action, Retire, Stop))!;
        (entry.Status, entry.Decision!.Choice, entry.Decision.By).ShouldBe((ItemStatus.Accepted, "ask legal", "eva"));
        (await Store.Decisions.ListAsync(subject, Stop))
            .Select(d => d.Reason)
            .ShouldBe(["worth a refit", "to be safe"]);
        (await Store.Decisions.LogAsync(stop: Stop)).Total.ShouldBe(2);
        (await Store.Decisions.LogAsync(studyId: 4711, stop: Stop)).Total.ShouldBe(0);
        await Should.ThrowAsync<CatalogueException>(() =>
            Store.Decisions.AddAsync(subject, "accepted", " ", "eva", Stop)
        );
        // What was refused left nothing.
        (await Store.Decisions.LogAsync(stop: Stop)).Total.ShouldBe(2);
    }
}

public sealed class SqliteInboxTests(PostgresServer server) : InboxTests<OnSqlite>(server);

public sealed class PostgresInboxTests(PostgresServer server) : InboxTests<OnPostgres>(server);
