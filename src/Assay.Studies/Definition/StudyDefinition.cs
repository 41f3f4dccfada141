using System.Text.RegularExpressions;
using Assay.Onnx;

namespace Assay.Studies;

/// <summary>What a study does: a <c>study.yaml</c>. Paths are full paths once loaded.</summary>
public sealed partial record StudyDefinition
{
    /// <summary>A short name for the report; by default the file's.</summary>
    public required string Name { get; init; }

    /// <summary>The ONNX file.</summary>
    public required string Model { get; init; }

    /// <summary>The feature dictionary.</summary>
    public required string Dictionary { get; init; }

    /// <summary>The rows to explain.</summary>
    public required DataSource Explain { get; init; }

    /// <summary>Rows on which findings are replicated; null: none.</summary>
    public DataSource? Holdout { get; init; }

    /// <summary>The rows that the model was trained on [data.train]; null: those of <see cref="Retrain"/>, if any.</summary>
    public DataSource? Train { get; init; }

    /// <summary>How the explained rows are compared with those of training [parity]; null: not at all.</summary>
    public ParityDefinition? Parity { get; init; } = new();

    /// <summary>The training rows, wherever they are named.</summary>
    internal DataSource? TrainingRows => Train ?? Retrain?.Train;

    /// <summary>The column of 0 and 1 that the model predicts.</summary>
    public required string Label { get; init; }

    /// <summary>The column whose values tell independent units apart, usually the user.</summary>
    public required string Cluster { get; init; }

    /// <summary>A second such column, usually the item: intervals then cover other values of it too; null: none.</summary>
    public string? SecondCluster { get; init; }

    /// <summary>What the independent units are called in sentences, in the plural; null: from the cluster's name.</summary>
    public string? Units { get; init; }

    /// <summary>What the values of the second cluster are called; null: from its name.</summary>
    public string? SecondUnits { get; init; }

    /// <summary>A file of expectations written before the study; null: none.</summary>
    public string? Hypotheses { get; init; }

    /// <summary>The column that tells lists apart (request, session, trip); null: a list is a cluster.</summary>
    public string? Request { get; init; }

    /// <summary>The column of time; its periods are among <see cref="Segments"/>.</summary>
    public string? Time { get; init; }

    /// <summary>A column of weights for AUC, list metrics and mean attributions; never for logloss or calibration.</summary>
    public string? Weight { get; init; }

    /// <summary>The column that names the item, for the trivial rules of item popularity and item rates.</summary>
    public string? Item { get; init; }

    /// <summary>A column that measures an item's popularity; null: counted.</summary>
    public string? Popularity { get; init; }

    /// <summary>How negatives were sampled, in words; shown in the report.</summary>
    public string? Sampling { get; init; }

    /// <summary>Whether it is found out what each field alone can predict [sampling_check].</summary>
    public bool SamplingCheck { get; init; } = true;

    /// <summary>What may stand behind importances, such as the position shown [confounders].</summary>
    public IReadOnlyList<ConfounderDefinition> Confounders { get; init; } = [];

    /// <summary>A JSON file of vocabularies, name → labels; null: that of the dictionary, if any.</summary>
    public string? Vocabularies { get; init; }

    /// <summary>The output to explain, "NAME" or "NAME[k]"; null: the first, column 0.</summary>
    public string? Head { get; init; }

    /// <summary>"logit" or "probability".</summary>
    public string Space { get; init; } = "logit";

    /// <summary>Where numeric features enter: "preprocessed" or "raw".</summary>
    public string At { get; init; } = "preprocessed";

    /// <summary>The baseline of per-row methods.</summary>
    public BaselineDefinition Baseline { get; init; } = new(BaselineKind.Zero);

    /// <summary>The methods.</summary>
    public IReadOnlyList<MethodDefinition> Methods { get; init; } =
    [new() { Id = "integrated-gradients" }, new() { Id = "permutation" }];

    /// <summary>The dimensions of segments.</summary>
    public IReadOnlyList<SegmentDefinition> Segments { get; init; } = [];

    /// <summary>What is asked about differences between segments.</summary>
    public HeterogeneityDefinition Heterogeneity { get; init; } = new();

    /// <summary>Whether and how the segments are searched where reliance differs most.</summary>
    public SearchDefinition Search { get; init; } = new();

    /// <summary>Segments with fewer clusters are hidden.</summary>
    public int MinimumClusters { get; init; } = 20;

    /// <summary>Segments with fewer rows are hidden.</summary>
    public int MinimumRows { get; init; } = 100;

    /// <summary>A loss of AUC up to this counts as negligible.</summary>
    public double Margin { get; init; } = 0.002;

    /// <summary>Which crosses are looked for and tried; null: none.</summary>
    public CrossDefinition? Crosses { get; init; }

    /// <summary>What it declares for those who answer for the model.</summary>
    public Governance Governance { get; init; } = new();

    /// <summary>What quality and serving are worth, and what experiments must see.</summary>
    public ActionsDefinition Actions { get; init; } = new();

    /// <summary>How the agreement of methods is measured; null: it is not.</summary>
    public AgreementDefinition? Agreement { get; init; } = new();

    /// <summary>Which other baselines and settings per-row methods are tried with; null: none.</summary>
    public SensitivityDefinition? Sensitivity { get; init; }

    /// <summary>Bootstrap replicates.</summary>
    public int Replicates { get; init; } = 1000;

    /// <summary>Seed of everything random.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>What is learnt from fitting the network again; null: nothing.</summary>
    public RetrainDefinition? Retrain { get; init; }

    /// <summary>Seed of an order into which the labels are put, so that losses are those of no relation; null: as they are.</summary>
    internal ulong? ShuffledLabels { get; init; }

    /// <summary>Which effects of features' values are drawn; null: none.</summary>
    public EffectsDefinition? Effects { get; init; }

    /// <summary>Whether and how the layers are looked into; null: they are not.</summary>
    public LayersDefinition? Layers { get; init; }

    /// <summary>Whether and how explanations are judged; null: they are not.</summary>
    public EvaluationDefinition? Evaluation { get; init; }

    /// <summary>Worker threads; null: as many as processors.</summary>
    public int? Threads { get; init; }

    /// <summary>Memory limit of DuckDB while it sorts.</summary>
    public string Memory { get; init; } = "512MB";

    /// <summary>Reads a study. Unknown keys are errors that suggest the nearest known one.</summary>
    /// <exception cref="AssayException">Input: file, line and what is wrong.</exception>
    public static StudyDefinition Load(string path)
    {
        var root = YamlMap.Load(path, "study");
        return Read(root, Path.GetDirectoryName(Path.GetFullPath(path))!, Path.GetFileNameWithoutExtension(path));
    }

    internal static StudyDefinition Read(YamlMap root, string folder, string name)
    {
        string Full(string relative) => Path.GetFullPath(Path.Combine(folder, relative));
        if ((root.Integer("schema") ?? 1) != 1)
            throw root.ErrorAt("schema", "this version reads schema 1");
        var data = root.Map("data") ?? throw root.Error("'data' is missing; add data: {explain: …, holdout: …}");
        var (time, periods) = TimeDefinition.Read(root);
        var methods = root.Maps("methods", "id").Select(MethodDefinition.Read).ToArray();
        var cluster = ClusterColumns.Read(root);
        var study = new StudyDefinition
        {
            Name = root.Text("name") ?? name,
            Model = Full(root.RequiredText("model")),
            Dictionary = Full(root.RequiredText("dictionary")),
            Explain =
                Source(data, "explain", folder) ?? throw data.Error("'explain' is missing; name the rows to explain"),
            Holdout = Source(data, "holdout", folder),
            Train = Source(data, "train", folder),
            Parity = ParityDefinition.Read(root),
            Label = root.RequiredText("label"),
            Cluster = cluster.First,
            SecondCluster = cluster.Second,
            Request = root.Text("request"),
            Time = time,
            Weight = root.Text("weight"),
            Item = root.Text("item"),
            Units = cluster.Units,
            SecondUnits = cluster.SecondUnits,
            Hypotheses = root.Text("hypotheses") is { } expected ? Full(expected) : null,
            Popularity = root.Text("popularity"),
            Sampling = root.Text("sampling"),
            Confounders = ConfounderDefinition.Read(root),
            SamplingCheck = root.Choice("sampling_check", "true", "false") != "false",
            Vocabularies = root.Text("vocabularies") is { } v ? Full(v) : null,
            Head = root.Text("head"),
            Space = root.Choice("space", "logit", "probability") ?? "logit",
            At = root.Choice("at", "preprocessed", "raw") ?? "preprocessed",
            Baseline = BaselineDefinition.Read(root, folder),
            Heterogeneity = HeterogeneityDefinition.Read(root),
            Search = SearchDefinition.Read(root),
            Segments = [.. SegmentDefinition.Read(root), .. periods],
            MinimumClusters = root.Integer("minimum_clusters", 2) ?? 20,
            MinimumRows = root.Integer("minimum_rows", 1) ?? 100,
            Margin = ReadMargin(root) ?? 0.002,
            Governance = Governance.Read(root),
            Crosses = CrossDefinition.Read(root),
            Actions = ActionsDefinition.Read(root),
            Agreement = AgreementDefinition.Read(root),
            Sensitivity = SensitivityDefinition.Read(root, folder),
            Replicates = root.Integer("replicates", 50, 100_000) ?? 1000,
            Seed = (ulong)(root.Integer("seed", 0) ?? 1),
            Retrain = RetrainDefinition.Read(root, folder),
            Effects = EffectsDefinition.Read(root),
            Layers = LayersDefinition.Read(root),
            Evaluation = EvaluationDefinition.Read(root),
            Threads = root.Integer("threads", 1, 1024),
            Memory = ReadMemory(root) ?? "512MB",
        };
        data.RejectOthers();
        root.RejectOthers();
        if (study.Segments.GroupBy(s => s.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw root.ErrorAt("segments", $"segment '{twice.Key}' is named twice");
        study.Search.Check(root, study.Segments);
        study.Effects?.Check(root, study.Segments);
        if (methods.SelectMany(m => m.Strata).FirstOrDefault(study.IsCross) is { } stratum)
            throw root.ErrorAt("methods", $"'strata' names the cross '{stratum}'; list its two dimensions instead");
        return methods.Length == 0 ? study : study with { Methods = methods };
    }

    private bool IsCross(string name) => Segments.Any(s => s.Name == name && s.Kind == SegmentKind.Cross);

    private static double? ReadMargin(YamlMap root) =>
        root.Number("margin") is not { } margin || margin is >= 0 and < 0.5
            ? root.Number("margin")
            : throw root.ErrorAt("margin", $"'margin' is a loss of AUC from 0 to below 0.5, not {root.Text("margin")}");

    private static string? ReadMemory(YamlMap root) =>
        root.Text("memory") is not { } text || MemorySize().IsMatch(text)
            ? root.Text("memory")
            : throw root.ErrorAt("memory", $"'memory' must be a size such as 512MB or 2GB, not '{text}'");

    [GeneratedRegex(@"^\s*\d+(\.\d+)?\s*[KMGT]i?B\s*$", RegexOptions.IgnoreCase)]
    private static partial Regex MemorySize();

    internal static DataSource? Source(YamlMap data, string key, string folder)
    {
        if (data.Has(key) && !data.IsMap(key))
            return DataSource.FromFile(data.Text(key)!, folder);
        if (data.Map(key) is not { } map)
            return null;
        var parquet = map.Texts("parquet");
        var csv = map.Texts("csv");
        var sql = map.Text("sql");
        var where = map.Text("where");
        map.RejectOthers();
        if ((parquet is null ? 0 : 1) + (csv is null ? 0 : 1) + (sql is null ? 0 : 1) != 1)
            throw map.Error("give one of parquet, csv or sql");
        return new DataSource
        {
            Format =
                parquet is not null ? DataFormat.Parquet
                : csv is not null ? DataFormat.Csv
                : DataFormat.Sql,
            Paths = parquet ?? csv ?? [],
            Query = sql,
            Where = where,
            Folder = folder,
        };
    }
}
