using Assay.Attribution.BlackBoxes;
using Assay.Attribution.Games;
using Assay.Attribution.Ranking;
using Assay.Onnx;
using Assay.Statistics;

namespace Assay.Attribution;

/// <summary>Explains rows of a model by one method. <see cref="Explain"/> may be called from several threads.</summary>
public sealed class Explainer : IDisposable
{
    private readonly AttributionMethod method;
    private readonly ExplainedModel? model;
    private readonly BlackBox? box;

    private Explainer(AttributionMethod method, ExplainedModel? model, BlackBox? box) =>
        (this.method, this.model, this.box) = (method, model, box);

    /// <summary>Opens a model for explanation. ONNX Runtime is used with one thread, so results never depend on threads.</summary>
    /// <param name="model">The user's model; not changed.</param>
    /// <param name="features">The players; see <see cref="FeatureSlot.FromInputs"/>.</param>
    /// <param name="settings">Method, head, baseline and the rest.</param>
    /// <exception cref="AssayException">Usage: unknown method, head or option. Input: the model cannot be explained this way.</exception>
    public static Explainer Open(OnnxModel model, IReadOnlyList<FeatureSlot> features, ExplainSettings settings)
    {
        settings.Validate();
        return new Explainer(MethodRegistry.Find(settings.Method), new ExplainedModel(model, features, settings), null);
    }

    /// <summary>
    /// Opens a black box for explanation, by a method that asks for nothing but scores. Absent features take the values of
    /// the baseline's or the background's rows.
    /// </summary>
    /// <param name="scorer">What scores rows; not disposed of.</param>
    /// <param name="head">How results name what is scored.</param>
    /// <param name="features">The players.</param>
    /// <param name="settings">Method, baseline as rows, and the rest; head and space are the scorer's.</param>
    /// <exception cref="AssayException">Usage: the method looks inside the model, or the baseline is none of rows.</exception>
    public static Explainer Open(
        IScorer scorer,
        string head,
        IReadOnlyList<FeatureSlot> features,
        ExplainSettings settings
    )
    {
        settings.Validate();
        var method = MethodRegistry.Find(settings.Method);
        return method is IGamePlayer
            ? new Explainer(method, null, new BlackBox(scorer, head, features, settings))
            : throw AssayException.Usage(
                $"Method '{method.Info.Id}' looks inside the model, and of a black box there are only scores; choose one of: {string.Join(", ", MethodRegistry.Playing)}."
            );
    }

    /// <summary>Names of the columns of an explanation: the features, or the units of a layer where the method explains by these.</summary>
    public IReadOnlyList<string> Features =>
        box is null ? method.Columns(model!) : [.. box.Players.Select(f => f.Name)];

    /// <summary>The method.</summary>
    public MethodInfo Method => method.Info;

    /// <summary>The head explained, NAME or NAME[k].</summary>
    public string Head => box?.Head ?? model!.Head.Name;

    /// <summary>The rule by which a path method integrates, chosen where the settings leave it open; null for others.</summary>
    public string? Rule => model is null ? null : method.Rule(model);

    /// <summary>The options of the method's own that it runs with, for the pedigree; none for most.</summary>
    public IReadOnlyDictionary<string, string> Options => method.Options(Settings);

    /// <summary>Explains rows: graph inputs by name, the first dimension of each counting rows.</summary>
    public Explanation Explain(IReadOnlyDictionary<string, TensorData> rows) =>
        box is null
            ? method.Explain(model!, rows)
            : ((IGamePlayer)method).Play(box.Games(rows), RowKeys.Of(rows), Settings);

    /// <summary>
    /// Explains a number about a list instead of a score: an explanation of one row, whose target is that number, at the
    /// baseline with all features of the list's candidates absent.
    /// </summary>
    /// <param name="candidates">The candidates of a request, as for <see cref="Explain"/>.</param>
    /// <param name="target">The number.</param>
    /// <param name="scope">Where features are absent: from all candidates if null.</param>
    /// <exception cref="AssayException">Usage: the method does not go by the values of coalitions.</exception>
    public Explanation ExplainList(
        IReadOnlyDictionary<string, TensorData> candidates,
        ListTarget target,
        ListScope? scope = null
    )
    {
        if (method is not IGamePlayer player)
            throw AssayException.Usage(
                $"Method '{method.Info.Id}' cannot explain a list, which is no smooth function of scores; choose one of: {string.Join(", ", MethodRegistry.Playing)}."
            );
        var key = RowKeys.Of(candidates).Aggregate(StableHash.Combine);
        return player.Play(new ListGames(Games(candidates), target, scope), [key], Settings);
    }

    /// <summary>How much of the mean loss over rows each feature saves, whatever the method of the settings.</summary>
    /// <param name="rows">Rows as for <see cref="Explain"/>.</param>
    /// <param name="loss">The loss of a row, by its number, at a target.</param>
    /// <param name="pairs">Random orders, with their reverses, of each row.</param>
    public SageValues Sage(
        IReadOnlyDictionary<string, TensorData> rows,
        Func<int, double, double> loss,
        int pairs = 1
    ) => SageValues.Of(Games(rows), loss, RowKeys.Of(rows), Settings.Seed, pairs);

    /// <inheritdoc/>
    public void Dispose() => model?.Dispose();

    private IGames Games(IReadOnlyDictionary<string, TensorData> rows) => box?.Games(rows) ?? model!.Games(rows);

    private ExplainSettings Settings => box?.Settings ?? model!.Settings;
}
