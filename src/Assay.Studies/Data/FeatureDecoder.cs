using Assay.Onnx;
using DuckDB.NET.Data;

namespace Assay.Studies;

/// <summary>Reads one feature's value out of a row, applies the rules for what is missing, and checks the rest.</summary>
internal sealed class FeatureDecoder(DataTable table, BoundFeature feature, int ordinal)
{
    private readonly FeatureEntry entry = feature.Entry;

    public BoundFeature Feature => feature;

    /// <summary>Fills <paramref name="values"/>, one number for each element of the feature.</summary>
    public void Read(DuckDBDataReader reader, long row, Span<double> values)
    {
        if (!entry.IsList)
            values[0] = entry.HasIds
                ? Id(reader.IsDBNull(ordinal) ? null : reader.GetInt64(ordinal), row)
                : Number(reader.IsDBNull(ordinal) ? null : reader.GetDouble(ordinal), row);
        else if (reader.IsDBNull(ordinal))
            Empty(values, row);
        else if (entry.HasIds)
            Ids(reader.GetFieldValue<List<long?>>(ordinal), row, values);
        else
            Numbers(reader.GetFieldValue<List<double?>>(ordinal), row, values);
    }

    private double Id(long? value, long row)
    {
        if (value is not { } id)
            return Missing(row);
        if (id >= 0 && (entry.VocabularySize is not { } size || id < size))
            return id;
        if (entry.Missing == MissingRule.Oov)
            return entry.OovId!.Value;
        var range = entry.VocabularySize is { } n ? $"the vocabulary 0 … {n - 1}" : "the ids, which start at 0";
        throw Error(row, $"id {id} is outside {range}; correct it or declare 'missing: oov'");
    }

    private double Number(double? value, long row)
    {
        if (value is not { } number)
            return Missing(row);
        // The model computes in float32, so a number beyond its range is as bad as infinity.
        return float.IsFinite((float)number)
            ? number
            : throw Error(
                row,
                double.IsFinite(number)
                    ? $"{number:R} is beyond the range of float32; scale it"
                    : $"the value is {(double.IsNaN(number) ? "NaN" : "infinite")}; make it NULL with a 'missing' rule, or drop the row"
            );
    }

    private double Missing(long row) =>
        entry.Missing switch
        {
            MissingRule.Oov => entry.OovId!.Value,
            MissingRule.Padding => entry.PaddingId ?? 0,
            MissingRule.Mean => entry.TrainingMean!.Value,
            MissingRule.Value => entry.MissingValue,
            _ => throw Error(
                row,
                "the value is NULL; declare in the dictionary what stands for it ('missing: oov, padding, mean' or a number)"
            ),
        };

    private void Empty(Span<double> values, long row)
    {
        if (entry.Missing == MissingRule.Error)
            Missing(row);
        values.Fill(entry.HasIds ? entry.PaddingId ?? 0 : Missing(row));
    }

    private void Ids(List<long?> list, long row, Span<double> values)
    {
        var kept = Math.Min(list.Count, values.Length);
        var from = entry.KeepsFirst ? 0 : list.Count - kept;
        var to = entry.PadsLeft ? values.Length - kept : 0;
        values.Fill(entry.PaddingId ?? 0);
        for (var i = 0; i < kept; i++)
            values[to + i] = Id(list[from + i], row);
    }

    private void Numbers(List<double?> list, long row, Span<double> values)
    {
        if (list.Count != values.Length)
            throw Error(row, $"the list has {list.Count} numbers, not {values.Length}");
        for (var i = 0; i < values.Length; i++)
            values[i] = Number(list[i], row);
    }

    private AssayException Error(long row, string what) =>
        AssayException.Input($"{table.Place(row)}, column '{entry.Source}' (feature '{entry.Name}'): {what}.");
}
