using Microsoft.EntityFrameworkCore;

namespace Assay.Catalogue;

/// <summary>Users.</summary>
public sealed class UserStore
{
    private readonly CatalogueDatabase database;

    internal UserStore(CatalogueDatabase database) => this.database = database;

    /// <summary>All users by name.</summary>
    public async Task<IReadOnlyList<User>> ListAsync(CancellationToken stop = default)
    {
        await using var db = database.Read();
        return await db.Users.OrderBy(u => u.Name).ThenBy(u => u.Subject).ToListAsync(stop);
    }

    /// <summary>A user; null where there is none.</summary>
    public async Task<User?> FindAsync(string subject, CancellationToken stop = default)
    {
        await using var db = database.Read();
        return await db.Users.SingleOrDefaultAsync(u => u.Subject == subject, stop);
    }

    /// <summary>The user of a sign-in; made with the role given where the catalogue has not met the user.</summary>
    public async Task<User> EnsureAsync(
        string subject,
        string name,
        Role role,
        string actor,
        CancellationToken stop = default
    ) =>
        await FindAsync(subject, stop)
        ?? await database.WriteAsync(
            actor,
            async s => await s.Db.Users.FindAsync([subject], s.Stop) ?? Added(s, subject, name, role),
            stop
        );

    /// <summary>Adds a user.</summary>
    /// <exception cref="CatalogueException">There is one of that subject id.</exception>
    public Task<User> AddAsync(
        string subject,
        string name,
        Role role,
        string actor,
        CancellationToken stop = default
    ) =>
        database.WriteAsync(
            actor,
            async s =>
                await s.Db.Users.AnyAsync(u => u.Subject == subject, s.Stop)
                    ? throw CatalogueException.Conflict($"There is a user '{subject}' already.")
                    : Added(s, subject, name, role),
            stop
        );

    /// <summary>Changes name, role or whether the user may sign in; what is null stays.</summary>
    /// <param name="subject">Whose.</param>
    /// <param name="name">The new name.</param>
    /// <param name="role">The new role.</param>
    /// <param name="isDisabled">Whether the user may no longer sign in.</param>
    /// <param name="seenVersion">The <see cref="User.Version"/> that was seen; null changes whatever is there.</param>
    /// <param name="actor">Who changes it.</param>
    /// <param name="stop">Ends the write.</param>
    /// <exception cref="CatalogueException">No such user; changed by another since; the last admin would be gone.</exception>
    public Task<User> ChangeAsync(
        string subject,
        string? name,
        Role? role,
        bool? isDisabled,
        int? seenVersion,
        string actor,
        CancellationToken stop = default
    ) =>
        database.WriteAsync(
            actor,
            async scope =>
            {
                var user =
                    await scope.Db.Users.FindAsync([subject], scope.Stop)
                    ?? throw CatalogueException.NotFound($"user '{subject}'");
                if (seenVersion is { } seen && seen != user.Version)
                    throw CatalogueException.Conflict("Somebody else changed the user in between; load it again.");
                var before = Shown(user);
                user.Name = name is null ? user.Name : Existing.Text(name, "The name", 200);
                user.Role = role is null ? user.Role : Known(role.Value);
                user.IsDisabled = isDisabled ?? user.IsDisabled;
                var after = Shown(user);
                if (before == after)
                    return user;
                await RequireAdminAsync(scope, user, before);
                user.Version++;
                scope.Record("user.change", $"user:{subject}", before, after);
                return user;
            },
            stop
        );

    private static async Task RequireAdminAsync(WriteScope scope, User user, Snapshot before)
    {
        var wasAdmin = before is { Role: Role.Admin, IsDisabled: false };
        if (!wasAdmin || user is { Role: Role.Admin, IsDisabled: false })
            return;
        if (
            !await scope.Db.Users.AnyAsync(
                u => u.Subject != user.Subject && u.Role == Role.Admin && !u.IsDisabled,
                scope.Stop
            )
        )
            throw CatalogueException.Conflict("This is the last admin; make another one first.");
    }

    private static User Added(WriteScope scope, string subject, string name, Role role)
    {
        var user = new User
        {
            Subject = Existing.Text(subject, "The subject id", 300),
            Name = Existing.Text(name, "The name", 200),
            Role = Known(role),
            Created = scope.Now,
            Version = 1,
        };
        scope.Db.Add(user);
        scope.Record("user.add", $"user:{subject}", null, Shown(user));
        return user;
    }

    private static Role Known(Role role) =>
        Enum.IsDefined(role) ? role : throw CatalogueException.Invalid("There is no such role.");

    private static Snapshot Shown(User user) => new(user.Name, user.Role, user.IsDisabled);

    private sealed record Snapshot(string Name, Role Role, bool IsDisabled);
}
