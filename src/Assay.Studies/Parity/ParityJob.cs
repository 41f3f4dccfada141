using Assay.Statistics;

namespace Assay.Studies;

/// <summary>One feature's comparison in one segment of one split.</summary>
/// <param name="Estimates">Its rows; the first is the index.</param>
/// <param name="Part">Of a list what drifted most; else empty.</param>
/// <param name="Noise">What the index would be without drift.</param>
/// <param name="Missing">Shares of missing values, in training and here.</param>
internal sealed record FeatureParity(
    IReadOnlyList<Estimate> Estimates,
    string Part,
    double Noise,
    (double Training, double Rows) Missing
);

/// <summary>Compares one feature in all segments of all splits with the training rows.</summary>
internal sealed class ParityJob(ChainContext context, TrainingTable training, int ordinal)
{
    public const string Method = "train-serve";
    private readonly BoundFeature feature = context.Plan.Features[ordinal];
    private readonly string column = training.Features[ordinal];

    // What was measured of the parts of the feature, by split and segment.
    private readonly Dictionary<(int Split, int Segment), List<Measured>> measured = [];

    private sealed record Measured(ParityPart Part, ParityCell Cell, ShareDrift Drift);

    public IEnumerable<FeatureParity> Run()
    {
        var parts = ParityPart.For(feature);
        foreach (var part in parts)
            Measure(part);
        return measured
            .OrderBy(m => m.Key.Split)
            .ThenBy(m => m.Key.Segment)
            .Select(m => Finish(m.Key.Split, m.Key.Segment, m.Value, parts.Count));
    }

    private void Measure(ParityPart part)
    {
        var bins = new ParityBins(training, column, part);
        var sides = context.Splits.Select(s => new Side(context, s, feature, part, bins, training.Units)).ToArray();
        foreach (var dimension in Dimensions())
            training.Counted(
                dimension,
                part.Value(column),
                bins,
                (segment, counts) =>
                {
                    for (var s = 0; s < sides.Length; s++)
                        if (sides[s].Find(dimension, segment) is { } at)
                            Measure(part, bins, sides[s], (s, at), counts);
                }
            );
    }

    private void Measure(
        ParityPart part,
        ParityBins bins,
        Side side,
        (int Split, int Segment) key,
        IReadOnlyList<TrainingCount> counts
    )
    {
        var cell = new ParityCell(bins);
        foreach (var count in counts)
            cell.Add(count);
        side.Fill(cell, key.Segment);
        if (!cell.Has(key.Segment == 0 ? 1 : context.Study.MinimumRows))
            return;
        if (!measured.TryGetValue(key, out var list))
            measured[key] = list = [];
        list.Add(new(part, cell, cell.Drift()));
    }

    private IEnumerable<string> Dimensions()
    {
        var entry = feature.Entry;
        yield return SegmentBuilder.Overall;
        foreach (var s in context.Plan.Segments)
            if (
                training.Has(s.Name)
                && !SegmentDefinition.AreMadeOf(context.Plan.Segments, s.Name, entry.Name)
                && !SegmentDefinition.AreMadeOf(context.Plan.Segments, s.Name, entry.Source)
            )
                yield return s.Name;
    }

    private FeatureParity Finish(int split, int segment, List<Measured> parts, int tests)
    {
        var data = context.Splits[split];
        var maker = new EstimateMaker(data, context.Head);
        Estimate Empty(string estimand) =>
            maker.Empty(data.Segments[segment], estimand, Method) with
            {
                // The training rows' items are not drawn.
                SecondClusters = null,
                Feature = feature.Entry.Name,
                Group = feature.Entry.Group ?? "",
            };
        Estimate With(string estimand, ParityNumber n, bool tested) =>
            Empty(estimand) with
            {
                Value = n.Value,
                StandardError = n.Error,
                Low = n.Interval.Low,
                High = n.Interval.High,
                Interval = n.Interval.IsDefined ? EstimateMaker.Student : "",
                PValue = tested ? n.PValue : double.NaN,
            };
        var worst = parts.MaxBy(p => p.Drift.Index - p.Drift.Noise)!;
        var drift = worst.Drift;
        var estimates = new List<Estimate>
        {
            Empty(Estimands.ParityPsi) with
            {
                Value = drift.Value,
                StandardError = drift.StandardError,
                Low = drift.Interval.Low,
                High = drift.Interval.High,
                Interval = drift.Interval.IsDefined ? EstimateMaker.Student : "",
                // The smallest p of several parts, by Bonferroni.
                PValue = Math.Min(1, tests * parts.Min(p => p.Drift.PValue)),
            },
        };
        var first = parts[0].Cell;
        var missing = first.Missing;
        if (missing is not (0, 0))
            estimates.Add(With(Estimands.ParityMissing, first.MissingMore(), tested: true));
        if (parts[0].Part.IsId && missing.Rows < 1)
            estimates.Add(With(Estimands.ParityUnseen, first.Unseen(), tested: false));
        var number = worst.Part.IsId ? parts.FirstOrDefault(p => !p.Part.IsId) : worst;
        if (number is not null && missing is { Training: < 1, Rows: < 1 } && number.Cell.Varies)
            estimates.Add(With(Estimands.ParityShift, number.Cell.Shift(), tested: true));
        return new(estimates, worst.Part.Name, drift.Noise, missing);
    }

    /// <summary>The rows of a split: their bins and units.</summary>
    private sealed class Side
    {
        private readonly SplitData data;
        private readonly double[] values;
        private readonly int[] bins;
        private readonly bool[] unseen;
        private readonly int[] units;
        private readonly Dictionary<(string, string), int> segments = [];

        public Side(
            ChainContext context,
            SplitData data,
            BoundFeature feature,
            ParityPart part,
            ParityBins cut,
            ParityUnits numbers
        )
        {
            this.data = data;
            using var reader = new PreparedReader(context.Plan, data.Split);
            var elements = feature.Elements.Select((_, e) => reader.ReadAllValues(feature, e)).ToArray();
            var row = new double[elements.Length];
            values = new double[data.Split.Rows];
            for (var r = 0; r < values.Length; r++)
            {
                for (var e = 0; e < row.Length; e++)
                    row[e] = elements[e][r];
                values[r] = part.Of(row);
            }
            bins = cut.Of(values);
            unseen = Array.ConvertAll(values, v => part.IsId && !double.IsNaN(v) && !cut.IsSeen(v));
            units = [.. data.ClusterKeys.Select(numbers.Of)];
            for (var s = 0; s < data.Segments.Count; s++)
                if (data.IsShown(data.Segments[s]))
                    segments[(data.Segments[s].Dimension, data.Segments[s].Name)] = s;
        }

        public int? Find(string dimension, string segment) =>
            segments.TryGetValue((dimension, segment), out var at) ? at : null;

        public void Fill(ParityCell cell, int segment)
        {
            foreach (var row in data.Segments[segment].Rows)
                cell.Add(units[data.Cluster[row]], bins[row], values[row], unseen[row]);
        }
    }
}
