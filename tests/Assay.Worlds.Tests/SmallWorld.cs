namespace Assay.Worlds.Tests;

/// <summary>One small world for many tests.</summary>
public sealed class SmallWorld
{
    public static WorldOptions Options { get; } = new() { Users = 300, Items = 200 };

    public World World { get; } = World.Create(Options);
}
