namespace Assay.Statistics;

/// <summary>
/// The clusters × replicates weights in tiles of <see cref="Lanes"/> replicates, each tile stored cluster by cluster.
/// A tile is made when first asked for and kept if all fit into the cache; making it twice gives the same bytes, so
/// threads need no lock.
/// </summary>
internal sealed class ReplicateWeights
{
    public const int Lanes = 8;
    private readonly ulong[] _keys;
    private readonly ulong _seed;
    private readonly byte[]?[]? _cache;

    public ReplicateWeights(ReadOnlySpan<ulong> keys, ulong seed, int replicates, long cacheBytes)
    {
        _keys = keys.ToArray();
        _seed = seed;
        Tiles = (replicates + Lanes - 1) / Lanes;
        _cache = (long)Tiles * Lanes * keys.Length <= cacheBytes ? new byte[Tiles][] : null;
    }

    public int Tiles { get; }

    public ReadOnlySpan<ulong> Keys => _keys;

    /// <summary>The weights of a tile: cluster c, replicate tile·8 + lane at [c·8 + lane].</summary>
    /// <param name="tile">Which tile.</param>
    /// <param name="scratch">Where to make it when it is not kept; grown as needed and reused by the caller.</param>
    public ReadOnlySpan<byte> Tile(int tile, ref byte[]? scratch)
    {
        var kept = _cache is null ? null : Volatile.Read(ref _cache[tile]);
        if (kept is not null)
            return kept;
        var weights = _cache is null ? scratch ??= new byte[_keys.Length * Lanes] : new byte[_keys.Length * Lanes];
        for (var c = 0; c < _keys.Length; c++)
            PoissonWeights.Fill(_seed, _keys[c], weights.AsSpan(c * Lanes, Lanes), tile * Lanes);
        if (_cache is not null)
            Volatile.Write(ref _cache[tile], weights);
        return weights;
    }
}
