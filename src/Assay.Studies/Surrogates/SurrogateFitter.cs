using Assay.Onnx;
using Assay.Statistics;
using Assay.Studies.Surrogates;

namespace Assay.Studies;

/// <summary>
/// Fits one simple model to what a model says of many rows (Craven and Shavlik 1996; Tan et al. 2018, arXiv 1801.08640), and
/// judges it on rows held out.
/// </summary>
public static class SurrogateFitter
{
    private const int FewestRows = 40;

    /// <summary>Fits and judges; the same again for the same arguments.</summary>
    /// <param name="binding">The dictionary, bound to the model.</param>
    /// <param name="rows">Feeds of the rows, as <see cref="InputAssembler"/> reads them.</param>
    /// <param name="targets">What the model says of each row.</param>
    /// <param name="settings">Kind and split.</param>
    /// <exception cref="AssayException">Usage: an option, or a segment that is no feature. Input: too few rows, or targets that are no numbers.</exception>
    public static Surrogate Fit(
        DictionaryBinding binding,
        IReadOnlyDictionary<string, TensorData> rows,
        double[] targets,
        SurrogateSettings settings
    )
    {
        settings.Validate();
        var segments = settings.Segments.Select(binding.Feature).ToArray();
        var (fitted, heldOut) = Split(targets, settings);
        var columns = SurrogateColumns.Of(binding, rows, targets, fitted);
        return Fit(
            columns,
            targets,
            fitted,
            heldOut,
            [.. segments.SelectMany(s => SurrogateSegments.Of(s, rows, heldOut))],
            settings
        );
    }

    internal static Surrogate Fit(
        IReadOnlyList<SurrogateColumn> columns,
        double[] targets,
        int[] fitted,
        int[] heldOut,
        IReadOnlyList<(string Name, int[] Rows)> segments,
        SurrogateSettings settings
    )
    {
        IFittedSurrogate model =
            settings.Kind == SurrogateKind.Tree
                ? new TreeSurrogate(columns, targets, fitted, settings.Leaves)
                : new AdditiveSurrogate(columns, targets, fitted, settings.Rounds);
        SurrogateFidelity Judge(string? name, int[] rows) =>
            Fidelity(name, [.. rows.Select(r => targets[r])], [.. rows.Select(model.Predict)]);
        return new(
            settings.Kind,
            fitted.Length,
            Judge(null, heldOut),
            [.. segments.Select(s => Judge(s.Name, s.Rows))],
            (model as TreeSurrogate)?.Root,
            (model as AdditiveSurrogate)?.Intercept ?? 0,
            (model as AdditiveSurrogate)?.Shapes(heldOut) ?? []
        );
    }

    /// <summary>Rows to fit and rows to judge by, drawn by row numbers.</summary>
    internal static (int[] Fitted, int[] HeldOut) Split(double[] targets, SurrogateSettings settings)
    {
        var bad = Array.FindIndex(targets, t => !double.IsFinite(t));
        if (bad >= 0)
            throw AssayException.Input($"Row {bad}: the model's output is not a finite number.");
        if (targets.Length < FewestRows)
            throw AssayException.Input(
                $"A surrogate needs at least {FewestRows} rows to be fitted and judged; there are {targets.Length}."
            );
        var stream = StableHash.Of("surrogate split");
        var order = Enumerable
            .Range(0, targets.Length)
            .OrderBy(r => CounterRandom.UInt64At(settings.Seed, stream, (ulong)r))
            .ToArray();
        var held = Math.Clamp((int)Math.Round(settings.HeldOut * targets.Length), 1, targets.Length - 1);
        return ([.. order[held..].Order()], [.. order[..held].Order()]);
    }

    private static SurrogateFidelity Fidelity(string? name, double[] targets, double[] said)
    {
        if (targets.Length < 2)
            return new(name, targets.Length, double.NaN, double.NaN);
        var mean = targets.Average();
        var all = targets.Sum(t => (t - mean) * (t - mean));
        var left = targets.Zip(said, (t, s) => (t - s) * (t - s)).Sum();
        return new(
            name,
            targets.Length,
            all == 0 ? double.NaN : 1 - left / all,
            RankCorrelation.Spearman(targets, said)
        );
    }
}
