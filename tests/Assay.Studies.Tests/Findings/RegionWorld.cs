using Assay.Onnx;
using Assay.Statistics;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Studies.Tests;

/// <summary>
/// A world in which recency drives the north and popularity the south: logit = a[region] · recency + b[region] · popularity
/// + 0.3 · price − 1, and the model is that logit. Badge is a copy of popularity with noise that nobody reacts to, frequency goes
/// along with recency; the device is drawn by lot. Users have a region and a device; rows have the rest.
/// </summary>
internal sealed class RegionWorld : IDisposable
{
    private const int Users = 600,
        RowsPerUser = 12;
    private static readonly string[] Numbers = ["recency", "popularity", "price", "badge", "frequency"];

    // padding, north, south, east; columns as Numbers.
    private static readonly float[] Weights =
    [
        .. (float[])[0, 0, 0, 0, 0],
        .. (float[])[1.6f, 0.3f, 0.3f, 0, 0],
        .. (float[])[0.3f, 1.6f, 0.3f, 0, 0],
        .. (float[])[0.9f, 0.9f, 0.3f, 0, 0],
    ];

    public RegionWorld(bool alike = false)
    {
        Model(alike).Save(Folder["model.onnx"]);
        Folder.File("labels.json", """{"region": {"labels": ["", "north", "south", "east"]}}""");
        Folder.File(
            "features.yaml",
            """
            features:
              - {feature: region, kind: categorical, input: ids, column: 0, vocabulary_size: 4, padding_id: 0, dictionary: region}
              - {feature: recency, kind: numeric, input: dense, column: 0, training_mean: 0}
              - {feature: popularity, kind: numeric, input: dense, column: 1, training_mean: 0}
              - {feature: price, kind: numeric, input: dense, column: 2, training_mean: 0}
              - {feature: badge, kind: numeric, input: dense, column: 3, training_mean: 0}
              - {feature: frequency, kind: numeric, input: dense, column: 4, training_mean: 0}
            """
        );
        Write("explain.parquet", 0, alike);
        Write("holdout.parquet", 1, alike);
        Folder.File("study.yaml", Yaml);
    }

    public const string Yaml = """
        name: two regions
        model: model.onnx
        dictionary: features.yaml
        vocabularies: labels.json
        data: {explain: explain.parquet, holdout: holdout.parquet}
        label: label
        cluster: shopper_id
        segments: [region, device]
        methods: [integrated-gradients, permutation, conditional-permutation]
        replicates: 300
        """;

    public TempFolder Folder { get; } = new();

    public StudyResult Run(string folder = "run", string added = "") =>
        StudyRunner.Run(
            StudyDefinition.Load(Folder.File($"{folder}.yaml", $"{Yaml}\n{added}")),
            Folder[folder],
            new RunOptions { Threads = 2 }
        );

    public void Dispose() => Folder.Dispose();

    private static float[] Table(bool alike) =>
        alike ? [.. Weights.Take(5), .. Weights.TakeLast(5), .. Weights.TakeLast(5), .. Weights.TakeLast(5)] : Weights;

    private static OnnxModel Model(bool alike) =>
        new SmallModel()
            .Input("ids", DataType.Int64, "batch", 1)
            .Input("dense", DataType.Float, "batch", Numbers.Length)
            .Tensor("zero", TensorData.Scalar(0L))
            .Tensor("table", TensorData.From(Table(alike), 4, Numbers.Length))
            .Tensor("ones", TensorData.From([1f, 1, 1, 1, 1], Numbers.Length, 1))
            .Tensor("bias", TensorData.From([-1f], 1))
            .Node("Gather ids zero -> region", ("axis", 1L))
            .Node("Gather table region -> weights", ("axis", 0L))
            .Node("Mul dense weights -> parts")
            .Node("MatMul parts ones -> sum")
            .Node("Add sum bias -> logit")
            .Output("logit", DataType.Float, "batch", 1)
            .Load();

    private void Write(string name, ulong part, bool alike)
    {
        var n = Users * RowsPerUser;
        var (shopper, region, label) = (new string[n], new int[n], new int[n]);
        var device = new string[n];
        var columns = Numbers.Select(_ => new double[n]).ToArray();
        var table = Table(alike);
        for (var i = 0; i < n; i++)
        {
            var random = new CounterRandom(7, $"regions/{part}", (ulong)i);
            var user = i / RowsPerUser;
            shopper[i] = $"s{part}-{user}";
            region[i] = 1 + user % 3;
            device[i] = user / 3 % 2 == 0 ? "mobile" : "desktop";
            var (recency, popularity, price) = (random.NextNormal(), random.NextNormal(), random.NextNormal());
            double[] row =
            [
                recency,
                popularity,
                price,
                popularity + 0.7 * random.NextNormal(),
                0.6 * recency + 0.8 * random.NextNormal(),
            ];
            var logit = -1.0;
            for (var c = 0; c < row.Length; c++)
            {
                columns[c][i] = row[c];
                logit += table[region[i] * row.Length + c] * row[c];
            }
            label[i] = random.NextBool(1 / (1 + Math.Exp(-logit))) ? 1 : 0;
        }
        RowFile.Write(
            Folder[name],
            [
                ("shopper_id", shopper),
                ("region", region),
                ("device", device),
                .. Numbers.Zip(columns, (n, c) => (n, (Array)c)),
                ("label", label),
            ]
        );
    }
}
