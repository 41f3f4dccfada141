namespace Assay.Attribution.Ranking;

/// <summary>Why one candidate stands above another.</summary>
public static class Contrast
{
    /// <summary>
    /// The explanation of f(a) − f(b), which for methods that are linear in what they explain is φ(a) − φ(b): targets,
    /// baselines, attributions and gaps are differences; standard errors are those of independent estimates.
    /// </summary>
    /// <param name="first">Some rows a.</param>
    /// <param name="second">One row b, explained the same way.</param>
    public static Explanation Of(Explanation first, Explanation second)
    {
        if (second.Rows != 1)
            throw new ArgumentException($"{second.Rows} rows where one is wanted.", nameof(second));
        var features = second.Attributions.Length;
        return new Explanation(
            first.Rows,
            [.. first.Attributions.Select((a, i) => a - second.Attributions[i % features])],
            [.. first.Target.Select(t => t - second.Target[0])],
            [.. first.BaselineTarget.Select(t => t - second.BaselineTarget[0])],
            first.CompletenessGap?.Select(g => g - second.CompletenessGap![0]).ToArray()
        )
        {
            Evaluations = first.Evaluations?.Select(e => e + second.Evaluations![0]).ToArray(),
            StandardErrors = first
                .StandardErrors?.Select((s, i) => double.Hypot(s, second.StandardErrors![i % features]))
                .ToArray(),
            DegreesOfFreedom = first.DegreesOfFreedom?.Select(d => Math.Min(d, second.DegreesOfFreedom![0])).ToArray(),
        };
    }
}
