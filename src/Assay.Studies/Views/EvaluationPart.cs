using Assay.Attribution;
using Assay.Attribution.Judging;

namespace Assay.Studies;

/// <summary><c>evaluation.json</c>: whether explanations are faithful, steady, about this model, and of one mind.</summary>
internal sealed class EvaluationPart : IViewPart
{
    // Cheap, and each of another family: a lone method has nothing to agree with.
    private static readonly string[] Company = ["integrated-gradients", "gradient-times-input", "feature-ablation"];

    public string Name => "evaluation";

    public object? Options(StudyDefinition study) => study.Evaluation;

    public object Empty =>
        new
        {
            Measures = Array.Empty<object>(),
            Methods = Array.Empty<object>(),
            Agreement = Array.Empty<object>(),
            NotCounted = Array.Empty<string>(),
            NotJudged = Array.Empty<object>(),
        };

    public (SampledRows Rows, object Body) Make(ChainContext context, Action<string> progress)
    {
        var (plan, asked) = (context.Plan, context.Study.Evaluation!);
        var rows = SampledRows.OneEach(context, asked.Rows);
        string[] own = [.. plan.PerRow.Where(m => m.Layer == LayerUse.None).Select(m => m.Id)];
        string[] methods = asked.Methods.Count > 0 ? [.. asked.Methods] : [.. own.Concat(Company).Distinct()];
        // The judge compares all rows with one baseline; a study that draws one for each row has their mean here.
        var baseline =
            context.Study.Baseline.Kind == BaselineKind.Data
                ? Baseline.Mean(ModelRunner.Pool(plan))
                : ModelRunner.FixedBaseline(plan, () => ModelRunner.Pool(plan));
        var options = context.Study.Methods.FirstOrDefault(m => own.Contains(m.Id));
        var explain = ModelRunner.Settings(context.Study, options ?? new() { Id = Company[0] }, baseline);
        var judgement = Judge.Run(
            context.Model,
            plan.Binding.Slots,
            new JudgeSettings { Explain = explain, Methods = methods },
            rows.Feeds,
            context.Options.Clock,
            progress,
            context.Options.Cancellation
        );
        return (rows, Body(judgement, explain, context.Study.Baseline, own));
    }

    private static object Body(
        Judgement judgement,
        ExplainSettings explain,
        BaselineDefinition baseline,
        string[] own
    ) =>
        new
        {
            At = explain.At.ToString().ToLowerInvariant(),
            Baseline = baseline.Kind == BaselineKind.Data ? "mean" : baseline.Name,
            judgement.Features,
            judgement.Top,
            Measures = Measure.All.Select(m => new
            {
                m.Id,
                m.Title,
                m.HigherIsBetter,
                m.Ranks,
            }),
            Methods = judgement.Methods.Select(m => new
            {
                Method = m.Id,
                Title = m.Id == Judgement.Control ? "Random numbers" : MethodRegistry.Get(m.Id).Title,
                IsControl = m.Id == Judgement.Control,
                InStudy = own.Contains(m.Id),
                m.Score,
                Measures = Measure.All.ToDictionary(x => x.Id, x => Interval(m.Measures[x.Id], judgement.Rows)),
                RandomWeights = m.Cascade.Select(
                    (c, i) => new { Layer = judgement.Layers[i], Correlation = Interval(c, judgement.Rows) }
                ),
                m.Falls,
                m.EvaluationsPerRow,
            }),
            Agreement = judgement.Pairs.Select(p => new
            {
                p.First,
                p.Second,
                Feature = Interval(p.Feature, judgement.Rows),
                Rank = Interval(p.Rank, judgement.Rows),
                Sign = Interval(p.Sign, judgement.Rows),
                SignedRank = Interval(p.SignedRank, judgement.Rows),
                RankCorrelation = Interval(p.RankCorrelation, judgement.Rows),
                PairwiseRank = Interval(p.PairwiseRank, judgement.Rows),
            }),
            NotCounted = judgement.LeftOut,
            NotJudged = judgement.Skipped.Select(s => new { Method = s.Id, s.Reason }),
        };

    private static Num? Interval(RowMean mean, int rows) => Num.Of(mean.Value, mean.StandardError, rows);
}
