using Assay.Statistics;

namespace Assay.Studies;

/// <summary>For whom: whether the model leans on a feature alike in all segments, where more, and who leads where.</summary>
internal sealed class HeterogeneityStep : IChainStep
{
    public const double Level = 0.05;

    public string Name => "heterogeneity";
    public string Gives => "a test of whether the model works alike for everyone";

    public bool IsAsked(StudyDefinition study) => study.Segments.Count > 0 && study.Heterogeneity.Asked;

    public ChainResult Run(ChainContext context)
    {
        var features = context.Plan.Features.Select(f => f.Entry.Name).ToHashSet();
        var estimates = new List<Estimate>();
        var tests = new Dictionary<string, int>();
        Dictionary<Leads.Place, string>? leaders = null;
        for (var i = 0; i < context.Splits.Count; i++)
        {
            context.Options.Cancellation.ThrowIfCancellationRequested();
            var (data, replicated) = (context.Splits[i], context.Merged.Replicates[i]);
            var maker = new EstimateMaker(data, context.Head);
            Reliance[] compared = [.. Reliance.Of(data, replicated)];
            var rows = new List<Estimate>[compared.Length];
            MapStage.Parallel(
                context.Threads,
                compared.Length,
                (c, cancel) =>
                {
                    cancel.ThrowIfCancellationRequested();
                    var test = SegmentTest.Of(compared[c]);
                    lock (tests)
                        tests[test.Name] = tests.GetValueOrDefault(test.Name) + 1;
                    rows[c] =
                    [
                        .. SegmentEstimates.Test(compared[c], test),
                        .. SegmentEstimates.Contrasts(compared[c], maker),
                        .. SegmentEstimates.Shrunk(compared[c]),
                    ];
                },
                context.Options.Cancellation
            );
            estimates.AddRange(rows.SelectMany(r => r));
            Estimate[] leads = [.. Leads.Of(data, replicated, features, maker, leaders)];
            leaders ??= leads.ToDictionary(
                e => Leads.PlaceOf(e with { Estimand = e.Estimand[Estimands.Lead.Length..] }),
                e => e.Feature
            );
            estimates.AddRange(leads);
        }
        Estimate[] judged = Replicated(Families.Adjusted(estimates, Family), context.Splits.Count > 1);
        return new ChainResult
        {
            Estimates = judged,
            Section = ForWhomSection.Write(context, judged),
            Facts = new
            {
                tests = tests.OrderBy(t => t.Key, StringComparer.Ordinal).ToDictionary(),
                correction = "benjamini_hochberg",
                families = Named(judged),
            },
        };
    }

    // Over all features, dimensions and segments of an estimand, method and split.
    private static (string, string, string) Family(Estimate e) => (e.Estimand, e.Method, e.Split);

    private static object Named(IEnumerable<Estimate> all) =>
        all.Where(e => !double.IsNaN(e.PValue))
            .GroupBy(Family)
            .Select(g => new
            {
                name = $"{g.Key.Item1} by {g.Key.Item2}, {g.Key.Item3} rows: all features, dimensions and segments",
                tests = g.Count(),
                rejected = g.Count(e => e.PAdjusted < Level),
            });

    /// <summary>
    /// Contrasts and leads replicate as importances do: same sign and an interval without 0. A test replicates where the
    /// holdout alone rejects too; which segments are high is then said by the contrasts.
    /// </summary>
    private static Estimate[] Replicated(Estimate[] estimates, bool hasHoldout)
    {
        static bool IsTest(Estimate e) => e.Estimand.StartsWith(Estimands.Heterogeneity, StringComparison.Ordinal);
        static bool HasTest(Estimate e) => !double.IsNaN(e.PValue);
        static (string, string, string, string) Key(Estimate e) => (e.Estimand, e.Method, e.Dimension, e.Feature);
        var again = estimates.Where(e => IsTest(e) && e.Split == Splits.Holdout).ToDictionary(Key, e => e.PValue);
        string OfTest(Estimate e) =>
            !hasHoldout || !again.TryGetValue(Key(e), out var p) ? Replication.NotTested
            : !(e.PAdjusted < Level) ? ""
            : p < Level ? "yes"
            : "no";
        var signed = Replication.Mark([.. estimates.Where(e => HasTest(e) && !IsTest(e))], hasHoldout);
        var next = 0;
        return
        [
            .. estimates.Select(e =>
                !HasTest(e) ? e
                : !IsTest(e) ? signed[next++]
                : e.Split == Splits.Explain ? e with { Replicated = OfTest(e) }
                : e
            ),
        ];
    }
}
