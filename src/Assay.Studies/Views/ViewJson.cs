using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Assay.Statistics;

namespace Assay.Studies;

/// <summary>How files for readers are written: six digits, what is not known is null, no spaces.</summary>
internal static class ViewJson
{
    public static readonly JsonSerializerOptions Options = Make();

    private static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions(Json.Options)
        {
            WriteIndented = false,
            NumberHandling = JsonNumberHandling.Strict,
        };
        options.Converters.Add(new SixDigits());
        return options;
    }

    private sealed class SixDigits : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Null ? double.NaN : reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (!double.IsFinite(value))
                writer.WriteNullValue();
            else
                writer.WriteNumberValue(
                    double.Parse(value.ToString("G6", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
                );
        }
    }
}

/// <summary>A number and its interval of 95 %.</summary>
internal sealed record Num(double Value, double Low, double High)
{
    /// <summary>Student's t with the degrees of freedom of so many independent units; null where there is no number.</summary>
    public static Num? Of(double value, double standardError, int units)
    {
        if (double.IsNaN(value))
            return null;
        var interval = double.IsNaN(standardError)
            ? Interval.None
            : Intervals.StudentT(value, standardError, units - 1);
        return new(value, interval.Low, interval.High);
    }
}
