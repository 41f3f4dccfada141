using System.Globalization;
using System.Text.Json;
using Assay.Cli.Output;
using Assay.Training;

namespace Assay.Cli.Retraining;

/// <summary>How well a model does on test rows.</summary>
internal sealed record RetrainScore(int Rows, double Auc, double LogLoss);

/// <summary>The result of a refit, as text and as JSON.</summary>
internal sealed record RetrainReport(
    RetrainRequest Request,
    RetrainResult Result,
    int TrainingRows,
    RetrainScore? Before,
    RetrainScore? After
)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>Lists what is fitted and what stays.</summary>
    public static void WriteParameters(IReadOnlyList<ModelParameter> parameters, Terminal terminal)
    {
        var table = new TextTable("initialiser", "shape", "fitted", "why");
        foreach (var p in parameters)
            table.Add(p.Name, $"[{string.Join(", ", p.Dims)}]", p.Trained ? "yes" : "no", p.Reason);
        table.Write(terminal);
        terminal.Out.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{parameters.Where(p => p.Trained).Sum(p => p.Count)} numbers in {parameters.Count(p => p.Trained)} of {parameters.Count} initialisers are fitted; correct the list with --fit and --freeze."
            )
        );
    }

    public void Write(Terminal terminal)
    {
        terminal.Out.WriteLine();
        if (Before is not null && After is not null)
        {
            var table = new TextTable("model", "test rows", "AUC", "logloss").Numbers(1, 2, 3);
            Line(table, "original", Before);
            Line(table, "refit", After);
            table.Write(terminal);
        }
        terminal.Out.WriteLine($"Head {Result.Head}, epoch {Result.BestEpoch} of {Result.Epochs.Count} kept.");
        foreach (var caveat in Result.Caveats)
            terminal.Out.WriteLine($"Caveat: {caveat}");
        terminal.Out.WriteLine($"The model is in {Request.Out}, the result in {Request.Result}.");
    }

    public void WriteJson(Stream stream) =>
        JsonSerializer.Serialize(
            stream,
            new
            {
                Model = Path.GetFileName(Request.Model),
                Refit = Path.GetFileName(Request.Out),
                Request.Label,
                Result.Head,
                Dropped = Request.Drop,
                ShuffledLabels = Request.ShuffleLabels,
                Request.Options.Warm,
                Request.Options.Seed,
                Request.OovDropout,
                Batch = Request.Options.Training.BatchRows,
                Request.Options.Training.LearningRate,
                Request.Options.Training.WeightDecay,
                TrainingRows,
                Test = After is null ? null : new { Original = Before, Refit = After },
                Result.BestEpoch,
                Epochs = Result.Epochs.Select(e => new
                {
                    e.Epoch,
                    TrainingLoss = e.Training,
                    ValidationLoss = e.Validation,
                    Seconds = e.Duration.TotalSeconds,
                    RowsPerSecond = TrainingRows / e.Duration.TotalSeconds,
                }),
                Parameters = Result.Parameters.Select(p => new
                {
                    p.Name,
                    Shape = p.Dims,
                    Kind = p.Kind.ToString().ToLowerInvariant(),
                    Fitted = p.Trained,
                    p.Reason,
                }),
                Result.Caveats,
                Software = $"assay {Pedigree.Version}",
            },
            Json
        );

    private static void Line(TextTable table, string name, RetrainScore score) =>
        table.Add(
            name,
            score.Rows.ToString(CultureInfo.InvariantCulture),
            score.Auc.ToString("F4", CultureInfo.InvariantCulture),
            score.LogLoss.ToString("F5", CultureInfo.InvariantCulture)
        );
}
