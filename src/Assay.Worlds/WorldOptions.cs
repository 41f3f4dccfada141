namespace Assay.Worlds;

/// <summary>How large a world is. The defaults give about 100,000 rows.</summary>
public sealed record WorldOptions
{
    /// <summary>The seed of everything; who user 17 is depends on it and on nothing else.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Number of users.</summary>
    public int Users { get; init; } = 1800;

    /// <summary>Share of the users who appear in the holdout only.</summary>
    public double UntouchedShare { get; init; } = 0.15;

    /// <summary>Number of items.</summary>
    public int Items { get; init; } = 600;

    /// <summary>Requests of a user over the simulated time: the last is holdout, the one before is explained.</summary>
    public int RequestsPerUser { get; init; } = 8;

    /// <summary>Candidates shown per request: one row each.</summary>
    public int CandidatesPerRequest { get; init; } = 8;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Users, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(RequestsPerUser, 3);
        ArgumentOutOfRangeException.ThrowIfLessThan(CandidatesPerRequest, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(Items, CandidatesPerRequest);
        ArgumentOutOfRangeException.ThrowIfLessThan(UntouchedShare, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(UntouchedShare, 1);
    }
}
