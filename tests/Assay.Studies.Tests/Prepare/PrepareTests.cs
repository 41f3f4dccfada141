using Assay.Onnx;
using Assay.Statistics;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Studies.Tests;

public sealed class PrepareTests : IDisposable
{
    private const string Rows =
        "SELECT 'u' || (i % 900) AS usr, (i // 900) % 4 AS req, i % 900 % 4 AS of_user, (i + i // 900) % 4 AS of_row, "
        + "CAST(i % 900 + ((i // 900) % 4) AS DOUBLE) AS of_request, CAST(hash(i) % 5 = 0 AS INTEGER) AS label FROM range(10000) t(i)";

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    private PreparedSplit Prepare(int threads, string into)
    {
        Directory.CreateDirectory(Path.Combine(folder[into], "prepared"));
        var features = """
            features:
              - {feature: of_user, kind: categorical, input: ids, column: 0}
              - {feature: of_row, kind: categorical, input: ids, column: 1}
              - {feature: of_request, kind: numeric, input: dense}
            """;
        var binding = FeatureDictionary
            .Load(folder.File("f.yaml", features))
            .Bind([
                ValueInfos.Tensor("ids", DataType.Int64, "b", 2),
                ValueInfos.Tensor("dense", DataType.Float, "b", 1),
            ]);
        var study = StudyDefinition.Load(
            folder.File(
                "study.yaml",
                """
                model: m.onnx
                dictionary: f.yaml
                data: {explain: d.parquet}
                label: label
                cluster: usr
                request: req
                segments:
                  of_user: of_user
                  binned: {column: of_request, bins: [1, 450]}
                  quarters: {column: of_request, quantiles: 4}
                  flags: {sql: {even: "of_row % 2 = 0", high: "of_row > 1"}}
                  stage: {journey: {start: "req = 0", later: "req < 3"}}
                """
            )
        );
        folder.Parquet("d.parquet", Rows);
        using var preparer = new Preparer(study, binding, "explain", study.Explain, folder[into], threads);
        var segments = study.Segments.Select(s => SegmentColumn.Resolve(s, preparer.Duck, preparer.Table)).ToArray();
        return preparer.Run(segments, "hash", "data", CancellationToken.None);
    }

    [Fact]
    public void Blocks_hold_whole_clusters_in_order_and_depend_on_the_data_only()
    {
        var one = Prepare(1, "a");
        var two = Prepare(2, "b");
        File.ReadAllBytes(PreparedSplit.ParquetPath(folder["a"], "explain"))
            .ShouldBe(File.ReadAllBytes(PreparedSplit.ParquetPath(folder["b"], "explain")));
        // ceil(10000 / 4096) blocks.
        one.Blocks.Select(b => b.Number).ShouldBe([0, 1, 2]);
        one.Blocks.Sum(b => b.Rows).ShouldBe(10000);
        (one.Clusters, one.Requests, one.Rows).ShouldBe((900, 3600, 10000));
        using var reader = ColumnReader.Open(PreparedSplit.ParquetPath(folder["a"], "explain"));
        var seen = new HashSet<long>();
        var last = (-1, -1, -1L);
        var rows = new HashSet<long>();
        foreach (var (block, group) in one.Blocks.Select((b, g) => (b, g)))
        {
            var cluster = reader.Read<int>(group, "cluster");
            var key = reader.Read<long>(group, "cluster_key");
            var request = reader.Read<int>(group, "request");
            var row = reader.Read<long>(group, "row");
            for (var i = 0; i < row.Length; i++)
            {
                // The definition: block = StableHash(cluster key) mod blocks.
                (StableHash.Of($"u{row[i] % 900}") % 3).ShouldBe((ulong)block.Number);
                ((long)StableHash.Of($"u{row[i] % 900}")).ShouldBe(key[i]);
                var here = (cluster[i], request[i], row[i]);
                here.CompareTo(last).ShouldBePositive();
                last = here;
                rows.Add(row[i]);
            }
            key.Distinct().ShouldAllBe(k => seen.Add(k));
        }
        rows.Count.ShouldBe(10000);
    }

    [Fact]
    public void Levels_are_found_from_the_data()
    {
        var levels = Prepare(1, "a").Levels;
        levels["of_user"].ShouldBe(Level.Cluster);
        levels["of_row"].ShouldBe(Level.Request);
        levels["of_request"].ShouldBe(Level.Request);
    }

    [Fact]
    public void Segments_of_every_kind_are_coded()
    {
        var prepared = Prepare(1, "a");
        prepared
            .Segments.Select(s => s.Dimension)
            .ShouldBe(["of_user", "binned", "quarters", "flags", "flags", "stage"]);
        prepared.Segments[0].Labels.Order().ShouldBe(["0", "1", "2", "3"]);
        prepared.Segments[1].Labels.Order().ShouldBe(["1 to < 450", "< 1", "≥ 450"]);
        prepared.Segments[2].Labels.Count.ShouldBe(4);
        prepared.Segments[5].Labels.Order().ShouldBe(["(none)", "later", "start"]);
        using var reader = ColumnReader.Open(PreparedSplit.ParquetPath(folder["a"], "explain"));
        var even = reader.Read<int>(0, "segment:3");
        var ofRow = reader.Read<long>(0, "x:of_row");
        for (var i = 0; i < even.Length; i++)
            (even[i] == 0).ShouldBe(ofRow[i] % 2 == 0);
    }

    [Fact]
    public void Real_rows_are_prepared_as_they_are()
    {
        var models = Path.Combine(RealCase.Folder, "models");
        var model = OnnxModel.Load(RealCase.Model("din"));
        var binding = FeatureDictionary.Load(Path.Combine(models, "din.features.json")).Bind([.. model.Graph.Inputs]);
        var study = new StudyDefinition
        {
            Name = "real",
            Model = "",
            Dictionary = "",
            Explain = DataSource.FromFile(Path.Combine(RealCase.Folder, "data", "valid.parquet")),
            Label = "bought",
            Cluster = "household_id",
            Request = "trip_id",
            Item = "product_id",
        };
        Directory.CreateDirectory(folder["prepared"]);
        using var preparer = new Preparer(study, binding, "explain", study.Explain, folder.Path, 2);
        var prepared = preparer.Run([], "hash", "data", CancellationToken.None);
        // Rows, trips and households of data/README.md; exactly a fifth of every trip is positive.
        (prepared.Rows, prepared.Requests, prepared.Clusters).ShouldBe((43095, 5379, 1705));
        (prepared.LowestRequestRate, prepared.HighestRequestRate).ShouldBe((0.2, 0.2));
        prepared.Levels["age"].ShouldBe(Level.Cluster);
        prepared.Levels["store"].ShouldBe(Level.Request);
        prepared.Levels["product"].ShouldBe(Level.Row);
    }
}
