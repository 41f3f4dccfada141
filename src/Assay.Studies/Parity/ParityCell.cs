using System.Runtime.InteropServices;
using Assay.Statistics;

namespace Assay.Studies;

/// <summary>Rows of one feature in one segment on both sides, by unit and bin.</summary>
internal sealed class ParityCell(ParityBins bins)
{
    private readonly int width = bins.Count;
    private readonly Dictionary<int, int> places = [];
    private readonly List<double> training = [];
    private readonly List<double> rows = [];
    private readonly List<double> trainingSums = [];
    private readonly List<double> rowSums = [];
    private readonly List<double> unseen = [];

    public long TrainingRows { get; private set; }

    public void Add(TrainingCount count)
    {
        var at = Place(count.Unit);
        training[at * width + count.Bin] += count.Rows;
        trainingSums[at] += count.Sum;
        TrainingRows += (long)count.Rows;
    }

    /// <param name="unit">The row's unit.</param>
    /// <param name="bin">Its bin.</param>
    /// <param name="value">Its value; NaN: missing.</param>
    /// <param name="isUnseen">Whether training does not have it.</param>
    public void Add(int unit, int bin, double value, bool isUnseen)
    {
        var at = Place(unit);
        rows[at * width + bin]++;
        if (!bins.IsId && !double.IsNaN(value))
            rowSums[at] += value - bins.Mean;
        unseen[at] += isUnseen ? 1 : 0;
    }

    /// <summary>Whether both sides have enough of it.</summary>
    public bool Has(long rowsOfTraining) => TrainingRows >= rowsOfTraining && places.Count > 1;

    public ShareDrift Drift() =>
        ShareDrift.Of(CollectionsMarshal.AsSpan(training), CollectionsMarshal.AsSpan(rows), width);

    /// <summary>Whether numbers vary in training.</summary>
    public bool Varies => bins.Deviation > 0;

    /// <summary>Share of missing values in training and in the rows studied.</summary>
    public (double Training, double Rows) Missing =>
        (
            ClusterStandardError.Ratio(Bin(training), Total(training)),
            ClusterStandardError.Ratio(Bin(rows), Total(rows))
        );

    public ParityNumber MissingMore() =>
        ParityNumber.Of([new(Bin(rows), Total(rows)), new(Negative(Bin(training)), Total(training))]);

    /// <summary>Share of the rows with an id whose id training does not have.</summary>
    public ParityNumber Unseen() => ParityNumber.Of([new([.. unseen], Known(rows))]);

    /// <summary>Difference of the means in standard deviations of training.</summary>
    public ParityNumber Shift()
    {
        double[] Scaled(List<double> sums, double sign) => [.. sums.Select(s => sign * s / bins.Deviation)];
        return ParityNumber.Of([new(Scaled(rowSums, 1), Known(rows)), new(Scaled(trainingSums, -1), Known(training))]);
    }

    private int Place(int unit)
    {
        if (places.TryGetValue(unit, out var at))
            return at;
        at = places[unit] = places.Count;
        CollectionsMarshal.SetCount(training, (at + 1) * width);
        CollectionsMarshal.SetCount(rows, (at + 1) * width);
        CollectionsMarshal.AsSpan(training)[(at * width)..].Clear();
        CollectionsMarshal.AsSpan(rows)[(at * width)..].Clear();
        trainingSums.Add(0);
        rowSums.Add(0);
        unseen.Add(0);
        return at;
    }

    private double[] Bin(List<double> of) =>
        [.. Enumerable.Range(0, places.Count).Select(u => of[(u + 1) * width - 1])];

    private double[] Total(List<double> of)
    {
        var totals = new double[places.Count];
        for (var u = 0; u < totals.Length; u++)
            totals[u] = System.Numerics.Tensors.TensorPrimitives.Sum<double>(
                CollectionsMarshal.AsSpan(of).Slice(u * width, width)
            );
        return totals;
    }

    private double[] Known(List<double> of) => [.. Total(of).Zip(Bin(of), (all, missing) => all - missing)];

    private static double[] Negative(double[] values) => Array.ConvertAll(values, v => -v);
}

/// <summary>A number made of ratios over units, with its interval and p-value against 0.</summary>
internal readonly record struct ParityNumber(double Value, double Error, Interval Interval, double PValue)
{
    // Of shares and standard deviations: clusters that have the same rows on both sides leave rounding errors only.
    private const double Rounding = 1e-12;

    public static ParityNumber Of(RatioColumns[] ratios)
    {
        var value = ratios.Sum(r => ClusterStandardError.Ratio(r.Numerators, r.Denominators));
        var error = ClusterStandardError.OfSumOfRatios(ratios);
        if (error < Rounding && Math.Abs(value) < Rounding)
            return new(0, 0, new(0, 0), 1);
        var degrees = ClusterStandardError.DegreesOfFreedom(ClusterStandardError.Influence(ratios));
        return new(value, error, Intervals.StudentT(value, error, degrees), PValues.FromT(value / error, degrees));
    }
}
