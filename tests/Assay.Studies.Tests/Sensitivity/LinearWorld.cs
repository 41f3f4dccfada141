using Assay.Onnx;
using Assay.Statistics;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Studies.Tests;

/// <summary>
/// logit = Σ wᵢxᵢ − 5, so that integrated gradients from a baseline b are wᵢ(xᵢ − bᵢ). One number, level, lies far from
/// zero and hardly varies; the others are normal around 0.
/// </summary>
internal sealed class LinearWorld : IDisposable
{
    public const int Users = 200;
    public const int PerUser = 10;
    public static readonly string[] Names = ["level", "a", "b", "c", "d", "idle"];
    public static readonly float[] Weights = [1, 1.2f, -0.8f, 0.5f, 0.3f, 0];
    private static readonly double[] Mean = [5, 0, 0, 0, 0, 0];
    private static readonly double[] Deviation = [0.1, 1, 1, 1, 1, 1];

    public LinearWorld()
    {
        new SmallModel()
            .Input("dense", DataType.Float, "batch", Names.Length)
            .Tensor("weights", TensorData.From(Weights, Names.Length, 1))
            .Tensor("bias", TensorData.From([-5f], 1))
            .Node("MatMul dense weights -> sum")
            .Node("Add sum bias -> logit")
            .Output("logit", DataType.Float, "batch", 1)
            .Load()
            .Save(Folder["model.onnx"]);
        Folder.File(
            "features.yaml",
            "features:\n"
                + string.Join(
                    '\n',
                    Names.Select(
                        (n, i) =>
                            FormattableString.Invariant(
                                $"  - {{feature: {n}, kind: numeric, input: dense, column: {i}, training_mean: {Mean[i]}}}"
                            )
                    )
                )
        );
        Folder.File("far.json", """{"dense": [[10, 0, 0, 0, 0, 0]]}""");
        Rows = Draw();
        RowFile.Write(
            Folder["rows.parquet"],
            [
                .. Names.Select((n, i) => (n, (Array)Rows.Select(r => (double)r[i]).ToArray())),
                ("usr", Enumerable.Range(0, Rows.Length).Select(i => i / PerUser).ToArray()),
                ("label", Labels()),
            ]
        );
    }

    public TempFolder Folder { get; } = new();

    /// <summary>The numbers of each row.</summary>
    public float[][] Rows { get; }

    public StudyDefinition Study(string sensitivity, string methods = "[{id: integrated-gradients, steps: 4}]") =>
        StudyDefinition.Load(
            Folder.File(
                "study.yaml",
                $$"""
                model: model.onnx
                dictionary: features.yaml
                data: {explain: rows.parquet}
                label: label
                cluster: usr
                replicates: 200
                methods: {{methods}}
                sensitivity: {{sensitivity}}
                """
            )
        );

    public StudyResult Run(StudyDefinition study, string folder = "run", RunOptions? options = null) =>
        StudyRunner.Run(study, Folder[folder], options ?? new RunOptions { Threads = 2 });

    /// <summary>Mean of wᵢ(xᵢ − b) over the rows, or of its size.</summary>
    public double Truth(int feature, double baseline, bool size)
    {
        var all = Rows.Select(r => Weights[feature] * (r[feature] - baseline));
        return size ? all.Average(Math.Abs) : all.Average();
    }

    public void Dispose() => Folder.Dispose();

    private static float[][] Draw()
    {
        var rows = new float[Users * PerUser][];
        for (var r = 0; r < rows.Length; r++)
        {
            var random = new CounterRandom(3, "linear", (ulong)r);
            rows[r] = [.. Mean.Select((m, i) => (float)(m + Deviation[i] * random.NextNormal()))];
        }
        return rows;
    }

    private int[] Labels() =>
        [
            .. Rows.Select(
                (r, i) =>
                {
                    var logit = r.Select((x, f) => x * Weights[f]).Sum() - 5;
                    return new CounterRandom(4, "labels", (ulong)i).NextBool(1 / (1 + Math.Exp(-logit))) ? 1 : 0;
                }
            ),
        ];
}
