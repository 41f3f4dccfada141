using Assay.Statistics;

namespace Assay.Studies;

/// <summary>Whether the study's methods agree on the order of the features, and row by row.</summary>
internal sealed class AgreementStep : IChainStep
{
    public string Name => "agreement";

    public string Gives => "the agreement of several methods";

    public bool IsAsked(StudyDefinition study) => study.Agreement is not null && study.Methods.Count > 1;

    public ChainResult Run(ChainContext context)
    {
        var features = context.Plan.Features.Select(f => f.Entry.Name).ToArray();
        if (features.Length < 3)
            return new() { Facts = "fewer than three features have no order to compare" };
        var top = Math.Min(context.Study.Agreement!.Top, features.Length / 2);
        var estimates = new List<Estimate>();
        var found = new List<Disagreement>();
        for (var s = 0; s < context.Splits.Count; s++)
        {
            var data = context.Splits[s];
            var pairs = Pairs(context.Merged.Replicates[s], features, top, data.Segments[0].Draws);
            foreach (var pair in pairs)
                estimates.AddRange(Global(data, context.Head, pair));
            estimates.AddRange(Rows(context, data, top));
            if (s == 0)
                found.AddRange(pairs.SelectMany(p => p.Disagreements()));
        }
        return new()
        {
            Estimates = estimates,
            Section = AgreementSection.Write(context, estimates, found, top),
            Remarks = [.. Remarks(context, found)],
            Facts = new
            {
                top,
                persistence = 0.9,
                places_apart = RankingPair.Unrelated(features.Length),
                disagreeing = found.Select(d => new
                {
                    feature = features[d.Feature],
                    pair = d.Pair.Name,
                    places = new[] { d.First, d.Second },
                    caps = d.Pair.Binding,
                }),
            },
        };
    }

    private static RankingPair[] Pairs(
        IReadOnlyList<Replicated> replicates,
        IReadOnlyList<string> features,
        int top,
        int clusters
    )
    {
        var rankings = MethodRanking.Of(replicates, features);
        return
        [
            .. rankings.SelectMany((a, i) => rankings.Skip(i + 1).Select(b => new RankingPair(a, b, top, clusters))),
        ];
    }

    private static IEnumerable<Estimate> Global(SplitData data, string head, RankingPair pair)
    {
        var maker = new EstimateMaker(data, head);
        foreach (
            var (estimand, (value, replicates)) in new[]
            {
                (Estimands.AgreementRank, pair.Tau()),
                (Estimands.AgreementOverlap, pair.Overlap()),
                (Estimands.AgreementTop, pair.Shared()),
            }
        )
            yield return maker.OfRanks(data.Segments[0], estimand, pair.Name, value, replicates);
    }

    private static IEnumerable<Estimate> Rows(ChainContext context, SplitData data, int top)
    {
        if (context.Plan.PerRow.Count < 2)
            yield break;
        var maker = new EstimateMaker(data, context.Head);
        var pairs = new RowAgreement(context.Plan, data, top).Run(context.Threads, context.Options.Cancellation);
        foreach (var (first, second, measures, byRow) in pairs)
            for (var m = 0; m < measures.Length; m++)
            {
                var value = measures[m].Numerators.Sum() / measures[m].Denominators.Sum();
                var of = byRow[m];
                var drawn = SplitData.Drawn(
                    data.Segments[0],
                    value,
                    data.Bootstrap.SumOfRatios([measures[m]]),
                    ClusterStandardError.Influence([measures[m]]),
                    () => RowInfluence.OfMean(of, data.Weight)
                );
                yield return maker.Make(
                    data.Segments[0],
                    Estimands.RowAgreement + RowAgreement.Measures[m],
                    $"{context.Plan.PerRow[first].Id}~{context.Plan.PerRow[second].Id}",
                    drawn,
                    tested: false,
                    EstimateMaker.Range.WithinOne
                ) with
                {
                    Space = context.Study.Space,
                    Baseline = context.Study.Baseline.Name,
                };
            }
    }

    private static IEnumerable<Remark> Remarks(ChainContext context, IReadOnlyList<Disagreement> found)
    {
        foreach (var feature in found.GroupBy(d => d.Feature))
        {
            // The most telling pair speaks; one that binds goes before one that does not.
            var d = feature
                .OrderByDescending(d => d.Pair.Binding)
                .ThenByDescending(d => Math.Abs(d.First - d.Second))
                .First();
            var places =
                $"{AgreementSection.Place(d.First)} of {context.Plan.Features.Count} by {d.Pair.First.Method} and "
                + $"{AgreementSection.Place(d.Second)} by {d.Pair.Second.Method}";
            yield return new(
                context.Plan.Features[feature.Key].Entry.Name,
                d.Pair.Binding
                    ? $"methods disagree on its place: it is {places}"
                    : $"what it adds to the other features is another matter than what it does alone: it is {places}",
                d.Pair.Binding ? Grade.C : null
            );
        }
    }
}
