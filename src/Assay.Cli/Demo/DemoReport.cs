using System.Globalization;
using Assay.Cli.Output;
using Assay.Studies;
using Assay.Worlds;
using Assay.Worlds.Comparison;
using Assay.Worlds.Models;
using Assay.Worlds.Truth;
using Finding = Assay.Worlds.Comparison.Finding;

namespace Assay.Cli.Demo;

/// <summary>Prints what was planted beside what the study found.</summary>
internal sealed class DemoReport(
    World world,
    PopulationTruth truth,
    WorldModel model,
    StudyResult result,
    Terminal terminal
)
{
    private const string Loss = Estimands.Permutation + Estimands.LogLoss;

    private readonly TextWriter to = terminal.Out;
    private readonly IReadOnlyDictionary<string, Finding> lost = Found(result, Loss, "overall", "all");
    private readonly IReadOnlyDictionary<string, Finding> used = Found(
        result,
        Estimands.MeanAbsAttribution,
        "overall",
        "all"
    );

    public void Write(string folder, string run)
    {
        to.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"A simulated recommender: {world.Rows:N0} rows, {world.Options.Users:N0} users; the truth is planted, so it is known."
            )
        );
        to.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"A DeepFM was fitted to the clicks ({model.Training!.BestEpoch} epochs). AUC of the truth itself {truth.Auc:F3}, of the model {ModelAuc():F3}."
            )
        );
        StudySummary.WriteVerdict(result.Verdict, to);
        StudySummary.WriteSays(result, to);
        WriteTruth();
        WriteChecks();
        WriteFloors();
        to.WriteLine();
        to.WriteLine($"Files and run: {folder}. Next:");
        var rows =
            $"--dictionary {Path.Combine(folder, WorldKit.Dictionary)} --data {Path.Combine(folder, WorldKit.FileOf(WorldSplit.Explain))}";
        var onnx = Path.Combine(folder, WorldKit.Model);
        to.WriteLine($"  less {Path.Combine(run, "report.md")}");
        to.WriteLine($"  ./assay inspect {onnx}");
        to.WriteLine($"  ./assay explain {onnx} {rows} --rows 0..3 --method integrated-gradients --head logit");
        to.WriteLine($"  ./assay study {Path.Combine(folder, WorldKit.Study)}");
        string File(WorldSplit split) => Path.Combine(folder, WorldKit.FileOf(split));
        to.WriteLine(
            $"  ./assay retrain {onnx} --dictionary {Path.Combine(folder, WorldKit.Dictionary)} --train {File(WorldSplit.Train)} --valid {File(WorldSplit.Explain)} --test {File(WorldSplit.Holdout)} --label {WorldFiles.Label} --cluster {WorldFiles.UserId} --drop {WorldFeatures.NoiseRow} --out {Path.Combine(folder, "without.onnx")}"
        );
    }

    private void WriteTruth()
    {
        to.WriteLine();
        to.WriteLine(
            "Truth beside estimate over the explained rows (log loss lost under permutation, in nats; mean |attribution| of the logit)"
        );
        var table = new TextTable(
            "feature",
            "planted",
            "true loss",
            "found (95 %)",
            "true |φ|",
            "found |φ| (95 %)"
        ).Numbers(2, 3, 4, 5);
        foreach (var line in TruthTable.Lines(truth, TruthEstimand.DeltaLogLoss, lost))
            table.Add(
                line.Feature.Name,
                Role(line.Feature.Role),
                StudySummary.Number(line.Truth),
                Interval(line.Found),
                StudySummary.Number(truth.Features.Single(f => f.Feature.Name == line.Feature.Name).MeanAbsShapley),
                Interval(used.GetValueOrDefault(line.Feature.Name))
            );
        table.Write(terminal);
        to.WriteLine(
            "The study measures the model, not the world: where the two columns differ, so do the model and the truth."
        );
    }

    private void WriteChecks()
    {
        to.WriteLine();
        to.WriteLine("Was it found?");
        var segments = PlantedTruth.Drivers.Keys.ToDictionary<string, string, IReadOnlyDictionary<string, Finding>>(
            s => s,
            s => Found(result, Loss, PlantedTruth.SegmentFeature, s)
        );
        foreach (
            var check in PlantedChecks
                .Leaders(lost, segments)
                .Append(PlantedChecks.Confounding(truth, lost))
                .Append(Noise())
        )
            to.WriteLine($"  {(check.Holds ? "yes" : "NO ")}  {check.Question} ({check.Detail})");
    }

    // Adjusted over all features, so one noise feature in twenty worlds or so may still stand out.
    private PlantedCheck Noise()
    {
        var noise = WorldFeatures.All.Where(f => f.Role == FeatureRole.Noise).Select(f => f.Name).ToHashSet();
        var above = Overall(Loss)
            .Where(e => noise.Contains(e.Feature) && e.Value > 0 && e.PAdjusted < 0.05)
            .Select(e => e.Feature)
            .ToArray();
        return new(
            "no noise feature stands above chance",
            above.Length == 0,
            above.Length == 0 ? string.Join(", ", noise.Order(StringComparer.Ordinal)) : string.Join(", ", above)
        );
    }

    private void WriteFloors()
    {
        to.WriteLine();
        to.WriteLine("Trivial rules to beat");
        var table = new TextTable("split", "rule", "AUC", "model ahead by (95 %)").Numbers(2, 3);
        foreach (var f in result.Verdict.Floors)
            table.Add(f.Split, f.Floor, StudySummary.Number(f.Auc), Interval(new Finding(f.Advantage, f.Low, f.High)));
        table.Write(terminal);
    }

    private double ModelAuc() =>
        result
            .Estimates.First(e =>
                e is { Split: "explain", Dimension: "overall", Estimand: Estimands.Auc, Method: "model" }
            )
            .Value;

    private IEnumerable<Estimate> Overall(string estimand) =>
        result.Estimates.Where(e =>
            e is { Split: "explain", Dimension: "overall", Feature.Length: > 0 } && e.Estimand == estimand
        );

    private static Dictionary<string, Finding> Found(
        StudyResult result,
        string estimand,
        string dimension,
        string segment
    ) =>
        result
            .Estimates.Where(e =>
                e is { Split: "explain", Feature.Length: > 0, Status: "ok" }
                && e.Estimand == estimand
                && e.Dimension == dimension
                && (e.Segment == segment || e.SegmentLabel == segment)
            )
            .ToDictionary(e => e.Feature, e => new Finding(e.Value, e.Low, e.High));

    private static string Interval(Finding? f) =>
        f is null
            ? "–"
            : $"{StudySummary.Number(f.Value)} ({StudySummary.Number(f.Low)} … {StudySummary.Number(f.High)})";

    private static string Role(FeatureRole role) => role.ToString().ToLowerInvariant();
}
