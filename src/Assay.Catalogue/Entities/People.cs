namespace Assay.Catalogue;

/// <summary>What a user may do; each role includes those before it.</summary>
public enum Role
{
    /// <summary>Reads aggregates, comments.</summary>
    Viewer,

    /// <summary>Sees single rows, assigns and snoozes, starts jobs, uploads.</summary>
    Analyst,

    /// <summary>Decides.</summary>
    Owner,

    /// <summary>Users, keys of others, audit trail.</summary>
    Admin,
}

/// <summary>A person or service.</summary>
public sealed class User
{
    /// <summary>The subject id of whoever vouches for the user; never changes.</summary>
    public required string Subject { get; set; }

    /// <summary>The name that others see and mention.</summary>
    public required string Name { get; set; }

    /// <summary>What the user may do.</summary>
    public Role Role { get; set; }

    /// <summary>May no longer sign in.</summary>
    public bool IsDisabled { get; set; }

    /// <summary>When the catalogue met the user.</summary>
    public DateTimeOffset Created { get; set; }

    /// <summary>Counts the changes.</summary>
    public int Version { get; set; }
}

/// <summary>An API key. Of the secret only a salted hash is kept.</summary>
public sealed class ApiKey
{
    /// <summary>Number of the row.</summary>
    public long Id { get; set; }

    /// <summary>The public part of the key; unique.</summary>
    public required string Prefix { get; set; }

    /// <summary>SHA-256 of salt and secret.</summary>
    internal byte[] Hash { get; set; } = [];

    internal byte[] Salt { get; set; } = [];

    /// <summary>The subject id of the user it acts for.</summary>
    public required string Owner { get; set; }

    /// <summary>What it is for.</summary>
    public required string Name { get; set; }

    /// <summary>What it may be used for; words of the server's.</summary>
    public required string[] Scopes { get; set; }

    /// <summary>It never acts with a higher role than this, nor than its owner's.</summary>
    public Role Ceiling { get; set; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset Created { get; set; }

    /// <summary>From when on it is refused.</summary>
    public DateTimeOffset Expires { get; set; }

    /// <summary>When it was revoked; null where it was not.</summary>
    public DateTimeOffset? Revoked { get; set; }

    /// <summary>When it was last used, to the minute; null where it never was.</summary>
    public DateTimeOffset? LastUsed { get; set; }
}
