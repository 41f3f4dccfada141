using Assay.Attribution;
using Assay.Attribution.Sequences;
using Assay.Cli.Commands;
using Assay.Onnx;

namespace Assay.Cli.Output;

/// <summary>Writes explanations part by part in one format.</summary>
internal abstract class AttributionWriter(IReadOnlyList<string> features) : IDisposable
{
    public IReadOnlyList<string> Features => features;

    /// <summary>A writer in the format asked for, to the file asked for or standard output.</summary>
    public static AttributionWriter Create(ExplainRequest request, Explainer explainer, Terminal terminal)
    {
        var file = request.Out is { } path ? new OutputFile(path) : null;
        return request.Format switch
        {
            ResultFormat.Jsonl => new JsonlWriter(explainer.Features, file, terminal),
            ResultFormat.Parquet => new ParquetResultWriter(explainer.Features, file!, Pedigree.Of(request, explainer)),
            _ => new TableWriter(explainer.Features, file, terminal, Pedigree.Of(request, explainer)),
        };
    }

    /// <summary>Writes rows numbered from <paramref name="first"/>, and what their sequences sum to.</summary>
    public void Write(long first, Explanation explanation, IReadOnlyList<SequenceAttribution>[]? sequences = null)
    {
        Sequences = sequences;
        RequireFinite(first, explanation);
        WritePart(first, explanation);
    }

    /// <summary>Of each row being written its sequences; null where none were asked for.</summary>
    protected IReadOnlyList<SequenceAttribution>[]? Sequences { get; private set; }

    /// <summary>Makes the result whole.</summary>
    public abstract void Finish();

    public abstract void Dispose();

    protected abstract void WritePart(long first, Explanation explanation);

    // A model may well compute log(0); no format can say that, and a sum over such rows would be wrong in silence.
    private void RequireFinite(long first, Explanation explanation)
    {
        var width = Features.Count;
        for (var r = 0; r < explanation.Rows; r++)
        {
            if (!double.IsFinite(explanation.Target[r]))
                throw Bad(first + r, "the model's output");
            if (!double.IsFinite(explanation.BaselineTarget[r]))
                throw Bad(first + r, "the model's output at the baseline");
            for (var f = 0; f < width; f++)
                if (!double.IsFinite(explanation.Attributions[r * width + f]))
                    throw Bad(first + r, $"the attribution of '{Features[f]}'");
        }
    }

    private static AssayException Bad(long row, string what) =>
        AssayException.Input(
            $"Row {row}: {what} is not a finite number; check the row's values, or choose another baseline or --precision float64."
        );
}
