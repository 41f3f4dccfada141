using Assay.Attribution;
using Assay.Attribution.Interactions;
using Assay.Onnx;
using Assay.Studies;
using Assay.Worlds;
using Assay.Worlds.Models;

namespace Assay.Campaign;

/// <summary>What is kept of a draw besides estimates: findings by grade, interactions found, time.</summary>
internal static class Facts
{
    public const string Finding = "#finding",
        Interaction = "#interaction",
        Searched = "#interactions-searched",
        Seconds = "#seconds";

    /// <summary>Settled findings: kind and grade beside the feature and the estimated loss.</summary>
    public static IEnumerable<Line> OfFindings(StudyResult result) =>
        result
            .Findings.Where(f => f.Segment == "all" && f.Kind != FindingKind.NotSettled)
            .Select(f => Line.Fact(Finding, $"{f.Grade} {f.Kind} {f.Estimand}", f.Feature, f.Value));

    /// <summary>The pairs of features that <c>interaction-detection</c> discovers in the fixed model.</summary>
    public static IEnumerable<Line> OfInteractions(string model, World world, int[] rows, int sample)
    {
        using var explainer = InteractionExplainer.Open(
            OnnxModel.Load(model),
            WorldModel.Slots,
            new InteractionSettings
            {
                Explain = new ExplainSettings { Method = "interaction-detection" },
                Replicates = 200,
                SampleRows = sample,
            }
        );
        var users = Array.ConvertAll(rows, r => (ulong)world.UserIds[r]);
        var ranking = explainer.Rank(WorldModel.Encode(world, rows), users);
        yield return Line.Fact(Searched, "", "", 1);
        foreach (var cross in ranking.Crosses)
            yield return Line.Fact(
                Interaction,
                explainer.Features[cross.Players[0]],
                explainer.Features[cross.Players[1]],
                1
            );
    }
}
