namespace Assay.Worlds.Simulation;

/// <summary>A middling row, made up: a middling region, numbers near their means, no coupon, an empty history.</summary>
internal static class ReferenceRow
{
    public static WorldRow Make()
    {
        var table = new WorldTable(1);
        var write = new RowWriter(table, 0);
        write.Label(WorldFeatures.Region, 2);
        write.Label(WorldFeatures.Device, 0);
        write.Label(WorldFeatures.AgeBand, 2);
        write.Label(WorldFeatures.Lifecycle, 1);
        write.Label(WorldFeatures.Category, 7);
        write.Number(WorldFeatures.Price, 15);
        write.Number(WorldFeatures.Popularity, 24);
        write.Number(WorldFeatures.Quality, 0.5f);
        write.Number(WorldFeatures.Badge, 0);
        write.Label(WorldFeatures.Coupon, 0);
        write.Label(WorldFeatures.Hour, 2);
        write.Label(WorldFeatures.Season, 1);
        write.Number(WorldFeatures.Position, 3);
        write.Number(WorldFeatures.Recency, 73);
        write.Number(WorldFeatures.Frequency, 1);
        write.Label(WorldFeatures.NoiseUser, 0);
        write.Number(WorldFeatures.NoiseRequest, 0);
        write.Number(WorldFeatures.NoiseRow, 0);
        write.Label(WorldFeatures.NoiseCode, 0);
        return new WorldRow(table, 0);
    }
}
