namespace Assay.Studies;

/// <summary>The rows of refits, read and checked.</summary>
/// <param name="Binding">The dictionary, bound to the model.</param>
/// <param name="Training">Rows to fit.</param>
/// <param name="Validation">Rows that decide when to stop.</param>
/// <param name="Test">Rows to score, or null.</param>
public sealed record RefitRows(
    DictionaryBinding Binding,
    LabelledRows Training,
    LabelledRows Validation,
    LabelledRows? Test
)
{
    /// <summary>Further rows to score: those that the study explains; null: the validation rows.</summary>
    internal LabelledRows? Explained { get; init; }

    /// <summary>The rows as one fit sees them: clusters drawn, some ids forgotten, features left out, labels shuffled.</summary>
    public RefitRows For(RefitVariant variant)
    {
        ArgumentNullException.ThrowIfNull(variant);
        var seed = variant.Options.Seed;
        var training = variant.Resample is { } draw ? Training.Resampled(draw) : Training;
        training = training.WithForgotten(Binding, variant.OovDropout, seed).Without(Binding, variant.Drop);
        var validation = Validation.Without(Binding, variant.Drop);
        return this with
        {
            Training = variant.ShuffleLabels ? training.WithShuffledLabels(seed) : training,
            Validation = variant.ShuffleLabels ? validation.WithShuffledLabels(seed) : validation,
            Test = Test?.Without(Binding, variant.Drop),
        };
    }
}
