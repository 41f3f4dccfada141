using Assay.Onnx;
using Assay.Statistics;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Studies.Tests;

/// <summary>
/// A linear model of dependent features whose conditional distributions are known: a and b normal with correlation 0.8; twin
/// equals copy; alone stands alone; kind is an id with P(kind = k | alone) ∝ exp(Lean[k] · alone); home and work are
/// numbers of the user with correlation 0.6; brand is an id of 40 values whose maker is brand mod 4.
/// </summary>
internal sealed class GaussWorld : IDisposable
{
    public const int Users = 600;
    public const int PerUser = 10;
    public static readonly double[] Lean = [0, -2, 0, 2];
    public static readonly float[] Kind = [0, -1, 0.5f, 1];
    public static readonly float[] Maker = [-1, 0, 0.5f, 1];
    public static readonly string[] Numbers = ["a", "b", "twin", "copy", "alone", "home", "work"];
    public static readonly float[] Weights = [1, -0.5f, 1, 0.5f, 0.7f, 0.8f, 0.5f];

    public GaussWorld()
    {
        Model().Save(Folder["model.onnx"]);
        var numbers = Numbers.Select(
            (n, i) => $"  - {{feature: {n}, kind: numeric, input: dense, column: {i}, training_mean: 0}}"
        );
        Folder.File(
            "features.yaml",
            "features:\n"
                + string.Join('\n', numbers)
                + """

                  - {feature: kind, kind: categorical, input: ids, column: 0, vocabulary_size: 4, padding_id: 0}
                  - {feature: brand, kind: categorical, input: ids, column: 1, vocabulary_size: 41, padding_id: 0}
                  - {feature: maker, kind: categorical, input: ids, column: 2, vocabulary_size: 5, padding_id: 0}
                groups: {pair: [a, b], twins: [twin, copy]}
                """
        );
        Write();
    }

    public TempFolder Folder { get; } = new();

    public StudyResult Run(string methods, string folder = "run", RunOptions? options = null) =>
        StudyRunner.Run(
            StudyDefinition.Load(
                Folder.File(
                    "study.yaml",
                    $$"""
                    model: model.onnx
                    dictionary: features.yaml
                    data: {explain: rows.parquet}
                    label: label
                    cluster: usr
                    replicates: 100
                    methods: {{methods}}
                    """
                )
            ),
            Folder[folder],
            options ?? new RunOptions { Threads = 2 }
        );

    /// <summary>Mean squared change of the logit, of a column of scores.</summary>
    public double Moved(string run, string column)
    {
        var (sum, rows) = (0.0, 0);
        foreach (var file in Directory.GetFiles(Path.Combine(Folder[run], "scores")))
        {
            using var reader = ColumnReader.Open(file);
            foreach (var (was, now) in reader.Read<float>(0, "score").Zip(reader.Read<float>(0, column)))
                (sum, rows) = (sum + (was - now) * (was - now), rows + 1);
        }
        return sum / rows;
    }

    public static double[] KindGiven(double alone)
    {
        var p = Enumerable.Range(1, 3).Select(k => Math.Exp(Lean[k] * alone)).ToArray();
        return [.. p.Select(v => v / p.Sum())];
    }

    public void Dispose() => Folder.Dispose();

    private static OnnxModel Model() =>
        new SmallModel()
            .Input("ids", DataType.Int64, "batch", 3)
            .Input("dense", DataType.Float, "batch", Numbers.Length)
            .Tensor("zero", TensorData.Scalar(0L))
            .Tensor("two", TensorData.Scalar(2L))
            .Tensor("kinds", TensorData.From(Kind, 4, 1))
            .Tensor("makers", TensorData.From([0, .. Maker], 5, 1))
            .Tensor("weights", TensorData.From(Weights, Numbers.Length, 1))
            .Node("Gather ids zero -> kind", ("axis", 1L))
            .Node("Gather ids two -> maker", ("axis", 1L))
            .Node("Gather kinds kind -> k", ("axis", 0L))
            .Node("Gather makers maker -> m", ("axis", 0L))
            .Node("MatMul dense weights -> d")
            .Node("Add k m -> km")
            .Node("Add km d -> logit")
            .Output("logit", DataType.Float, "batch", 1)
            .Load();

    private void Write()
    {
        const int n = Users * PerUser;
        var usr = new string[n];
        var numbers = Numbers.Select(_ => new double[n]).ToArray();
        var (kind, brand, maker, label, region) = (new int[n], new int[n], new int[n], new int[n], new int[n]);
        for (var i = 0; i < n; i++)
        {
            var user = new CounterRandom(3, "user", (ulong)(i / PerUser));
            var random = new CounterRandom(3, "row", (ulong)i);
            usr[i] = $"u{i / PerUser}";
            var (a, home) = (random.NextNormal(), user.NextNormal());
            var (twin, alone) = (random.NextNormal(), random.NextNormal());
            double[] row =
            [
                a,
                0.8 * a + 0.6 * random.NextNormal(),
                twin,
                twin,
                alone,
                home,
                0.6 * home + 0.8 * user.NextNormal(),
            ];
            for (var f = 0; f < row.Length; f++)
                numbers[f][i] = row[f];
            var p = KindGiven(alone);
            var u = random.NextDouble();
            kind[i] =
                u < p[0] ? 1
                : u < p[0] + p[1] ? 2
                : 3;
            brand[i] = 1 + random.NextInt(40);
            maker[i] = 1 + brand[i] % 4;
            region[i] = a > 0 ? 1 : 0;
            var logit = row.Zip(Weights, (x, w) => x * w).Sum() + Kind[kind[i]] + Maker[maker[i] - 1];
            label[i] = random.NextBool(1 / (1 + Math.Exp(-logit))) ? 1 : 0;
        }
        RowFile.Write(
            Folder["rows.parquet"],
            [
                ("usr", usr),
                .. Numbers.Zip(numbers, (n, c) => (n, (Array)c)),
                ("kind", kind),
                ("brand", brand),
                ("maker", maker),
                ("region", region),
                ("label", label),
            ]
        );
    }
}
