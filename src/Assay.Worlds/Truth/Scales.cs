namespace Assay.Worlds.Truth;

/// <summary>Skewed quantities brought to mean about 0 and spread about 1, once and for all worlds.</summary>
internal static class Scales
{
    public static double Popularity(double clicks) => (Math.Log(1 + clicks) - 3.21) / 1.0;

    /// <summary>High for a recent event.</summary>
    public static double Recency(double days) => (4.3 - Math.Log(1 + days)) / 1.3;

    public static double Price(double euros) => (Math.Log(1 + euros) - 2.78) / 0.66;

    public static double Frequency(double events) => (Math.Log(1 + events) - 0.5) / 0.6;
}
