namespace Assay.Studies.Tests;

/// <summary>Estimates made up, and the findings made of them: two regions, a few features, a model that beats its floors.</summary>
internal sealed class Fabricated
{
    private readonly List<Estimate> estimates = [Model(0.7)];

    public IReadOnlyList<Remark> Remarks { get; init; } = [];
    public bool HasHoldout { get; init; } = true;
    public bool LearntNothing { get; init; }

    public static Estimate Row(
        string feature,
        string estimand,
        string method,
        double value,
        double half,
        string dimension = "overall",
        string segment = "all"
    ) =>
        new()
        {
            Split = "explain",
            Dimension = dimension,
            Segment = segment,
            SegmentLabel = segment,
            Feature = feature,
            Estimand = estimand,
            Method = method,
            Head = "click",
            Value = value,
            StandardError = half / 2,
            Low = value - half,
            High = value + half,
            Interval = "percentile",
            PValue = Math.Abs(value) > half ? 0.001 : 0.5,
            PAdjusted = Math.Abs(value) > half ? 0.002 : 0.6,
            Rows = 4000,
            Clusters = 400,
            Replicated = Math.Abs(value) > half ? "yes" : "",
        };

    private static Estimate Model(double auc) => Row("", "auc", "model", auc, 0.01);

    /// <summary>Adds an estimate, and the same on the holdout.</summary>
    public Fabricated With(Estimate e)
    {
        estimates.Add(e);
        if (HasHoldout)
            estimates.Add(e with { Split = "holdout" });
        return this;
    }

    /// <summary>A conditional model that draws as it should.</summary>
    public Fabricated WithGoodDraws(params string[] features)
    {
        foreach (var f in features)
            estimates.Add(Row(f, Estimands.ConditionalCheck, "conditional-permutation", 0.5, double.NaN));
        return this;
    }

    /// <summary>What the study declares besides; by default nothing.</summary>
    public Func<StudyDefinition, StudyDefinition> Declared { get; init; } = s => s;

    public IReadOnlyList<Finding> Findings() => FindingMaker.Of(Context());

    public FindingContext Context() =>
        new(
            estimates,
            Declared(
                new StudyDefinition
                {
                    Name = "made up",
                    Model = "model.onnx",
                    Dictionary = "features.yaml",
                    Explain = new DataSource { Format = DataFormat.Parquet, Folder = "." },
                    Label = "click",
                    Cluster = "shopper_id",
                }
            ),
            new FeatureNames(new Dictionary<string, string> { ["recency"] = "Recency" }, "shoppers")
        )
        {
            HasHoldout = HasHoldout,
            LearntNothing = LearntNothing,
            RemarksOn = f => Remarks.Where(r => r.Feature.Length == 0 || r.Feature == f),
            LeftOut = ["whether it lasts"],
        };
}
