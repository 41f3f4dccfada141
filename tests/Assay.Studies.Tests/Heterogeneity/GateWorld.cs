using Assay.Onnx;
using Assay.Statistics;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Studies.Tests;

/// <summary>
/// A model whose reliance is planted by region: logit = recency · r[region] + popularity · p[region] − ½. Recency drives the
/// north, popularity the south, both alike the east. The stage of a row (shared by all users) changes nothing; idle does nothing.
/// </summary>
internal sealed class GateWorld : IDisposable
{
    public static readonly string[] Regions = ["north", "south", "east"];
    public static readonly string[] Stages = ["early", "middle", "late"];
    private const int PerUser = 12;
    private static readonly float[] Planted = [0, 0, 0, 1.6f, 0.3f, 0, 0.3f, 1.6f, 0, 0.8f, 0.8f, 0];
    private static readonly float[] Alike = [0, 0, 0, 0.9f, 0.6f, 0, 0.9f, 0.6f, 0, 0.9f, 0.6f, 0];
    private readonly float[] weights;
    private readonly int users;

    public GateWorld(ulong seed = 1, bool alike = false, int users = 360)
    {
        (weights, this.users) = (alike ? Alike : Planted, users);
        Model().Save(Folder["model.onnx"]);
        Folder.File(
            "features.yaml",
            """
            features:
              - {feature: region, kind: categorical, input: ids, column: 0, vocabulary_size: 4, padding_id: 0}
              - {feature: recency, kind: numeric, input: dense, column: 0, training_mean: 0}
              - {feature: popularity, kind: numeric, input: dense, column: 1, training_mean: 0}
              - {feature: idle, kind: numeric, input: dense, column: 2, training_mean: 0}
            """
        );
        Write("explain.parquet", seed, 0);
        Write("holdout.parquet", seed, 1);
    }

    public TempFolder Folder { get; } = new();

    public StudyDefinition Study(string more = "segments: {area: area, stage: stage}") =>
        StudyDefinition.Load(
            Folder.File(
                "study.yaml",
                (more.Contains("replicates") ? "" : "replicates: 300\n")
                    + more
                    + """

                    name: gate
                    model: model.onnx
                    dictionary: features.yaml
                    data: {explain: explain.parquet, holdout: holdout.parquet}
                    label: label
                    cluster: usr
                    methods: [{id: permutation}]
                    """
            )
        );

    public StudyResult Run(string more = "segments: {area: area, stage: stage}", string folder = "run") =>
        StudyRunner.Run(Study(more), Folder[folder], new RunOptions { Threads = 2 });

    public void Dispose() => Folder.Dispose();

    private OnnxModel Model() =>
        new SmallModel()
            .Input("ids", DataType.Int64, "batch", 1)
            .Input("dense", DataType.Float, "batch", 3)
            .Tensor("zero", TensorData.Scalar(0L))
            .Tensor("gates", TensorData.From(weights, 4, 3))
            .Tensor("ones", TensorData.From([1f, 1f, 1f], 3, 1))
            .Tensor("bias", TensorData.From([-0.5f], 1))
            .Node("Gather ids zero -> region", ("axis", 1L))
            .Node("Gather gates region -> gate", ("axis", 0L))
            .Node("Mul dense gate -> gated")
            .Node("MatMul gated ones -> sum")
            .Node("Add sum bias -> logit")
            .Output("logit", DataType.Float, "batch", 1)
            .Load();

    private void Write(string name, ulong seed, ulong part)
    {
        var n = users * PerUser;
        var (user, area, stage) = (new string[n], new string[n], new string[n]);
        var (region, label) = (new int[n], new int[n]);
        var dense = Enumerable.Range(0, 3).Select(_ => new double[n]).ToArray();
        for (var i = 0; i < n; i++)
        {
            var random = new CounterRandom(seed, $"gate/{part}", (ulong)i);
            var u = i / PerUser;
            user[i] = $"u{part}-{u}";
            region[i] = 1 + u % 3;
            area[i] = Regions[u % 3];
            stage[i] = Stages[i % 3];
            var logit = -0.5;
            for (var f = 0; f < 3; f++)
            {
                dense[f][i] = random.NextNormal();
                logit += dense[f][i] * weights[3 * region[i] + f];
            }
            label[i] = random.NextBool(1 / (1 + Math.Exp(-logit))) ? 1 : 0;
        }
        RowFile.Write(
            Folder[name],
            ("usr", user),
            ("area", area),
            ("stage", stage),
            ("region", region),
            ("recency", dense[0]),
            ("popularity", dense[1]),
            ("idle", dense[2]),
            ("label", label)
        );
    }
}
