namespace Assay.Catalogue.Tests;

/// <summary>Users, keys, comments and hypotheses.</summary>
public abstract class PeopleTests<TKind>(PostgresServer server) : CatalogueTests<TKind>(server)
    where TKind : IDatabaseKind, new()
{
    [Fact]
    public async Task Users_are_met_once_and_the_last_admin_stays()
    {
        var user = await Store.Users.EnsureAsync("ana", "Ana", Role.Admin, "ana", Stop);
        (await Store.Users.EnsureAsync("ana", "Anna", Role.Viewer, "ana", Stop)).Name.ShouldBe("Ana");
        (await Store.Audit.ListAsync(stop: Stop)).Total.ShouldBe(1);
        async Task<CatalogueProblem> Problem(Func<Task> act) =>
            (await Should.ThrowAsync<CatalogueException>(act)).Problem;
        (await Problem(() => Store.Users.AddAsync("ana", "Ana", Role.Viewer, "ana", Stop))).ShouldBe(
            CatalogueProblem.Conflict
        );
        (await Problem(() => Store.Users.ChangeAsync("ana", null, Role.Viewer, null, null, "ana", Stop))).ShouldBe(
            CatalogueProblem.Conflict
        );
        await Store.Users.AddAsync("eva", "Eva", Role.Admin, "ana", Stop);
        var changed = await Store.Users.ChangeAsync("ana", null, null, true, user.Version, "eva", Stop);
        changed.IsDisabled.ShouldBeTrue();
        (await Problem(() => Store.Users.ChangeAsync("ana", "A", null, null, user.Version, "eva", Stop))).ShouldBe(
            CatalogueProblem.Conflict
        );
        (await Problem(() => Store.Users.ChangeAsync("kim", "K", null, null, null, "eva", Stop))).ShouldBe(
            CatalogueProblem.NotFound
        );
        (await Store.Users.ListAsync(Stop)).Select(u => u.Subject).ShouldBe(["ana", "eva"]);
    }

    [Fact]
    public async Task A_key_holds_until_it_expires_is_revoked_or_its_user_goes()
    {
        await Store.Users.AddAsync("ben", "Ben", Role.Analyst, "ana", Stop);
        var expires = Clock.GetUtcNow().AddDays(30);
        var made = await Store.Keys.AddAsync("ben", "nightly", ["read"], Role.Owner, expires, "ben", Stop);
        var held = (await Store.Keys.VerifyAsync(made.Text, Stop))!;
        (held.User.Subject, held.Role, held.Key.Scopes[0]).ShouldBe(("ben", Role.Analyst, "read"));
        (await Store.Keys.ListAsync("ben", Stop)).Single().LastUsed.ShouldBe(Clock.GetUtcNow());
        var wrong = made.Text[..^2] + (made.Text[^2] == 'A' ? 'B' : 'A') + made.Text[^1];
        foreach (
            var text in (string[])
                [wrong, "", "assay__", made.Text + "x", $"assay_{new string('0', 12)}_{made.Text[19..]}"]
        )
            (await Store.Keys.VerifyAsync(text, Stop)).ShouldBeNull();
        await Store.Users.ChangeAsync("ben", null, Role.Viewer, null, null, "ana", Stop);
        (await Store.Keys.VerifyAsync(made.Text, Stop))!.Role.ShouldBe(Role.Viewer);
        await Store.Users.ChangeAsync("ben", null, null, true, null, "ana", Stop);
        (await Store.Keys.VerifyAsync(made.Text, Stop)).ShouldBeNull();
        await Store.Users.ChangeAsync("ben", null, null, false, null, "ana", Stop);
        Clock.Advance(TimeSpan.FromDays(30));
        (await Store.Keys.VerifyAsync(made.Text, Stop)).ShouldBeNull();
    }

    [Fact]
    public async Task A_revoked_key_is_refused_and_only_its_owner_revokes_it()
    {
        await Store.Users.AddAsync("ben", "Ben", Role.Analyst, "ana", Stop);
        var expires = Clock.GetUtcNow().AddDays(30);
        var made = await Store.Keys.AddAsync("ben", "nightly", [], Role.Viewer, expires, "ben", Stop);
        await Should.ThrowAsync<CatalogueException>(() => Store.Keys.RevokeAsync(made.Key.Id, "eva", "eva", Stop));
        await Store.Keys.RevokeAsync(made.Key.Id, "ben", "ben", Stop);
        (await Store.Keys.VerifyAsync(made.Text, Stop)).ShouldBeNull();
        await Should.ThrowAsync<CatalogueException>(() =>
            Store.Keys.AddAsync("ben", "for ever", [], Role.Viewer, expires.AddYears(2), "ben", Stop)
        );
    }

    [Fact]
    public async Task The_secret_of_a_key_is_nowhere_in_the_database()
    {
        await Store.Users.AddAsync("ben", "Ben", Role.Analyst, "ana", Stop);
        var made = await Store.Keys.AddAsync("ben", "k", [], Role.Viewer, Clock.GetUtcNow().AddDays(1), "ben", Stop);
        var secret = made.Text[19..];
        (await Store.Audit.ListAsync(stop: Stop)).Items.ShouldAllBe(e => !(e.After ?? "").Contains(secret));
        var bytes = System.Buffers.Text.Base64Url.DecodeFromChars(secret);
        made.Key.Hash.ShouldNotBe(bytes);
        made.Key.Hash.ShouldBe(System.Security.Cryptography.SHA256.HashData([.. made.Key.Salt, .. bytes]));
    }

    [Fact]
    public async Task Comments_mention_users_by_their_longest_name()
    {
        var run = await ImportAsync();
        await Store.Users.AddAsync("u1", "Ana", Role.Viewer, "ana", Stop);
        await Store.Users.AddAsync("u2", "Ana Silva", Role.Viewer, "ana", Stop);
        await Store.Users.AddAsync("u3", "Ben", Role.Viewer, "ana", Stop);
        var subject = new SubjectRef("feature", run, "age");
        var comment = await Store.Comments.AddAsync(subject, "@ana silva, see @u3 and @Benny; not a@b", "u1", Stop);
        comment.Mentions.ShouldBe(["u2", "u3"]);
        (await Store.Comments.MentionsAsync("u2", stop: Stop)).Items.Single().Id.ShouldBe(comment.Id);
        (await Store.Comments.ListAsync(subject, stop: Stop)).Single().Text.ShouldStartWith("@ana silva");
    }

    [Theory]
    [InlineData("feature", "none", "text")]
    [InlineData("finding", "none", "text")]
    [InlineData("hypothesis", "999", "text")]
    [InlineData("run", "x", "text")]
    [InlineData("run", "", "  ")]
    [InlineData("run", "", "a\0b")]
    [InlineData("run", "", "a\u0007b")]
    public async Task Comments_on_nothing_or_of_nothing_are_refused(string kind, string id, string text)
    {
        var run = await ImportAsync();
        await Should.ThrowAsync<CatalogueException>(() =>
            Store.Comments.AddAsync(new(kind, run, id), text, "ana", Stop)
        );
        await Should.ThrowAsync<CatalogueException>(() =>
            Store.Comments.AddAsync(new("run", "0123456789ab", ""), "text", "ana", Stop)
        );
        // Half a character; an attribute cannot hold it.
        await Should.ThrowAsync<CatalogueException>(() =>
            Store.Comments.AddAsync(new("run", run, ""), "a" + (char)0xd800, "ana", Stop)
        );
        (await Store.Audit.ListAsync(stop: Stop)).Total.ShouldBe(1);
    }

    [Fact]
    public async Task Hypotheses_of_people_stand_after_those_of_the_run()
    {
        var run = await ImportAsync();
        var added = await Store.Hypotheses.AddAsync(run, "city", "City matters in Norway", null, "ben", Stop);
        (await Store.Hypotheses.ListAsync(run, stop: Stop))
            .Select(h => (h.Expected, h.Verdict))
            .ShouldBe([("Age matters", "supported"), ("City matters in Norway", null)]);
        (await Store.Hypotheses.ListAsync(run, "city", Stop)).Single().Id.ShouldBe(added.Id);
        await Should.ThrowAsync<CatalogueException>(() =>
            Store.Hypotheses.AddAsync(run, "none", "It matters", null, "ben", Stop)
        );
    }
}

public sealed class SqlitePeopleTests(PostgresServer server) : PeopleTests<OnSqlite>(server);

public sealed class PostgresPeopleTests(PostgresServer server) : PeopleTests<OnPostgres>(server);
