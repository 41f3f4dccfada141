using System.Globalization;
using Assay.Studies;

namespace Assay.Campaign;

/// <summary>One estimate of a study, as a line of text; <paramref name="RowError"/> is NaN where rows give no error.</summary>
internal sealed record Line(
    string Estimand,
    string Method,
    string Feature,
    double Value,
    double Error,
    double Low,
    double High,
    double PAdjusted,
    double RowError
)
{
    public (string Estimand, string Method, string Feature) Key => (Estimand, Method, Feature);

    public static Line Of(Estimate e, double rowError) =>
        new(e.Estimand, e.Method, e.Feature, e.Value, e.StandardError, e.Low, e.High, e.PAdjusted, rowError);

    public static Line Parse(string text)
    {
        var p = text.Split(';');
        double Number(int i) => double.Parse(p[i], CultureInfo.InvariantCulture);
        return new(p[0], p[1], p[2], Number(3), Number(4), Number(5), Number(6), Number(7), Number(8));
    }

    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Estimand};{Method};{Feature};{Value:R};{Error:R};{Low:R};{High:R};{PAdjusted:R};{RowError:R}"
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
