using System.Text.Json;
using DuckDB.NET.Data;

namespace Assay.Worlds.Tests;

public sealed class WorldFilesTests(SmallWorld fixture) : IClassFixture<SmallWorld>, IDisposable
{
    private readonly World world = fixture.World;
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("assay-world");

    public void Dispose() => folder.Delete(recursive: true);

    /// <summary>DuckDB, an independent reader of Parquet, finds what was written.</summary>
    [Fact]
    public async Task Another_reader_finds_the_same_values()
    {
        var rows = world.RowsOf(WorldSplit.Explain);
        var path = Path.Combine(folder.FullName, "explain.parquet");
        await world.WriteParquetAsync(rows, path, TestContext.Current.CancellationToken);
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText =
            $"select user_id, region, popularity, metadata_quality, history, click, time from '{path}'";
        using var reader = command.ExecuteReader();
        foreach (var row in rows)
        {
            reader.Read().ShouldBeTrue();
            reader.GetInt64(0).ShouldBe(world.UserIds[row]);
            reader.GetInt32(1).ShouldBe(world.Table[WorldFeatures.Region].Id(row));
            reader.GetFloat(2).ShouldBe(world.Table[WorldFeatures.Popularity].Number(row));
            var quality = world.Table[WorldFeatures.Quality].Numbers[row];
            reader.IsDBNull(3).ShouldBe(float.IsNaN(quality));
            ((List<int>)reader.GetValue(4)).ShouldBe(world.Table[WorldFeatures.History].Sequence(row).ToArray());
            reader.GetInt32(5).ShouldBe(world.Labels[row]);
            reader.GetDateTime(6).ShouldBe(world.Times[row]);
        }
        reader.Read().ShouldBeFalse();
    }

    [Fact]
    public void Every_id_has_a_text()
    {
        using var json = JsonDocument.Parse(WorldFiles.VocabularyJson());
        foreach (var f in WorldFeatures.All.Where(f => f.VocabularySize > 0))
            json.RootElement.GetProperty(f.Name).GetProperty("labels").GetArrayLength().ShouldBe(f.VocabularySize);
    }
}
