using Assay.Studies;
using Assay.Studies.Tests;

namespace Assay.Server.Tests;

/// <summary>
/// The world of two regions with display names that are no columns' names, studied once for all tests of a class. Recency
/// drives the north and popularity the south, as planted.
/// </summary>
public sealed class StudiedRegions : IDisposable
{
    public StudiedRegions()
    {
        World = new RegionWorld();
        World.Folder.File(
            "features.yaml",
            """
            features:
              - {feature: region, kind: categorical, input: ids, column: 0, vocabulary_size: 4, padding_id: 0, dictionary: region, display_name: Home region, group: user, owner: geo team}
              - {feature: recency, kind: numeric, input: dense, column: 0, training_mean: 0, display_name: Days since last visit, group: history, description: Days since the shopper came last}
              - {feature: popularity, kind: numeric, input: dense, column: 1, training_mean: 0, display_name: What sells, group: item}
              - {feature: price, kind: numeric, input: dense, column: 2, training_mean: 0, display_name: Shelf price, group: item}
              - {feature: badge, kind: numeric, input: dense, column: 3, training_mean: 0, display_name: Best-seller mark, group: item}
              - {feature: frequency, kind: numeric, input: dense, column: 4, training_mean: 0, display_name: Visits a month, group: history}
            """
        );
        World.Run();
        Run = RunFolder.Open(World.Folder["run"]);
    }

    /// <summary>Names of columns that people call something else.</summary>
    internal static readonly string[] Columns = ["recency", "popularity", "badge", "frequency", "shopper_id", "region"];

    internal RegionWorld World { get; }

    internal RunFolder Run { get; }

    internal ViewContext View => ViewContext.Of(Run);

    /// <summary>Numbers of the run as DuckDB reads them: the truth that documents are compared with.</summary>
    internal double[] Sql(string select, string where)
    {
        using var duck = Duck.Open();
        var numbers = new List<double>();
        duck.Read(
            $"SELECT {select} FROM read_parquet('{Run.In("estimates.parquet")}') WHERE {where}",
            r =>
            {
                for (var i = 0; i < r.FieldCount; i++)
                    numbers.Add(r.IsDBNull(i) ? double.NaN : Convert.ToDouble(r.GetValue(i), null));
            }
        );
        return [.. numbers];
    }

    public void Dispose() => World.Dispose();
}
