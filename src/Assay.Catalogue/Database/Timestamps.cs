using System.Globalization;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Assay.Catalogue;

/// <summary>
/// Times are UTC to the microsecond, which is what PostgreSQL keeps, so that an entry of the audit trail reads, and
/// hashes, as it was written.
/// </summary>
internal static class Timestamps
{
    private const string Form = "yyyy-MM-ddTHH:mm:ss.ffffffZ";

    public static DateTimeOffset Whole(DateTimeOffset time)
    {
        var utc = time.ToUniversalTime();
        return utc.AddTicks(-(utc.Ticks % TimeSpan.TicksPerMicrosecond));
    }

    /// <summary>Text of a fixed length, which sorts as the times do.</summary>
    public static string Text(DateTimeOffset time) =>
        Whole(time).UtcDateTime.ToString(Form, CultureInfo.InvariantCulture);

    public static DateTimeOffset Read(string text) =>
        DateTimeOffset.ParseExact(text, Form, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}

internal sealed class TimeAsText()
    : ValueConverter<DateTimeOffset, string>(t => Timestamps.Text(t), s => Timestamps.Read(s));

internal sealed class TimeAsUtc()
    : ValueConverter<DateTimeOffset, DateTimeOffset>(t => Timestamps.Whole(t), t => t.ToUniversalTime());
