namespace Assay.Statistics;

/// <summary>Elementary functions that keep their digits where the naive form loses them.</summary>
internal static class Numeric
{
    /// <summary>
    /// log(1 + x) for small x too (Kahan's correction; see Higham, "Accuracy and Stability", §1.14.1).
    /// </summary>
    public static double Log1P(double x)
    {
        var u = 1 + x;
        return u == 1 ? x : Math.Log(u) * x / (u - 1);
    }

    /// <summary>1 / (1 + e^−z) without overflow.</summary>
    public static double Sigmoid(double z)
    {
        if (z >= 0)
            return 1 / (1 + Math.Exp(-z));
        var e = Math.Exp(z);
        return e / (1 + e);
    }
}
