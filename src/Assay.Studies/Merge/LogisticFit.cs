namespace Assay.Studies;

/// <summary>Logistic regression on one number, by Newton's method: logit = intercept + slope · x.</summary>
internal static class LogisticFit
{
    /// <summary>The fit on the rows that <paramref name="use"/> admits.</summary>
    public static (double Intercept, double Slope) Of(double[] x, double[] labels, Func<int, bool> use)
    {
        double a = 0,
            b = 0;
        for (var step = 0; step < 50; step++)
        {
            double ga = 0,
                gb = 0,
                haa = 1e-9,
                hab = 0,
                hbb = 1e-9;
            for (var i = 0; i < x.Length; i++)
            {
                if (!use(i))
                    continue;
                var p = 1 / (1 + Math.Exp(-(a + b * x[i])));
                var w = p * (1 - p);
                ga += labels[i] - p;
                gb += (labels[i] - p) * x[i];
                haa += w;
                hab += w * x[i];
                hbb += w * x[i] * x[i];
            }
            var determinant = haa * hbb - hab * hab;
            // A constant x has no slope to find.
            if (determinant <= 1e-8 * haa * hbb)
                (hab, gb, determinant) = (0, 0, haa * hbb);
            var (da, db) = ((hbb * ga - hab * gb) / determinant, (haa * gb - hab * ga) / determinant);
            (a, b) = (a + Math.Clamp(da, -5, 5), b + Math.Clamp(db, -5, 5));
            if (Math.Abs(da) + Math.Abs(db) < 1e-10)
                break;
        }
        return (a, b);
    }
}
