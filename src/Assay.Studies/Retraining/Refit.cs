using Assay.Onnx;
using Assay.Training;

namespace Assay.Studies;

/// <summary>One fit and how it does on the test rows.</summary>
/// <param name="Variant">What was fitted.</param>
/// <param name="Result">The fit; what was left out reads its replacement in the model's own graph.</param>
/// <param name="Score">On the test rows; null without them.</param>
/// <param name="Losses">Each test row's loss; empty without them.</param>
/// <param name="Logits">What the fit says of each test row; empty without them.</param>
public sealed record Refit(
    RefitVariant Variant,
    RetrainResult Result,
    RefitScore? Score,
    double[] Losses,
    double[] Logits
)
{
    /// <summary>The seed of the fit.</summary>
    public ulong Seed => Variant.Options.Seed;

    /// <summary>The features left out.</summary>
    public IReadOnlyList<string> Dropped => Variant.Drop;

    /// <summary>Fits once, on the calling thread.</summary>
    /// <param name="model">The user's model, which is not changed.</param>
    /// <param name="rows">All rows.</param>
    /// <param name="variant">What to fit.</param>
    /// <param name="progress">Told the losses after each epoch.</param>
    /// <param name="cancellation">Stops between steps.</param>
    /// <exception cref="AssayException">As <see cref="Assay.Training.Retraining.Run"/>; Usage: no such feature.</exception>
    public static Refit One(
        OnnxModel model,
        RefitRows rows,
        RefitVariant variant,
        IProgress<EpochLoss>? progress = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(variant);
        var own = rows.For(variant);
        var result = Assay.Training.Retraining.Run(
            model,
            new TrainingRows(own.Training.Feeds, own.Training.Labels),
            new TrainingRows(own.Validation.Feeds, own.Validation.Labels),
            variant.Options,
            progress,
            cancellation
        );
        result = result with { Model = DroppedFeatures.From(result.Model, rows.Binding, variant.Drop) };
        if (own.Test is null)
            return new Refit(variant, result, null, [], []);
        var logits = Assay.Training.Retraining.Logits(result.Model, variant.Options.Head, own.Test.Feeds);
        var (score, losses) = RefitScore.Of(logits, own.Test);
        return new Refit(variant, result, score, losses, logits);
    }

    /// <summary>Fits several, each on one thread; results and their order do not depend on how many run at once.</summary>
    /// <param name="model">The user's model.</param>
    /// <param name="rows">All rows.</param>
    /// <param name="variants">What to fit.</param>
    /// <param name="threads">How many at once.</param>
    /// <param name="progress">Makes what is told the losses of a variant's epochs.</param>
    /// <param name="cancellation">Stops between steps.</param>
    public static IReadOnlyList<Refit> All(
        OnnxModel model,
        RefitRows rows,
        IReadOnlyList<RefitVariant> variants,
        int threads,
        Func<RefitVariant, IProgress<EpochLoss>>? progress = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(variants);
        var refits = new Refit[variants.Count];
        MapStage.Parallel(
            Math.Max(1, Math.Min(threads, variants.Count)),
            variants.Count,
            (k, stop) => refits[k] = One(model, rows, variants[k], progress?.Invoke(variants[k]), stop),
            cancellation
        );
        return refits;
    }
}
