using Assay.Training;

namespace Assay.Studies;

/// <summary>What a study learns from fitting its model's network again: <c>retrain:</c> in a <c>study.yaml</c>.</summary>
public sealed record RetrainDefinition
{
    /// <summary>The rows to fit.</summary>
    public required DataSource Train { get; init; }

    /// <summary>The rows that decide when to stop; null: the explained rows.</summary>
    public DataSource? Valid { get; init; }

    /// <summary>The rows on which fits are compared; null: the holdout.</summary>
    public DataSource? Test { get; init; }

    /// <summary>Fits of each kind, 3 or more: fewer do not show how much fits differ.</summary>
    public int Seeds { get; init; } = LossIncrease.LeastSeeds;

    /// <summary>The seed of the first fit.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Features that are left out one at a time.</summary>
    public DropDefinition Drop { get; init; } = DropDefinition.Auto;

    /// <summary>Fits to labels in random order, the null; 0: none, null: as many as seeds.</summary>
    public int? Shuffle { get; init; }

    /// <summary>How many of the strongest features are removed at once, by each way of ranking; empty: none (Hooker et al. 2019).</summary>
    public IReadOnlyList<int> Roar { get; init; } = [];

    /// <summary>Which features can be retired together; null: not asked.</summary>
    public RetireDefinition? Retire { get; init; }

    /// <summary>Shares of the features that are kept in the curve of quality against features, from 0 to below 1; empty: no curve.</summary>
    public IReadOnlyList<double> Curve { get; init; } = [];

    /// <summary>Fits to training clusters drawn with replacement.</summary>
    public int Resamples { get; init; }

    /// <summary>Factors of the step size and of the weight decay for neighbouring fits; empty: none.</summary>
    public IReadOnlyList<double> Neighbours { get; init; } = [];

    /// <summary>Share of the ids that are made unknown in training.</summary>
    public double OovDropout { get; init; } = 0.02;

    /// <summary>Bytes that fits running at once may take, about.</summary>
    public long Memory { get; init; } = 2L << 30;

    /// <summary>How to fit; seed, head and padding come from the study.</summary>
    public RetrainOptions Options { get; init; } = new();

    internal static RetrainDefinition? Read(YamlMap root, string folder)
    {
        if (root.Map("retrain") is not { } map)
            return null;
        var usual = new RetrainOptions();
        var training = usual.Training;
        var definition = new RetrainDefinition
        {
            Train =
                StudyDefinition.Source(map, "train", folder)
                ?? throw map.Error("'train' is missing; name the rows to fit"),
            Valid = StudyDefinition.Source(map, "valid", folder),
            Test = StudyDefinition.Source(map, "test", folder),
            Seeds = map.Integer("seeds", LossIncrease.LeastSeeds, 100) ?? LossIncrease.LeastSeeds,
            Seed = (ulong)(map.Integer("seed", 0) ?? 1),
            Drop = DropDefinition.Read(map),
            Shuffle = map.Text("shuffle") switch
            {
                "true" => null,
                "false" => 0,
                _ => map.Integer("shuffle", LossIncrease.LeastSeeds, 1000),
            },
            Roar = map.Integers("roar") ?? [],
            Retire = RetireDefinition.Read(map),
            Curve = map.Numbers("curve") ?? [],
            Resamples = map.Integer("resamples", 0, 100) ?? 0,
            Neighbours = map.Numbers("neighbours") ?? [],
            OovDropout = Within(map, "oov_dropout", 0, 1) ?? 0.02,
            Memory = (long)((Within(map, "memory_gb", 0.1, 10_000) ?? 2) * (1L << 30)),
            Options = usual with
            {
                Train = map.Texts("fit") ?? [],
                Freeze = map.Texts("freeze") ?? [],
                TableSpread = Within(map, "table_spread", 0, 10) ?? usual.TableSpread,
                Training = training with
                {
                    Epochs = map.Integer("epochs", 1, 10_000) ?? training.Epochs,
                    BatchRows = map.Integer("batch", 1, 1 << 20) ?? training.BatchRows,
                    Patience = map.Integer("patience", 1, 10_000) ?? training.Patience,
                    LearningRate = Within(map, "learning_rate", 1e-9, 10) ?? training.LearningRate,
                    LearningRateDecay = Within(map, "rate_decay", 0.01, 1) ?? training.LearningRateDecay,
                    WeightDecay = Within(map, "weight_decay", 0, 1000) ?? training.WeightDecay,
                    Optimiser = Enum.Parse<Optimiser>(
                        map.Choice("optimiser", "adam", "sgd") ?? "adam",
                        ignoreCase: true
                    ),
                },
            },
        };
        map.RejectOthers();
        if (definition.Roar.Any(k => k < 1))
            throw map.ErrorAt("roar", "'roar' lists how many features are removed, each 1 or more");
        if (definition.Curve.Any(c => c is < 0 or >= 1))
            throw map.ErrorAt("curve", "'curve' lists shares of the features that are kept, from 0 to below 1");
        if (definition.Neighbours.Any(f => f is <= 0 or > 100))
            throw map.ErrorAt("neighbours", "'neighbours' lists factors above 0, such as [0.5, 2]");
        return definition;
    }

    internal static double? Within(YamlMap map, string key, double low, double high) =>
        map.Number(key) is not { } x || (x >= low && x <= high)
            ? map.Number(key)
            : throw map.ErrorAt(
                key,
                FormattableString.Invariant($"'{key}' lies between {low} and {high}, not {map.Text(key)}")
            );
}

/// <summary>Features to leave out one at a time.</summary>
/// <param name="Names">By name.</param>
/// <param name="Strongest">So many of the most important.</param>
/// <param name="Negligible">At most so many of those whose importance is negligible, the weakest first.</param>
public sealed record DropDefinition(IReadOnlyList<string> Names, int Strongest = 0, int Negligible = 0)
{
    /// <summary>The three strongest, and up to five negligible ones.</summary>
    public static DropDefinition Auto { get; } = new([], 3, 5);

    internal static DropDefinition Read(YamlMap retrain)
    {
        if (retrain.IsList("drop"))
            return new(retrain.Texts("drop")!);
        if (!retrain.IsMap("drop"))
            return retrain.Choice("drop", "auto", "none") == "none" ? new([]) : Auto;
        var map = retrain.Map("drop")!;
        var all = map.Text("negligible") == "all";
        var drop = new DropDefinition(
            map.Texts("features") ?? [],
            map.Integer("strongest", 0, 100_000) ?? 0,
            all ? int.MaxValue : map.Integer("negligible", 0, 100_000) ?? 0
        );
        map.RejectOthers();
        return drop;
    }
}

/// <summary>How features are found that can be retired together.</summary>
/// <param name="Margin">Loss of AUC up to which they can, declared beforehand.</param>
/// <param name="Looks">Sets that are tried at most on the validation rows.</param>
/// <param name="Refused">So many of the other features, the weakest first, are tried besides.</param>
/// <param name="Seeds">Fits of each set; null: those of the study.</param>
public sealed record RetireDefinition(double Margin, int Looks = 24, int Refused = 3, int? Seeds = null)
{
    internal static RetireDefinition? Read(YamlMap retrain)
    {
        if (!retrain.IsMap("retire"))
            return retrain.Choice("retire", "true", "false") == "true" ? new RetireDefinition(double.NaN) : null;
        var map = retrain.Map("retire")!;
        var retire = new RetireDefinition(
            RetrainDefinition.Within(map, "margin", 0, 0.5) ?? double.NaN,
            map.Integer("looks", 1, 10_000) ?? 24,
            map.Text("refused") == "all" ? int.MaxValue : map.Integer("refused", 0, 100_000) ?? 3,
            map.Integer("seeds", LossIncrease.LeastSeeds, 100)
        );
        map.RejectOthers();
        return retire;
    }
}
