using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;

namespace Assay.Catalogue;

/// <summary>A new API key with its secret, which is shown once and kept nowhere.</summary>
/// <param name="Key">What the catalogue keeps.</param>
/// <param name="Text">What its user presents: <c>assay_PREFIX_SECRET</c>.</param>
public sealed record NewKey(ApiKey Key, string Text);

/// <summary>A key that was presented and holds.</summary>
/// <param name="Key">The key.</param>
/// <param name="User">Whom it acts for.</param>
/// <param name="Role">The lower of the key's ceiling and the user's role.</param>
public sealed record HeldKey(ApiKey Key, User User, Role Role);

/// <summary>API keys.</summary>
public sealed class KeyStore
{
    private readonly CatalogueDatabase database;

    internal KeyStore(CatalogueDatabase database) => this.database = database;

    /// <summary>Keys of a user, or of all (null), newest first.</summary>
    public async Task<IReadOnlyList<ApiKey>> ListAsync(string? owner = null, CancellationToken stop = default)
    {
        await using var db = database.Read();
        return await db
            .Keys.Where(k => owner == null || k.Owner == owner)
            .OrderByDescending(k => k.Id)
            .ToListAsync(stop);
    }

    /// <summary>Makes a key with a secret of 256 random bits.</summary>
    /// <exception cref="CatalogueException">No such user; expires in the past or after more than 366 days.</exception>
    public Task<NewKey> AddAsync(
        string owner,
        string name,
        IReadOnlyList<string> scopes,
        Role ceiling,
        DateTimeOffset expires,
        string actor,
        CancellationToken stop = default
    ) =>
        database.WriteAsync(
            actor,
            async scope =>
            {
                await Existing.RequireUserAsync(scope, owner);
                if (expires <= scope.Now || expires > scope.Now.AddDays(366))
                    throw CatalogueException.Invalid("A key expires in the future, within 366 days.");
                if (!Enum.IsDefined(ceiling))
                    throw CatalogueException.Invalid("There is no such role.");
                var secret = RandomNumberGenerator.GetBytes(32);
                var key = new ApiKey
                {
                    Prefix = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6)),
                    Salt = RandomNumberGenerator.GetBytes(16),
                    Owner = owner,
                    Name = Existing.Text(name, "The name", 200),
                    Scopes = [.. scopes.Select(s => Existing.Text(s, "The scope", 100))],
                    Ceiling = ceiling,
                    Created = scope.Now,
                    Expires = Timestamps.Whole(expires),
                };
                key.Hash = HashOf(key.Salt, secret);
                scope.Db.Add(key);
                scope.Record("key.add", () => $"key:{key.Prefix}", null, () => Shown(key));
                return new NewKey(key, $"assay_{key.Prefix}_{Base64Url.EncodeToString(secret)}");
            },
            stop
        );

    /// <summary>What a presented key may do; null where it is unknown, expired, revoked, or its user disabled.</summary>
    public async Task<HeldKey?> VerifyAsync(string text, CancellationToken stop = default)
    {
        if (text.Split('_', 3) is not ["assay", { Length: 12 } prefix, { Length: 43 } encoded])
            return null;
        var secret = new byte[32];
        if (
            !Base64Url.IsValid(encoded)
            || !Base64Url.TryDecodeFromChars(encoded, secret, out var length)
            || length != 32
        )
            return null;
        await using var db = database.Read();
        var key = await db.Keys.SingleOrDefaultAsync(k => k.Prefix == prefix, stop);
        var now = database.Now;
        // The hash is compared even where nothing fits, so that the time taken does not tell which prefixes there are.
        var fits = CryptographicOperations.FixedTimeEquals(
            HashOf(key?.Salt ?? new byte[16], secret),
            key?.Hash ?? new byte[32]
        );
        if (key is null || !fits || key.Revoked is not null || key.Expires <= now)
            return null;
        var user = await db.Users.SingleOrDefaultAsync(u => u.Subject == key.Owner && !u.IsDisabled, stop);
        if (user is null)
            return null;
        if (key.LastUsed is null || now - key.LastUsed >= TimeSpan.FromMinutes(1))
            await db.Keys.Where(k => k.Id == key.Id).ExecuteUpdateAsync(k => k.SetProperty(x => x.LastUsed, now), stop);
        return new(key, user, (Role)Math.Min((int)key.Ceiling, (int)user.Role));
    }

    /// <summary>Revokes a key; twice is as once.</summary>
    /// <param name="id">The key's number.</param>
    /// <param name="owner">Only a key of this user; null: anybody's.</param>
    /// <param name="actor">Who revokes it.</param>
    /// <param name="stop">Ends the write.</param>
    /// <exception cref="CatalogueException">There is no such key.</exception>
    public Task<ApiKey> RevokeAsync(long id, string? owner, string actor, CancellationToken stop = default) =>
        database.WriteAsync(
            actor,
            async scope =>
            {
                var key = await scope.Db.Keys.FindAsync([id], scope.Stop);
                if (key is null || (owner is not null && key.Owner != owner))
                    throw CatalogueException.NotFound(FormattableString.Invariant($"key {id}"));
                if (key.Revoked is not null)
                    return key;
                var before = Shown(key);
                key.Revoked = scope.Now;
                scope.Record("key.revoke", $"key:{key.Prefix}", before, Shown(key));
                return key;
            },
            stop
        );

    private static byte[] HashOf(byte[] salt, byte[] secret) => SHA256.HashData([.. salt, .. secret]);

    private static object Shown(ApiKey k) =>
        new
        {
            k.Owner,
            k.Name,
            k.Scopes,
            k.Ceiling,
            k.Expires,
            k.Revoked,
        };
}
