using System.Runtime.InteropServices;

namespace Assay.Worlds;

/// <summary>One column: ids for categorical and sequence features, numbers for numeric ones.</summary>
public sealed class WorldColumn
{
    private readonly float[] numbers;
    private readonly int[] ids;

    internal WorldColumn(WorldFeature feature, int rows)
    {
        Feature = feature;
        numbers = feature.Kind == FeatureKind.Numeric ? new float[rows] : [];
        ids = feature.Kind == FeatureKind.Numeric ? [] : new int[rows * feature.Width];
    }

    /// <summary>The feature held.</summary>
    public WorldFeature Feature { get; }

    /// <summary>The numbers, one per row, NaN where missing; empty unless numeric.</summary>
    public ReadOnlySpan<float> Numbers => numbers;

    /// <summary>The ids, <see cref="WorldFeature.Width"/> per row; empty if numeric.</summary>
    public ReadOnlySpan<int> Ids => ids;

    /// <summary>A number, with the declared value in place of a missing one.</summary>
    public float Number(int row) => float.IsNaN(numbers[row]) ? Feature.MissingValue ?? float.NaN : numbers[row];

    /// <summary>A categorical feature's id.</summary>
    public int Id(int row) => ids[row];

    /// <summary>The ids of one row of a sequence.</summary>
    public ReadOnlySpan<int> Sequence(int row) => ids.AsSpan(row * Feature.Width, Feature.Width);

    /// <summary>The column's bytes, for hashing.</summary>
    public ReadOnlySpan<byte> Bytes =>
        Feature.Kind == FeatureKind.Numeric ? MemoryMarshal.AsBytes<float>(numbers) : MemoryMarshal.AsBytes<int>(ids);

    internal void Set(int row, float value) => numbers[row] = value;

    internal void Set(int row, int id) => ids[row] = id;

    internal void Set(int row, ReadOnlySpan<int> sequence) => sequence.CopyTo(ids.AsSpan(row * Feature.Width));
}

/// <summary>Columns over the same rows, in the order of <see cref="WorldFeatures.All"/>.</summary>
public sealed class WorldTable
{
    private readonly WorldColumn[] columns;

    internal WorldTable(int rows)
    {
        Rows = rows;
        columns = [.. WorldFeatures.All.Select(f => new WorldColumn(f, rows))];
    }

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>The columns, in feature order.</summary>
    public IReadOnlyList<WorldColumn> Columns => columns;

    /// <summary>The column of a feature; throws <see cref="ArgumentException"/> naming an unknown one.</summary>
    public WorldColumn this[string feature] => columns[WorldFeatures.IndexOf(feature)];
}

/// <summary>One row of a table.</summary>
public readonly record struct WorldRow(WorldTable Table, int Index);
