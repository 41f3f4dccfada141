using System.Collections.Concurrent;
using Assay.Attribution.Games;
using Assay.Attribution.Graphs;
using Assay.Attribution.Graphs.Cheap;
using Assay.Attribution.Layers;
using Assay.Gradients;
using Assay.Gradients.Preparation;
using Assay.Onnx;
using Assay.Runtime;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Attribution;

/// <summary>A model opened for one method: its target with features present or moved to their baseline, and gradients.</summary>
internal sealed class ExplainedModel : IDisposable
{
    private readonly OnnxModel prepared;
    private readonly ShapeTable shapes;
    private readonly Head head;
    private readonly IReadOnlyList<AttributionPoint> points;
    private readonly IReadOnlyList<TensorData>? means;
    private readonly DataType type;

    // Rows × nodes of a path that go to ONNX Runtime at once.
    private const int PathRows = 512;

    private readonly Lazy<Evaluation> forward;
    private readonly Lazy<Evaluation> mixed;
    private readonly Lazy<string> ruleName;
    private readonly Lazy<CoalitionPlayer?>[] players;
    private readonly ConcurrentDictionary<string, Lazy<Evaluation?>> paths = new();
    private readonly ConcurrentDictionary<Weighting, Lazy<Evaluation>> backward = new();
    private readonly IReadOnlyDictionary<string, TensorData>? baselineRows;
    private readonly IReadOnlySet<string> imputed;
    private readonly bool replaces;
    private readonly ConcurrentDictionary<string, Lazy<Evaluation>> own = new();

    /// <summary>Opens a model.</summary>
    /// <param name="model">The user's model; not changed.</param>
    /// <param name="features">The players.</param>
    /// <param name="settings">What to explain and how.</param>
    /// <param name="needsGradient">Whether gradients will be taken; null for what the method of the settings says.</param>
    /// <param name="keepsLayers">Whether every value behind a lookup must stay in reach, at some cost.</param>
    public ExplainedModel(
        OnnxModel model,
        IReadOnlyList<FeatureSlot> features,
        ExplainSettings settings,
        bool? needsGradient = null,
        bool keepsLayers = false
    )
    {
        Settings = settings;
        Features = features;
        (prepared, shapes) = ModelPreparation.Prepare(settings.Float64 ? Precision.ToDouble(model) : model);
        RequireKernels();
        head = Head.Resolve(prepared, shapes, settings.Head, settings.Space);
        shapes = ShapeProbe.Measure(prepared);
        // Methods of interactions are in a registry of their own and say of themselves what they need.
        var method = needsGradient is null ? MethodRegistry.Find(settings.Method) : null;
        var use = method?.Info.Layer ?? LayerUse.None;
        if (use != LayerUse.None)
            Layer = LayerPoint.Resolve(model, prepared, shapes, settings.Layer!, use != LayerUse.Units, head.Value);
        if (use == LayerUse.TargetUnit)
        {
            head = Layer!.AsHead(prepared, shapes, settings.Space);
            shapes = ShapeProbe.Measure(prepared);
        }
        type = shapes.TryGet(head.Value)?.Type ?? DataType.Float;
        Gradients.AttributionPoints.RequireOneBatch(prepared, shapes, head.Value);
        var owners = FeatureSlot.Owners(features);
        points = Gradients.AttributionPoints.Find(prepared, shapes, settings.At);
        // Where points are merged, values between a lookup and the place of merging could not be named as layers.
        if (use == LayerUse.None && !keepsLayers)
        {
            points = BagPooling.Pool(
                points,
                prepared.Graph,
                shapes,
                p => p.Positions.Select(e => owners.GetValueOrDefault(e, -1)).Distinct().ToArray() is [>= 0]
            );
            points = PointMerging.Merge(points, prepared.Graph, shapes, head.Value);
        }
        RequireReached();
        baselineRows = (settings.Baseline as Baseline.RowsBaseline)?.Given;
        // Replacing inputs needs no points, and moves no NaN towards a number.
        replaces = (baselineRows ?? settings.Background) is not null && !(needsGradient ?? method!.Info.NeedsGradient);
        DrawsBaselines = settings.Background is not null && MethodRegistry.DrawsBaselines(settings.Method);
        imputed =
            replaces || settings.At == EntryPoint.Preprocessed
                ? Imputation.Inputs(prepared.Graph)
                : new HashSet<string>();
        if (!replaces)
            Gradients.AttributionPoints.RequireFollowed(prepared, shapes, head.Value);
        Layer?.RequireReached(prepared.Graph, points);
        means = settings.Baseline is Baseline.MeanBaseline mean
            ? PointMeans.Over(prepared, shapes, points, type, InPrecision(mean.Sample))
            : null;
        forward = new(() => Open(null));
        mixed = new(() => new(AttributionGraph.BuildPresentOfRow(Points(), head), Settings.BatchRows));
        ruleName = new(ChooseRule);
        players = [new(() => OpenCoalitions(false)), new(() => OpenCoalitions(true))];
    }

    public ExplainSettings Settings { get; }

    public IReadOnlyList<FeatureSlot> Features { get; }

    /// <summary>The layer explained, for methods of layers.</summary>
    public LayerPoint? Layer { get; }

    /// <summary>The head that is explained.</summary>
    public Head Head => head;

    /// <summary>The prepared model; not to be changed.</summary>
    public OnnxModel Prepared => prepared;

    /// <summary>What is known of the prepared model's values.</summary>
    public ShapeTable Shapes => shapes;

    /// <summary>The element type of the explained part.</summary>
    public DataType Type => type;

    /// <summary>Where the features enter.</summary>
    public IReadOnlyList<AttributionPoint> AttributionPoints => points;

    /// <summary>The baseline rows as they are fed, where the baseline is given as rows.</summary>
    public IReadOnlyDictionary<string, TensorData>? GivenBaseline =>
        baselineRows is null ? null : InPrecision(baselineRows);

    /// <summary>Whether the baseline takes the place of inputs and not of what lookups return.</summary>
    public bool ReplacesInputs => replaces;

    /// <summary>Whether each row is fed beside a baseline drawn from the background, by <see cref="BaselinePairs"/>.</summary>
    public bool DrawsBaselines { get; }

    /// <summary>Targets of the rows with each feature scaled between baseline (0) and its own value (1).</summary>
    public double[] Target(IReadOnlyDictionary<string, TensorData> rows, double[] present) =>
        TargetOf(Feeds(rows), present);

    /// <summary>The same of what is fed.</summary>
    public double[] TargetOf(IReadOnlyDictionary<string, TensorData> feeds, double[] present) =>
        Numbers(forward.Value.Run(feeds, PresentFeed(present), AttributionGraph.Target));

    /// <summary>A graph of a method's own, opened once for each key and closed with the model.</summary>
    public Evaluation Own(string key, Func<OnnxModel> graph) =>
        own.GetOrAdd(key, _ => new(() => new(graph(), Settings.BatchRows))).Value;

    /// <summary>Targets of rows, made by <see cref="Feeds"/>, each with features of its own choice present: [rows, features].</summary>
    public double[] Present(IReadOnlyDictionary<string, TensorData> feeds, TensorData present) =>
        Numbers(
            mixed.Value.Run(
                new Dictionary<string, TensorData>(feeds) { [AttributionGraph.PresentOfRow] = present },
                null,
                AttributionGraph.Target
            )
        );

    /// <summary>The rows over which a method averages its baselines, as they are fed; null where there are none.</summary>
    public IReadOnlyDictionary<string, TensorData>? Background =>
        Settings.Background is { } background ? InPrecision(background) : null;

    /// <summary>The games that rows play, their features being the players.</summary>
    public IGames Games(IReadOnlyDictionary<string, TensorData> rows) => new ModelGames(this, rows);

    /// <summary>The standard deviation of every point over the background, [1, positions, width]; null without one.</summary>
    public IReadOnlyList<TensorData>? PointDeviations() =>
        Background is { } background ? PointMeans.Deviations(prepared, shapes, points, type, background) : null;

    /// <summary>Targets, none of them NaN.</summary>
    public double[] Numbers(double[] targets) => imputed.Count == 0 ? targets : Imputation.RequireNumbers(targets);

    /// <summary>
    /// Coalitions of features from their cached contributions, features moved at their points or by replacing inputs; null
    /// where that does not pay.
    /// </summary>
    public CoalitionPlayer? Coalitions(bool replacing) => players[replacing ? 1 : 0].Value;

    private CoalitionPlayer? OpenCoalitions(bool replacing)
    {
        var graph = CoalitionGraph.TryBuild(
            replacing ? MovedModel.OfInputs(prepared, Features, head.Value, type) : MovedModel.OfPoints(Points, head)
        );
        return graph is null ? null : new CoalitionPlayer(graph);
    }

    /// <summary>Targets of rows in which inputs themselves may have been replaced: the model as it is.</summary>
    public double[] Score(IReadOnlyDictionary<string, TensorData> rows) => Target(rows, All(1));

    /// <summary>Of the rows themselves: the gradient, weighted and summed per feature, and the target, from one pass.</summary>
    public (double[] Attributions, double[] Target) AtRow(
        IReadOnlyDictionary<string, TensorData> rows,
        Weighting weighting
    )
    {
        var all = Backward(weighting).Run(RowFeeds(rows), null, RowOutputs);
        return (all[AttributionGraph.Attributions].ToDoubles(), Numbers(all[AttributionGraph.Target].ToDoubles()));
    }

    /// <summary>Throws, where an operator has no gradient rule, which.</summary>
    public void RequireGradient() => Backward(Weighting.Difference);

    /// <summary>Of the rows themselves: gradient · (own − other) summed per feature. The baseline must be rows.</summary>
    public double[] AwayFrom(
        IReadOnlyDictionary<string, TensorData> rows,
        IReadOnlyDictionary<string, TensorData> others
    ) => Backward(Weighting.Difference).Run(Checked(rows, others), PresentFeed(All(1)), AttributionGraph.Attributions);

    private static readonly string[] RowOutputs = [AttributionGraph.Attributions, AttributionGraph.Target];

    private Evaluation Backward(Weighting weighting) => backward.GetOrAdd(weighting, w => new(() => Open(w))).Value;

    /// <summary>(x − b) · ∫ gradient dα along the straight path, and what it must add up to.</summary>
    public Explanation PathIntegral(IReadOnlyDictionary<string, TensorData> rows, PathRule rule)
    {
        var path = Along(Feeds(rows), rule);
        return Explanation.Of(
            path.Levels[0],
            path.Target ?? Target(rows, All(1)),
            path.BaselineTarget ?? Target(rows, All(0)),
            complete: true
        );
    }

    /// <summary>
    /// The integral by a rule, rows × features. All points are evaluated in one graph with its linear front hoisted out
    /// where the model allows it, else one by one, which only nodes can be.
    /// </summary>
    /// <param name="feeds">What <see cref="Feeds"/> made, or some rows of it.</param>
    /// <param name="rule">The rule.</param>
    public PathValues Along(IReadOnlyDictionary<string, TensorData> feeds, PathRule rule)
    {
        if (Hoisted(rule) is not { } hoisted)
        {
            PathRule.RequireNodes(rule);
            return new([NodeByNode(feeds, rule)], null, null);
        }
        if (!rule.IsSecant)
            return new([hoisted.Run(feeds, null, AttributionGraph.Attributions)], null, null);
        string[] levels = [.. Enumerable.Range(0, rule.Levels).Select(AttributionGraph.AttributionsOf)];
        var all = hoisted.Run(feeds, null, [.. levels, AttributionGraph.Target, AttributionGraph.BaselineTarget]);
        return new(
            [.. levels.Select(l => all[l].ToDoubles())],
            Numbers(all[AttributionGraph.Target].ToDoubles()),
            Numbers(all[AttributionGraph.BaselineTarget].ToDoubles())
        );
    }

    /// <summary>Whether the points of a path are evaluated in one graph.</summary>
    public bool IsHoisted(PathRule rule) => Hoisted(rule) is not null;

    /// <summary>The same integral, one node of the quadrature after the other through the whole model.</summary>
    public double[] NodeByNode(IReadOnlyDictionary<string, TensorData> feeds, PathRule rule)
    {
        double[]? sum = null;
        for (var i = 0; i < rule.Points.Length; i++)
        {
            var part = Backward(Weighting.Difference)
                .Run(feeds, PresentFeed(All(rule.Points[i])), AttributionGraph.Attributions);
            sum ??= new double[part.Length];
            for (var j = 0; j < sum.Length; j++)
                sum[j] += rule.Weights[i] * part[j];
        }
        return sum!;
    }

    private Evaluation? Hoisted(PathRule rule) => paths.GetOrAdd(rule.Key, _ => new(() => OpenPath(rule))).Value;

    /// <summary>A graph of a method's own, opened once and closed with this model; null where it cannot be built.</summary>
    public Evaluation? Cached(string key, Func<Evaluation?> open) => paths.GetOrAdd(key, _ => new(open)).Value;

    /// <summary>Targets at the rows and at their baselines.</summary>
    public (double[] Target, double[] Baseline) Ends(IReadOnlyDictionary<string, TensorData> rows) =>
        (Target(rows, All(1)), Target(rows, All(0)));

    /// <summary>Rows of a batch when so many points of a path are evaluated at once.</summary>
    public int PathBatch(int pointsOfPath) =>
        Settings.BatchRows ?? Math.Max(BatchPlan.Multiple, PathRows / pointsOfPath);

    /// <summary>The feed that moves every feature to the same point of the path.</summary>
    public Dictionary<string, TensorData> At(double alpha) => PresentFeed(All(alpha));

    /// <summary>The rule of the settings with n nodes or intervals.</summary>
    public PathRule Rule(int n) => PathRule.Of(ruleName.Value, n, Grading);

    /// <summary>The power by which intervals of a path are graded towards the baseline.</summary>
    // From zero a logarithm inside the model is steep where the path begins, and embeddings switch on there.
    public double Grading =>
        Settings.Baseline is not Baseline.ZeroBaseline ? 1
        : Settings.At == EntryPoint.Raw ? 2
        : 1.5;

    // Slopes wherever the model lets them be taken: kinks cost them little, and their sum is exact.
    private string ChooseRule()
    {
        if (Settings.Rule != PathRule.AutoName)
            return Settings.Rule;
        try
        {
            return HoistedPath.TryBuild(Points(), head, PathRule.Of(PathRule.SecantName, 2)) is null
                ? PathRule.GaussLegendreName
                : PathRule.SecantName;
        }
        catch (AssayException)
        {
            // What keeps gradients from being taken at all is said when they are.
            return PathRule.GaussLegendreName;
        }
    }

    /// <summary>A vector with the same number for every feature.</summary>
    public double[] All(double value) => [.. Enumerable.Repeat(value, Features.Count)];

    /// <summary>The baseline rows, if the baseline is given as rows.</summary>
    public IReadOnlyDictionary<string, TensorData>? BaselineRows(int rows) =>
        baselineRows is null ? null : RowsOfInputs.Repeated(baselineRows, prepared.Graph.Inputs, rows, imputed);

    /// <summary>Rows sent through the model so far; a path counts each of its points.</summary>
    public long Evaluations =>
        Opened.Sum(e => e.Evaluations) + players.Where(p => p.IsValueCreated).Sum(p => p.Value?.Evaluations ?? 0);

    private IEnumerable<Evaluation> Opened =>
        new[] { forward, mixed }
            .Concat(backward.Values)
            .Concat(own.Values)
            .Where(e => e.IsValueCreated)
            .Select(e => e.Value)
            .Concat(paths.Values.Where(e => e.IsValueCreated).Select(e => e.Value).OfType<Evaluation>());

    public void Dispose()
    {
        foreach (var evaluation in Opened)
            evaluation.Dispose();
        foreach (var player in players.Where(p => p.IsValueCreated))
            player.Value?.Dispose();
    }

    // Where shapes could not be measured because nothing runs, say so rather than what is missing as a consequence.
    private void RequireKernels()
    {
        if (!Settings.Float64 || prepared.Graph.Outputs.Any(o => shapes.TryGet(o.Name) is not null))
            return;
        const string Advice = "The model does not run in double precision; explain it in single precision.";
        try
        {
            using var session = Session.Open(prepared);
        }
        catch (AssayException e)
        {
            throw AssayException.Input($"{Advice} {e.Message}");
        }
        throw AssayException.Input(Advice);
    }

    private void RequireReached()
    {
        var known = prepared.Graph.Inputs.Select(i => i.Name).ToHashSet();
        foreach (var feature in Features)
        foreach (var element in feature.Elements)
            if (!known.Contains(element.Input))
                throw AssayException.Input(
                    $"Feature '{feature.Name}' reads input '{element.Input}', which the model does not have; its inputs are {string.Join(", ", known)}."
                );
            else if (element.Element < 0 || element.Element >= PerRow(element.Input))
                throw AssayException.Input(
                    $"Feature '{feature.Name}' reads {element}, but a row of '{element.Input}' has {PerRow(element.Input)} values (counted from 0)."
                );
    }

    // Values in one row of an input; no limit is known where its length is free.
    private long PerRow(string input) =>
        shapes
            .TryGet(input)
            ?.Dims.Skip(1)
            .Aggregate(1L, (n, d) => d.Size is { } size && n < long.MaxValue ? n * size : long.MaxValue)
        ?? long.MaxValue;

    // At the rows themselves the baseline takes no part.
    private Evaluation Open(Weighting? weighting) =>
        new(
            AttributionGraph.Build(
                weighting is null or Weighting.Difference ? Points() : PointsAtRow(),
                head,
                weighting
            ),
            Settings.BatchRows
        );

    private Evaluation? OpenPath(PathRule rule)
    {
        var graph = HoistedPath.TryBuild(Points(), head, rule);
        if (graph is null && rule is { IsSecant: true, Weights.Length: 1 })
            graph = TwoEnds.Build(Points(), head);
        return graph is null
            ? null
            : new Evaluation(
                graph,
                Settings.BatchRows ?? Math.Max(BatchPlan.Multiple, PathRows / rule.Points.Length),
                rule.Points.Length
            );
    }

    /// <summary>A new copy of the prepared model, to be rewritten at its points.</summary>
    public PointGraph Points() =>
        Points(
            DrawsBaselines
                ? new GraphBaseline(null, Rows: true)
                : new GraphBaseline(means, baselineRows is not null && !replaces)
        );

    /// <summary>The same for what looks at the rows alone.</summary>
    public PointGraph PointsAtRow() => Points(new GraphBaseline(null, Rows: false));

    private PointGraph Points(GraphBaseline baseline) => new(prepared, shapes, type, points, Features, baseline);

    /// <summary>Rows, checked, with their baselines beside them where these are rows too.</summary>
    public IReadOnlyDictionary<string, TensorData> Feeds(IReadOnlyDictionary<string, TensorData> rows) =>
        Checked(rows, replaces || DrawsBaselines ? null : baselineRows);

    private IReadOnlyDictionary<string, TensorData> Checked(
        IReadOnlyDictionary<string, TensorData> rows,
        IReadOnlyDictionary<string, TensorData>? others
    )
    {
        var feeds = RowFeeds(rows);
        if (others is null)
            return feeds;
        var count = (int)feeds.Values.First().Dims[0];
        var all = new Dictionary<string, TensorData>(feeds);
        foreach (
            var (name, tensor) in InPrecision(RowsOfInputs.Repeated(others, prepared.Graph.Inputs, count, imputed))
        )
            all[GraphCopies.BaselinePrefix + name] = tensor;
        return all;
    }

    /// <summary>Rows, checked, without baselines.</summary>
    public IReadOnlyDictionary<string, TensorData> RowFeeds(IReadOnlyDictionary<string, TensorData> rows) =>
        RowsOfInputs.Checked(rows, prepared.Graph.Inputs, Settings.Float64, imputed);

    private IReadOnlyDictionary<string, TensorData> InPrecision(IReadOnlyDictionary<string, TensorData> rows) =>
        RowsOfInputs.Checked(rows, prepared.Graph.Inputs, Settings.Float64, imputed);

    private Dictionary<string, TensorData> PresentFeed(double[] present) =>
        new() { [AttributionGraph.Present] = TensorData.From(present, 1, present.Length).Cast(type) };
}
