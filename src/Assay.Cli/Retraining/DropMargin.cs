using Assay.Onnx;
using Assay.Studies;

namespace Assay.Cli.Retraining;

/// <summary>The loss increase that matters, settled before anything is fitted.</summary>
/// <param name="Nats">Per row.</param>
/// <param name="Reason">Where it comes from.</param>
internal sealed record DropMargin(double Nats, string Reason)
{
    /// <summary>By default a feature matters that carries this share of what the model knows.</summary>
    public const double Share = 0.02;

    /// <summary>The margin asked for, or a share of what the given model gains over a constant on the validation rows.</summary>
    public static DropMargin Of(RetrainRequest request, OnnxModel model, LabelledRows validation)
    {
        if (request.Margin is { } given)
            return new DropMargin(given, "given with --margin");
        var gain =
            RefitScore.OfConstant(validation) - RefitScore.Of(model, request.Options.Head, validation).Score.LogLoss;
        if (gain <= 0)
            throw AssayException.Usage(
                "The model's validation loss is no better than a constant's, so no margin follows from it; give --margin."
            );
        return new DropMargin(
            Share * gain,
            FormattableString.Invariant(
                $"{Share:P0} of the {gain:F5} nats by which the given model beats a constant on the validation rows"
            )
        );
    }
}
