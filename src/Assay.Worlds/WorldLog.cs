namespace Assay.Worlds;

/// <summary>What a row is for.</summary>
public enum WorldSplit
{
    /// <summary>Fitting.</summary>
    Train,

    /// <summary>The period after training; its rows are explained.</summary>
    Explain,

    /// <summary>The last period, with users never seen before among the others.</summary>
    Holdout,
}

/// <summary>The columns of a world beside its features; one entry per row.</summary>
internal sealed class WorldLog(int rows)
{
    public WorldTable Table { get; } = new(rows);
    public long[] UserIds { get; } = new long[rows];
    public long[] RequestIds { get; } = new long[rows];
    public long[] ItemIds { get; } = new long[rows];
    public DateTime[] Times { get; } = new DateTime[rows];
    public WorldSplit[] Splits { get; } = new WorldSplit[rows];
    public int[] Labels { get; } = new int[rows];
}
