namespace Assay.Worlds.Simulation;

/// <summary>Writes one row's features by name.</summary>
internal readonly struct RowWriter(WorldTable table, int row)
{
    /// <summary>A categorical value, given as the position among its labels.</summary>
    public void Label(string feature, int label) => table[feature].Set(row, WorldFeature.FirstLabel + label);

    public void Number(string feature, float value) => table[feature].Set(row, value);

    public void Sequence(string feature, ReadOnlySpan<int> ids) => table[feature].Set(row, ids);
}
