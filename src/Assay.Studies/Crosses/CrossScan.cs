using Assay.Statistics;

namespace Assay.Studies;

/// <summary>A pair of features and what the scan says of adding their cross.</summary>
/// <param name="A">The first feature's levels.</param>
/// <param name="B">The second's.</param>
/// <param name="Score">The test on the explained rows.</param>
internal sealed record ScannedPair(CrossCoding A, CrossCoding B, CrossScore Score)
{
    public string Name => $"{A.Feature.Entry.Name}*{B.Feature.Entry.Name}";
}

/// <summary>
/// Crosses that the model lacks: each pair of features by the score test, on the explained rows. What a model has learnt
/// as an interaction leaves nothing in its residuals, so this finds what it has not.
/// </summary>
internal sealed class CrossScan
{
    // Beyond it rows of some clusters are left out; the test's cost is rows × replicates a pair.
    private const int MostRows = 100_000;
    private readonly SplitData data;
    private readonly int[] rows;
    private readonly CrossTest test;
    private readonly CrossCoding[] codings;
    private readonly int[][] levels;

    public CrossScan(StudyPlan plan, SplitData data, int most)
    {
        this.data = data;
        var share = (ulong)(MostRows / (double)Math.Max(MostRows, data.Split.Rows) * ulong.MaxValue);
        rows =
        [
            .. Enumerable
                .Range(0, data.Split.Rows)
                .Where(r => data.Split.Rows <= MostRows || StableHash.Of(data.ClusterKeys[data.Cluster[r]]) <= share),
        ];
        double[] Take(double[] all) => Array.ConvertAll(rows, r => all[r]);
        test = new CrossTest(
            Take(data.Label),
            Array.ConvertAll(Take(data.Score), z => Math.Clamp(1 / (1 + Math.Exp(-z)), 1e-9, 1 - 1e-9)),
            Array.ConvertAll(rows, r => data.Cluster[r]),
            data.ClusterKeys,
            plan.Study.Seed
        );
        using var reader = new PreparedReader(plan, data.Split);
        var found = plan
            .Features.Where(f => CrossCoding.Refusal(f) is null)
            .Select(f => (Feature: f, Values: Take(reader.ReadAllValues(f, 0))))
            .Select(f => (Coding: new CrossCoding(f.Feature, f.Values, most), f.Values))
            .Where(f => f.Coding.Of(f.Values).Distinct().Skip(1).Any())
            .ToArray();
        codings = [.. found.Select(f => f.Coding)];
        levels = [.. found.Select(f => f.Coding.Of(f.Values))];
        Left = [.. plan.Features.Where(f => found.All(k => k.Coding.Feature != f)).Select(f => f.Entry.Name)];
    }

    /// <summary>Rows that were looked at.</summary>
    public int Rows => rows.Length;

    /// <summary>Features that no pair was made of: lists, vectors, ids without a vocabulary, the same in all rows.</summary>
    public IReadOnlyList<string> Left { get; }

    /// <summary>Every pair, in the order of the dictionary.</summary>
    public IReadOnlyList<ScannedPair> Run(int threads, CancellationToken cancellation)
    {
        var pairs = (
            from i in Enumerable.Range(0, codings.Length)
            from j in Enumerable.Range(i + 1, codings.Length - i - 1)
            select (i, j)
        ).ToArray();
        var scanned = new ScannedPair[pairs.Length];
        MapStage.Parallel(
            threads,
            pairs.Length,
            (k, cancel) =>
            {
                cancel.ThrowIfCancellationRequested();
                var (i, j) = pairs[k];
                var (a, b) = (codings[i], codings[j]);
                scanned[k] = new(a, b, test.Of(levels[i], a.Levels, levels[j], b.Levels));
            },
            cancellation
        );
        return scanned;
    }

    /// <summary>The scan as rows of estimates; the family is all pairs.</summary>
    public Estimate[] Estimates(IReadOnlyList<ScannedPair> scanned, string head) =>
        Families.Adjusted(
            scanned.Select(p => new Estimate
            {
                Split = data.Split.Name,
                Dimension = SegmentBuilder.Overall,
                Segment = SegmentBuilder.All,
                SegmentLabel = SegmentBuilder.All,
                Feature = p.Name,
                Estimand = CrossEstimands.Missing,
                Method = CrossEstimands.ScoreTest,
                Head = head,
                Value = p.Score.Gain,
                PValue = p.Score.PValue,
                Rows = rows.Length,
                Clusters = rows.Select(r => data.Cluster[r]).Distinct().Count(),
            })
        );
}
