using Assay.Onnx;
using Assay.Statistics;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Studies.Tests;

/// <summary>
/// A world with position bias: P(click) = σ(−0.4 · place + taste − ½), place 0 … 5. The model does not see the place; it
/// scores by taste and by hint, a noisy copy of the place that nobody reacts to: hint = −place/2 + noise.
/// Where asked, rows are logged with a known probability that falls with the strength of the taste.
/// </summary>
internal sealed class BiasedWorld : IDisposable
{
    private readonly ulong seed;
    private readonly int users;

    public BiasedWorld(ulong seed, int users = 250)
    {
        (this.seed, this.users) = (seed, users);
        new SmallModel()
            .Input("dense", DataType.Float, "batch", 2)
            .Tensor("weights", TensorData.From([1f, 0.6f], 2, 1))
            .Node("MatMul dense weights -> logit")
            .Output("logit", DataType.Float, "batch", 1)
            .Load()
            .Save(Folder["model.onnx"]);
        Folder.File(
            "features.yaml",
            """
            features:
              - {feature: taste, kind: numeric, input: dense, column: 0, training_mean: 0}
              - {feature: hint, kind: numeric, input: dense, column: 1, training_mean: 0}
            """
        );
    }

    public TempFolder Folder { get; } = new();

    public void Dispose() => Folder.Dispose();

    public StudyResult Run(string folder, string confounders, bool selected = false, bool holdout = false)
    {
        Write("explain.parquet", seed, selected);
        if (holdout)
            Write("holdout.parquet", seed + 1000, selected);
        var study = StudyDefinition.Load(
            Folder.File(
                "study.yaml",
                $$"""
                model: model.onnx
                dictionary: features.yaml
                data: {explain: explain.parquet{{(holdout ? ", holdout: holdout.parquet" : "")}}}
                label: label
                cluster: usr
                replicates: 200
                sampling_check: false
                methods: [permutation]
                {{(confounders.Length > 0 ? "confounders: " + confounders : "")}}
                """
            )
        );
        return StudyRunner.Run(study, Folder[folder], new RunOptions { Threads = 2 });
    }

    private void Write(string name, ulong part, bool selected)
    {
        const int perUser = 20;
        var (usr, place, label) = (new List<string>(), new List<int>(), new List<int>());
        var (taste, hint, logged) = (new List<double>(), new List<double>(), new List<double>());
        for (var i = 0; i < users * perUser; i++)
        {
            var random = new CounterRandom(part, "biased", (ulong)i);
            var at = random.NextInt(6);
            var (t, h) = (random.NextNormal(), -0.5 * at + random.NextNormal());
            var clicked = random.NextBool(1 / (1 + Math.Exp(0.4 * at - t + 0.5)));
            // Strong tastes are logged less, so that the log underrates them.
            var chance = 0.1 + 0.9 * Math.Exp(-t * t);
            if (selected && !random.NextBool(chance))
                continue;
            usr.Add($"u{i / perUser}");
            place.Add(at);
            taste.Add(t);
            hint.Add(h);
            logged.Add(chance);
            label.Add(clicked ? 1 : 0);
        }
        RowFile.Write(
            Folder[name],
            ("usr", usr.ToArray()),
            ("place", place.ToArray()),
            ("label", label.ToArray()),
            ("taste", taste.ToArray()),
            ("hint", hint.ToArray()),
            ("logged", logged.ToArray())
        );
    }
}
