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

    /// <summary>Factor of all effects: 0 leaves the base rate and nothing to learn.</summary>
    public double SignalStrength { get; init; } = 1;

    /// <summary>Factor of what features do together beyond what they do alone; 0 plants no interaction.</summary>
    public double InteractionStrength { get; init; } = 1;

    /// <summary>Share of the rows with a coupon.</summary>
    public double CouponShare { get; init; } = 0.01;

    /// <summary>Share of the candidates that follow the user's taste; ties recency, frequency and history together.</summary>
    public double TasteShare { get; init; } = 0.5;

    /// <summary>Spread of the noise in the logging policy's order, beside a popularity of spread 1: little of it confounds position with popularity.</summary>
    public double PolicyNoise { get; init; } = 1.2;

    /// <summary>Spread of the noise between popularity, of spread 1, and its proxy.</summary>
    public double ProxyNoise { get; init; } = 0.25;

    internal void Validate()
    {
        foreach (var share in (double[])[CouponShare, TasteShare])
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(share, 0);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(share, 1);
        }
        foreach (var size in (double[])[SignalStrength, InteractionStrength, PolicyNoise, ProxyNoise])
            ArgumentOutOfRangeException.ThrowIfLessThan(size, 0);
        ArgumentOutOfRangeException.ThrowIfLessThan(Users, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(RequestsPerUser, 3);
        ArgumentOutOfRangeException.ThrowIfLessThan(CandidatesPerRequest, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(Items, CandidatesPerRequest);
        ArgumentOutOfRangeException.ThrowIfLessThan(UntouchedShare, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(UntouchedShare, 1);
    }
}
