using Assay.Onnx;

namespace Assay.Studies;

/// <summary>Reads the column of a split's data that holds each row's probability of having been logged.</summary>
internal static class PropensityColumn
{
    public static double[] Read(
        StudyPlan plan,
        PreparedSplit split,
        PreparedReader reader,
        ConfounderDefinition confounder
    )
    {
        var source = split.Name == Splits.Explain ? plan.Study.Explain : plan.Study.Holdout!;
        using var duck = Duck.Open(source.Folder);
        var table = new DataTable(duck, source);
        var value = table.Number(confounder.Propensity!, $"propensity of confounder '{confounder.Name}'");
        var byRow = new Dictionary<long, double>(split.Rows);
        duck.Read(
            $"SELECT __row, coalesce({value}, 'NaN') FROM {table.Relation}",
            r => byRow[r.GetInt64(0)] = r.GetDouble(1)
        );
        return Array.ConvertAll(
            reader.ReadAll<long>(PreparedColumns.Row),
            row =>
                byRow[row] is > 0 and <= 1
                    ? byRow[row]
                    : throw AssayException.Input(
                        $"{table.Place(row)}, column '{confounder.Propensity}': {byRow[row]} is no probability above 0; correct it."
                    )
        );
    }
}
