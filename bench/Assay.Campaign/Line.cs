using System.Globalization;
using Assay.Studies;

namespace Assay.Campaign;

/// <summary>What an estimate is of, whatever the draw; <paramref name="Segment"/> is "all" or a region.</summary>
internal readonly record struct Key(string Estimand, string Method, string Feature, string Segment) : IComparable<Key>
{
    public int CompareTo(Key other) =>
        string.CompareOrdinal(
            $"{Estimand};{Method};{Segment};{Feature}",
            $"{other.Estimand};{other.Method};{other.Segment};{other.Feature}"
        );
}

/// <summary>One estimate of a study, as a line of text; <paramref name="RowError"/> is NaN where rows give no error.</summary>
internal sealed record Line(
    Key Key,
    string Split,
    double Value,
    double Error,
    double Low,
    double High,
    double P,
    double PAdjusted,
    double RowError
)
{
    public static Line Of(Estimate e, double rowError) =>
        new(
            new(e.Estimand, e.Method, e.Feature, e.Segment),
            e.Split,
            e.Value,
            e.StandardError,
            e.Low,
            e.High,
            e.PValue,
            e.PAdjusted,
            rowError
        );

    /// <summary>A fact that is no estimate.</summary>
    public static Line Fact(string what, string of, string feature, double value) =>
        new(
            new(what, of, feature, ""),
            "",
            value,
            double.NaN,
            double.NaN,
            double.NaN,
            double.NaN,
            double.NaN,
            double.NaN
        );

    public static Line Parse(string text)
    {
        var p = text.Split(';');
        double Number(int i) => double.Parse(p[i], CultureInfo.InvariantCulture);
        return new(
            new(p[0], p[1], p[2], p[3]),
            p[4],
            Number(5),
            Number(6),
            Number(7),
            Number(8),
            Number(9),
            Number(10),
            Number(11)
        );
    }

    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Key.Estimand};{Key.Method};{Key.Feature};{Key.Segment};{Split};{Value:R};{Error:R};{Low:R};{High:R};{P:R};{PAdjusted:R};{RowError:R}"
        );
}

/// <summary>Files of lines: there whole or not at all.</summary>
internal static class Lines
{
    public static void Write(string path, IEnumerable<Line> lines)
    {
        File.WriteAllLines(path + ".partial", lines.Select(l => l.ToString()));
        File.Move(path + ".partial", path, overwrite: true);
    }

    public static Line[] Read(string path) => [.. File.ReadLines(path).Select(Line.Parse)];
}
