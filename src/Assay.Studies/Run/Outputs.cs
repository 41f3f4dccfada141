using System.Text.Json;
using Assay.Onnx;

namespace Assay.Studies;

/// <summary>Writes the results of a study: estimates, findings, actions, report, card, workshop sheet, pedigree.</summary>
internal static class Outputs
{
    public static StudyResult Write(
        StudyPlan plan,
        RunPlan runPlan,
        OnnxModel model,
        string head,
        ChainOutcome chain,
        IReadOnlyDictionary<string, object> views,
        long rowsWorkedOn,
        StageClock clock
    )
    {
        var merged = chain.Merged;
        string In(string name) => Path.Combine(plan.Folder, name);
        var pedigree = runPlan.Parts.ToDictionary(p => "assay." + p.Key.Replace(' ', '_'), p => p.Value);
        pedigree["assay.plan"] = plan.Hash;
        pedigree["assay.seed"] = $"{plan.Study.Seed}";
        pedigree["assay.replicates"] = $"{plan.Study.Replicates}";
        DictionaryFile.Write(plan, merged.Splits[0]);
        EstimatesFile.Write(In("estimates.parquet"), merged.Estimates, pedigree);
        var verdict = Verdict.Of(plan, merged);
        var facts = FindingMaker.Context(plan, chain, verdict, runPlan.Parts);
        var findings = FindingMaker.Of(facts);
        FindingsFile.Write(plan.Folder, plan.Study, head, verdict, findings);
        var actions = ActionMaker.Of(plan, facts, findings, merged.Splits, ServingCost.Of(model, plan.Binding));
        ActionsFile.Write(plan.Folder, plan.Study, actions);
        var report = ReportWriter.Write(plan, head, chain, verdict, findings, actions);
        Files.WriteText(In("report.md"), report);
        var card = CardMaker.Of(plan, head, chain, verdict, findings, runPlan.Parts, Annotations.Read(plan.Folder));
        Files.WriteText(In(CardText.Json), JsonSerializer.Serialize(card, FindingsFile.Options));
        Files.WriteText(In(CardText.Markdown), CardText.Of(card));
        WorkshopSheet.Write(plan, verdict, findings, actions);
        clock.Next("done");
        Files.WriteText(
            In("run.json"),
            JsonSerializer.Serialize(
                Pedigree(plan, runPlan, head, chain, views, verdict, rowsWorkedOn, clock),
                Json.Options
            )
        );
        return new StudyResult
        {
            Folder = plan.Folder,
            Head = head,
            Estimates = merged.Estimates,
            Verdict = verdict,
            Findings = findings,
            Actions = actions,
            Report = report,
            RowsWorkedOn = rowsWorkedOn,
            Timings = clock.Seconds,
        };
    }

    // As it was before there could be two, where there is one.
    private static object OneOrTwo(object first, object? second) => second is null ? first : new[] { first, second };

    private static object Pedigree(
        StudyPlan plan,
        RunPlan runPlan,
        string head,
        ChainOutcome chain,
        IReadOnlyDictionary<string, object> views,
        Verdict verdict,
        long rowsWorkedOn,
        StageClock clock
    ) =>
        new
        {
            study = plan.Study.Name,
            software_version = RunPlan.Version,
            plan_sha256 = plan.Hash,
            sha256 = runPlan.Parts,
            plan.Study.Model,
            plan.Study.Dictionary,
            head,
            plan.Study.Space,
            numerics_enter = plan.Study.At,
            baseline = plan.Study.Baseline.Name,
            plan.Study.Seed,
            plan.Study.Replicates,
            intervals = $"95 %, Student's t with degrees of freedom fitted to the clusters' influences, standard errors of a Poisson bootstrap over clusters{(plan.Study.SecondCluster is null ? "" : " of two kinds, scaled to V1 + V2 - V12 (Cameron, Gelbach and Miller 2011; refits and parity: of the first kind)")} (AUC, GAUC, NDCG, coverage: of the log-odds; calibration_error: χ²)",
            p_values = "two-sided, Student's t of value / standard error; adjusted by Benjamini-Hochberg within estimand, method, split and segment dimension",
            plan.Study.Label,
            Cluster = OneOrTwo(plan.Study.Cluster, plan.Study.SecondCluster),
            plan.Study.Request,
            plan.Study.Weight,
            plan.Study.Item,
            plan.Study.Popularity,
            plan.Study.Sampling,
            methods = plan.Study.Methods.Select(m => new
            {
                m.Id,
                m.Steps,
                m.Rule,
                m.Tolerance,
                m.Budget,
                m.Repeats,
                m.Groups,
                m.Positions,
                m.GivenPresence,
                m.By,
                m.Given,
                m.Strata,
            }),
            estimands = chain.Merged.Estimates.Select(e => e.Estimand).Distinct().Order(StringComparer.Ordinal),
            splits = plan.Splits.Select(s => new
            {
                s.Name,
                s.Rows,
                Clusters = OneOrTwo(s.Clusters, s.SecondClusters),
                lists = s.Requests,
                s.Positives,
                blocks = s.Blocks.Count,
                s.DataHash,
            }),
            permuted_by = plan
                .Exchanges.SelectMany(e => e.Players)
                .DistinctBy(p => p.Name)
                .ToDictionary(p => p.Name, plan.Level),
            conditional_models = plan
                .Exchanges.Where(e => e.Donors == DonorKind.Conditional)
                .SelectMany(e =>
                    e.Players.SelectMany(p => plan.Splits.Select(s => ConditionalQuality.Read(plan, s, p)))
                )
                .Select(q => new
                {
                    q.Feature,
                    q.Split,
                    q.By,
                    q.Level,
                    q.Given,
                    q.Units,
                    q.Fit,
                    q.CheckAuc,
                    q.Moved,
                }),
            completeness_gaps = chain.Merged.Gaps,
            chain = chain.Results.ToDictionary(r => r.Step.Name, r => r.Result is null ? "left out" : r.Result.Facts),
            views,
            verdict,
            timings_seconds = clock.Seconds,
            rows_worked_on = rowsWorkedOn,
        };
}
