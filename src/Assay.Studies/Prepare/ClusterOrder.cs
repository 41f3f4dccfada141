using Assay.Onnx;
using Assay.Statistics;

namespace Assay.Studies;

/// <summary>
/// Puts the clusters of a split into blocks by a hash of their key and numbers them in the order block, hash, key. What
/// block a cluster is in depends on the data only.
/// </summary>
internal static class ClusterOrder
{
    public const int RowsPerBlock = 4096;

    /// <summary>Fills the table <c>__clusters</c> (key, hash, ordinal) and returns each ordinal's block and the number of blocks.</summary>
    public static (int[] BlockOf, int Blocks) Make(Duck duck, DataTable table, string column, long rows)
    {
        var key = $"CAST({Sql.Name(column)} AS VARCHAR)";
        if (duck.Scalar($"SELECT min(__row) FROM {table.Relation} WHERE {Sql.Name(column)} IS NULL") is long missing)
            throw AssayException.Input(
                $"{table.Place(missing)}, column '{column}' (cluster key): the value is NULL; drop such rows with 'where'."
            );
        var blocks = (ulong)((rows + RowsPerBlock - 1) / RowsPerBlock);
        var clusters = duck.Texts($"SELECT DISTINCT {key} FROM {table.Relation}")
            .Select(k => (Key: k!, Hash: StableHash.Of(k!)))
            .OrderBy(c => c.Hash % blocks)
            .ThenBy(c => c.Hash)
            .ThenBy(c => c.Key, StringComparer.Ordinal)
            .ToArray();
        if (clusters.Length == 1)
            throw AssayException.Input(
                $"Data {table.Source.Title}: column '{column}' (cluster key) has the single value '{clusters[0].Key}'; intervals "
                    + "need many independent clusters, so name another column."
            );
        duck.Execute("CREATE TABLE __clusters (__key VARCHAR, __hash BIGINT, __ordinal INTEGER)");
        duck.Append(
            "__clusters",
            appender =>
            {
                for (var i = 0; i < clusters.Length; i++)
                    appender
                        .CreateRow()
                        .AppendValue(clusters[i].Key)
                        .AppendValue(unchecked((long)clusters[i].Hash))
                        .AppendValue(i)
                        .EndRow();
            }
        );
        return ([.. clusters.Select(c => (int)(c.Hash % blocks))], (int)blocks);
    }
}
