namespace Assay.Studies.Tests;

/// <summary>Rows of a world as a Parquet file.</summary>
internal static class RowFile
{
    /// <summary>Writes columns of one length: names with arrays of texts, whole numbers or numbers.</summary>
    public static void Write(string path, params IReadOnlyList<(string Name, Array Values)> columns) =>
        Files.Write(
            path,
            stream =>
            {
                using var writer = ColumnWriter.Create(
                    stream,
                    [.. columns.Select(c => new ColumnSpec(c.Name, c.Values.GetType().GetElementType()!))]
                );
                writer.WriteGroup([.. columns.Select(c => c.Values)]);
            }
        );
}
