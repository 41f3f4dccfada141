using Assay.Attribution.Games;
using Assay.Onnx;
using Assay.Runtime;

namespace Assay.Attribution.BlackBoxes;

/// <summary>Something that scores rows, opened for a method that needs nothing else.</summary>
internal sealed class BlackBox
{
    private readonly IScorer scorer;
    private readonly IReadOnlyDictionary<string, TensorData>[] baselines;

    public BlackBox(IScorer scorer, string head, IReadOnlyList<FeatureSlot> players, ExplainSettings settings)
    {
        (this.scorer, Head, Players, Settings) = (scorer, head, players, settings);
        baselines = (settings.Background, settings.Baseline) switch
        {
            ({ } background, _) =>
            [
                .. Enumerable
                    .Range(0, RowsOfInputs.Count(background, "background"))
                    .Select(b => new RowBatch().Take(Checked(background), [b], 1)),
            ],
            (null, Baseline.RowsBaseline rows) => [Checked(rows.Given)],
            _ => throw AssayException.Usage(
                $"The baseline '{settings.Baseline.Name}' moves vectors inside a model, and of a black box there is nothing to be seen; compare with rows: --baseline padding or FILE.json, or --background FILE.json."
            ),
        };
    }

    public string Head { get; }

    public IReadOnlyList<FeatureSlot> Players { get; }

    public ExplainSettings Settings { get; }

    /// <summary>The games that rows play.</summary>
    public IGames Games(IReadOnlyDictionary<string, TensorData> rows) =>
        new ReplacedInputGames(scorer, Players, Checked(rows), baselines);

    private IReadOnlyDictionary<string, TensorData> Checked(IReadOnlyDictionary<string, TensorData> rows) =>
        RowsOfInputs.Checked(rows, scorer.Inputs, float64: false);
}
