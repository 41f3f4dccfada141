using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace Assay.Catalogue.Tests;

/// <summary>The audit trail: complete, ordered, and noticed where it was edited.</summary>
public abstract class AuditTests<TKind>(PostgresServer server) : CatalogueTests<TKind>(server)
    where TKind : IDatabaseKind, new()
{
    [Fact]
    public async Task Every_write_leaves_before_and_after()
    {
        var run = await ImportAsync();
        await Store.Users.AddAsync("ben", "Ben", Role.Viewer, "ana", Stop);
        Clock.Advance(TimeSpan.FromMinutes(1));
        await Store.Users.ChangeAsync("ben", null, Role.Owner, null, 1, "ana", Stop);
        await Store.Comments.AddAsync(new("run", run, ""), "Hello @ben", "ben", Stop);
        var entries = (await Store.Audit.ListAsync(stop: Stop)).Items;
        entries
            .Select(e => (e.Number, e.Actor, e.Action))
            .ShouldBe([
                (4, "ben", "comment.add"),
                (3, "ana", "user.change"),
                (2, "ana", "user.add"),
                (1, "ana", "run.import"),
            ]);
        entries[1].Before.ShouldBe("""{"name":"Ben","role":"viewer","isDisabled":false}""");
        entries[1].After.ShouldBe("""{"name":"Ben","role":"owner","isDisabled":false}""");
        entries[1].At.ShouldBe(Clock.GetUtcNow());
        entries[0].After!.ShouldContain("\"mentions\":[\"ben\"]");
        (await Store.Audit.CheckAsync(Stop)).ShouldBe(new AuditCheck(4, entries[0].Hash, null));
    }

    [Theory]
    [InlineData("UPDATE audit SET actor = 'nobody' WHERE number = 1")]
    [InlineData("DELETE FROM audit")]
    public async Task The_database_refuses_to_change_it(string sql)
    {
        await ImportAsync();
        var error = await Should.ThrowAsync<DbException>(() => SqlAsync(sql));
        error.Message.ShouldContain("append-only");
        (await Store.Audit.CheckAsync(Stop)).BrokenAt.ShouldBeNull();
    }

    [Fact]
    public async Task The_context_refuses_to_change_it_and_to_write_past_it()
    {
        await ImportAsync();
        await using var database = new CatalogueDatabase(Options, Clock);
        await Should.ThrowAsync<InvalidOperationException>(() =>
            database.WriteAsync(
                "ana",
                async scope =>
                {
                    scope.Db.Remove(await scope.Db.Audit.SingleAsync(Stop));
                },
                Stop
            )
        );
        await using var db = database.Read();
        db.Add(new Study { Name = "past the audit trail" });
        await Should.ThrowAsync<InvalidOperationException>(() => db.SaveChangesAsync(Stop));
    }

    [Theory]
    [InlineData("UPDATE audit SET after = '{}' WHERE number = 2", 2)]
    [InlineData("DELETE FROM audit WHERE number = 2", 2)]
    [InlineData("DELETE FROM audit WHERE number = 1", 1)]
    public async Task Who_takes_the_triggers_away_and_edits_is_noticed(string sql, long at)
    {
        await ImportAsync();
        await Store.Users.AddAsync("ben", "Ben", Role.Viewer, "ana", Stop);
        await Store.Users.AddAsync("eva", "Eva", Role.Viewer, "ana", Stop);
        string[] drops = Options.IsPostgres
            ? ["DROP TRIGGER audit_no_change ON audit"]
            : ["DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete"];
        foreach (var drop in drops)
            await SqlAsync(drop);
        await SqlAsync(sql);
        (await Store.Audit.CheckAsync(Stop)).BrokenAt.ShouldBe(at);
    }

    [Fact]
    public async Task Writers_at_once_leave_one_chain_without_gaps()
    {
        var run = await ImportAsync();
        await using var other = await OpenAsync();
        var subject = new SubjectRef("run", run, "");
        await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(i => (i % 2 == 0 ? Store : other).Comments.AddAsync(subject, $"comment {i}", "ana", Stop))
        );
        var check = await Store.Audit.CheckAsync(Stop);
        (check.Entries, check.BrokenAt).ShouldBe((21, null));
    }
}

public sealed class SqliteAuditTests(PostgresServer server) : AuditTests<OnSqlite>(server);

public sealed class PostgresAuditTests(PostgresServer server) : AuditTests<OnPostgres>(server);
