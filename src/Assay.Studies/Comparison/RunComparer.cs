using Assay.Onnx;
using Assay.Statistics;

namespace Assay.Studies;

/// <summary>
/// What changed between two finished studies. Bootstrap weights depend on (seed, cluster, replicate) only, so for runs
/// of one seed the replicates of the difference are the differences of the replicates, whatever share of clusters the
/// runs have in common; else the errors are taken as independent. Runs of retrainings add their spread: 2 s² to the
/// variance of a difference between two of them.
/// </summary>
public static class RunComparer
{
    /// <summary>A difference is beyond chance where its adjusted p-value is below this.</summary>
    public const double Level = 0.05;

    /// <summary>Compares two run folders.</summary>
    /// <param name="first">The run before.</param>
    /// <param name="second">The run after.</param>
    /// <param name="retrainings">Runs of the model retrained with other seeds and nothing else changed, none or at
    /// least two.</param>
    /// <exception cref="AssayException">Usage: one retraining. Input: not finished runs, or runs with nothing in
    /// common.</exception>
    public static RunComparison Compare(string first, string second, IReadOnlyList<string> retrainings)
    {
        ArgumentNullException.ThrowIfNull(retrainings);
        if (retrainings.Count == 1)
            throw AssayException.Usage("One retraining has no spread; give at least two runs with --null, or none.");
        using var a = ComparedRun.Read(first);
        using var b = ComparedRun.Read(second);
        if (!a.Estimates.Keys.Any(b.Estimates.ContainsKey))
            throw AssayException.Input(
                $"The runs '{first}' and '{second}' have no estimate in common; compare studies with the same methods, space and baseline."
            );
        var spread = retrainings.Select(Estimates).ToArray();
        var keys = a.Estimates.Keys.Concat(b.Estimates.Keys.Where(k => !a.Estimates.ContainsKey(k)));
        var differences = keys.Select(k =>
                One(a, b, a.Estimates.GetValueOrDefault(k), b.Estimates.GetValueOrDefault(k), Spread(spread, k))
            )
            .ToArray();
        return new(
            RankChanges.Added(Judged(differences), a, b, spread),
            [.. Notes(a, b, differences, retrainings.Count)]
        );
    }

    private static IReadOnlyDictionary<string, Estimate> Estimates(string folder)
    {
        using var run = ComparedRun.Read(folder);
        return run.Estimates;
    }

    /// <summary>The variance between retrainings and its degrees of freedom; null without retrainings.</summary>
    private static (double Variance, double Freedom)? Spread(IReadOnlyDictionary<string, Estimate>[] runs, string key)
    {
        if (runs.Length == 0)
            return null;
        var values = runs.Where(r => r.ContainsKey(key)).Select(r => r[key].Value).ToArray();
        // A number that the retrainings do not all have is left without an error rather than with too small a one.
        if (values.Length < runs.Length)
            return (double.NaN, double.NaN);
        var deviation = default(WeightedMoments).Add(values).StandardDeviation;
        return (deviation * deviation, values.Length - 1);
    }

    private static Difference One(
        ComparedRun a,
        ComparedRun b,
        Estimate? first,
        Estimate? second,
        (double Variance, double Freedom)? retraining
    )
    {
        var empty = new Difference { First = first, Second = second };
        if (first is null || second is null)
            return empty with { Verdict = first is null ? ChangeVerdict.OnlyInSecond : ChangeVerdict.OnlyInFirst };
        var clusters = Math.Min(first.Draws, second.Draws);
        var (sampling, errors) = Sampling(a, b, first, second, clusters);
        var variance = sampling * sampling;
        double freedom = clusters - 1;
        if (retraining is { } r)
        {
            (variance, freedom) = Difference.With(variance, freedom, 2 * r.Variance, r.Freedom);
        }
        var value = second.Value - first.Value;
        var error = Math.Sqrt(variance);
        var interval = Intervals.StudentT(value, error, freedom);
        return empty with
        {
            Value = value,
            StandardError = error,
            RetrainingError = retraining is { } s ? Math.Sqrt(2 * s.Variance) : double.NaN,
            DegreesOfFreedom = freedom,
            Low = interval.Low,
            High = interval.High,
            // Exactly the same in every replicate: certain, and no difference.
            PValue = value == 0 && error == 0 ? 1 : PValues.FromT(value / error, freedom),
            Errors = errors,
        };
    }

    private static (double Error, string Errors) Sampling(
        ComparedRun a,
        ComparedRun b,
        Estimate first,
        Estimate second,
        int clusters
    )
    {
        if (a.Seed is { } seed && seed == b.Seed && a.Replicates(first) is { } x && b.Replicates(second) is { } y)
        {
            var differences = new double[Math.Min(x.Length, y.Length)];
            for (var i = 0; i < differences.Length; i++)
                differences[i] = (double)y[i] - x[i];
            return (Intervals.BootstrapStandardError(differences, clusters), "paired");
        }
        return (Math.Sqrt(Math.Pow(first.StandardError, 2) + Math.Pow(second.StandardError, 2)), "independent");
    }

    private static Difference[] Judged(Difference[] all)
    {
        var families = Enumerable
            .Range(0, all.Length)
            .Where(i => all[i].First is not null && all[i].Second is not null)
            .GroupBy(i => (all[i].Any.Estimand, all[i].Any.Method, all[i].Any.Split, all[i].Any.Dimension));
        foreach (var family in families)
        {
            var places = family.ToArray();
            var adjusted = MultipleTesting.BenjaminiHochberg([.. places.Select(i => all[i].PValue)]);
            for (var k = 0; k < places.Length; k++)
                all[places[k]] = all[places[k]] with
                {
                    PAdjusted = adjusted[k],
                    Verdict = Verdict(all[places[k]], adjusted[k]),
                };
        }
        return all;
    }

    private static ChangeVerdict Verdict(Difference d, double adjusted)
    {
        if (double.IsNaN(adjusted))
            return ChangeVerdict.Undecided;
        if (adjusted >= Level)
            return ChangeVerdict.NoDifference;
        var (before, after) = (d.First!.ExcludesZero, d.Second!.ExcludesZero);
        return d.Value > 0
            ? !before && after
                ? ChangeVerdict.Appeared
                : ChangeVerdict.Grew
            : before && !after
                ? ChangeVerdict.Vanished
                : ChangeVerdict.Fell;
    }

    private static IEnumerable<string> Notes(
        ComparedRun a,
        ComparedRun b,
        IReadOnlyList<Difference> differences,
        int retrainings
    )
    {
        foreach (var split in differences.Where(d => d.Errors.Length > 0).Select(d => d.Any.Split).Distinct())
        {
            var (x, y) = (a.Clusters(split), b.Clusters(split));
            if (x is null || y is null)
                yield return $"{split}: whether the runs share clusters is not known (prepared rows are gone).";
            else
                yield return $"{split}: {x.Count(y.Contains)} clusters in both runs, of {x.Count} and {y.Count}.";
        }
        var independent = differences.Count(d => d.Errors == "independent" && d.Any.Feature.Length > 0);
        yield return a.Seed != b.Seed
            ? "Errors taken as independent (the studies have different seeds): too wide where the runs share clusters."
        : independent == 0
            ? "Errors of importances from paired bootstrap replicates; those of qualities taken as independent."
        : $"{independent} importances without kept replicates: errors taken as independent.";
        yield return retrainings == 0
            ? "Chance is the sampling of clusters only; for two trainings give runs of retrainings with --null."
            : $"Chance includes the spread between {retrainings} retrainings.";
    }
}
