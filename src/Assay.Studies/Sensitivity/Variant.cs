using Assay.Attribution;

namespace Assay.Studies;

/// <summary>What a variant changes.</summary>
internal enum Varied
{
    Baseline,
    Steps,
    At,
    Budget,
    Space,
}

/// <summary>The study with one thing changed and nothing but the methods that depend on it.</summary>
/// <param name="What">What is changed.</param>
/// <param name="Name">Its name in results, such as <c>baseline:mean</c>.</param>
/// <param name="Words">How sentences put it: "with the mean instead of zero as baseline".</param>
/// <param name="Study">The changed study.</param>
internal sealed record Variant(Varied What, string Name, string Words, StudyDefinition Study)
{
    private static readonly int UsualSteps = new ExplainSettings { Method = "" }.Steps;

    /// <summary>Per-row methods that look at the row alone.</summary>
    public static readonly IReadOnlySet<string> WithoutBaseline = new HashSet<string>
    {
        "saliency",
        "gradient-times-input",
        "lrp",
    };

    /// <summary>Methods that take steps along a path.</summary>
    public static readonly IReadOnlySet<string> WithSteps = new HashSet<string> { "integrated-gradients" };

    /// <summary>Its folder inside the run.</summary>
    public string Folder => $"sensitivity/{Name.Replace(':', '-')}";

    /// <summary>The band it belongs to.</summary>
    public string Band =>
        What switch
        {
            Varied.Baseline => "baselines",
            Varied.Space => "space",
            _ => "settings",
        };

    /// <summary>Whether it is less exact than the study itself, so that it speaks for the study and never against it.</summary>
    public bool Coarser { get; init; }

    /// <summary>All that a study asks for, except what it does itself or what no method of it depends on.</summary>
    public static IReadOnlyList<Variant> Of(StudyPlan plan)
    {
        var (study, asked) = (plan.Study, plan.Study.Sensitivity!);
        var baselines = asked.Baselines ?? Applicable(plan.Dictionary);
        var perRow = study.Methods.Where(m => MethodRegistry.Get(m.Id).PerRow).ToArray();
        IEnumerable<Variant> all =
        [
            .. baselines.Where(b => b != study.Baseline).Select(b => OfBaseline(study, b, perRow)),
            .. OfSteps(study, perRow),
            .. asked.At.Where(a => a != study.At).Select(a => OfEntry(study, a, perRow)),
            .. asked.Budgets.Select(b => OfBudget(study, b, perRow)),
            .. asked.Spaces.Where(s => s != study.Space).Select(s => OfSpace(study, s, perRow)),
        ];
        return [.. all.Where(v => v.Study.Methods.Count > 0)];
    }

    private static List<BaselineDefinition> Applicable(FeatureDictionary dictionary)
    {
        var all = new List<BaselineDefinition>
        {
            new(BaselineKind.Zero),
            new(BaselineKind.Mean),
            new(BaselineKind.Data),
        };
        // An id that stands for "none" has to be known.
        if (dictionary.Features.All(f => !f.HasIds || (f.AblationId ?? f.OovId ?? f.PaddingId) is not null))
            all.Insert(1, new(BaselineKind.Padding));
        return all;
    }

    private static Variant OfBaseline(StudyDefinition study, BaselineDefinition to, MethodDefinition[] perRow) =>
        new(
            Varied.Baseline,
            $"baseline:{to.Name}",
            $"with {BaselineWords(to)} instead of {BaselineWords(study.Baseline)} as baseline",
            Narrowed(study, perRow.Where(m => !WithoutBaseline.Contains(m.Id))) with
            {
                Baseline = to,
            }
        );

    private static IEnumerable<Variant> OfSteps(StudyDefinition study, MethodDefinition[] perRow)
    {
        foreach (var method in perRow.Where(m => WithSteps.Contains(m.Id)))
        {
            var own = method.Steps ?? UsualSteps;
            // With a tolerance each row has its own number.
            var others =
                study.Sensitivity!.Steps
                ?? (method.Tolerance is null ? [Math.Max(1, own / 2), Math.Min(4096, 2 * own)] : []);
            foreach (var steps in others.Where(s => s != own || method.Tolerance is not null))
                yield return new(
                    Varied.Steps,
                    $"steps:{steps}",
                    method.Tolerance is { } t
                        ? FormattableString.Invariant($"with {steps} steps instead of a tolerance of {t}")
                        : $"with {steps} steps instead of {own}",
                    Narrowed(study, [method with { Steps = steps, Tolerance = null }])
                )
                {
                    Coarser = method.Tolerance is null && steps < own,
                };
        }
    }

    private static Variant OfEntry(StudyDefinition study, string at, MethodDefinition[] perRow) =>
        new(
            Varied.At,
            $"at:{at}",
            $"with numbers entering {EntryWords(at)} instead of {EntryWords(study.At)}",
            Narrowed(study, perRow) with
            {
                At = at,
            }
        );

    private static Variant OfBudget(StudyDefinition study, int budget, MethodDefinition[] perRow)
    {
        var sampled = perRow.Where(m => MethodRegistry.Get(m.Id).Sampled && m.Budget != budget).ToArray();
        return new(
            Varied.Budget,
            $"budget:{budget}",
            $"with {Text.Count(budget)} evaluations a row",
            Narrowed(study, sampled.Select(m => m with { Budget = budget }))
        )
        {
            Coarser = sampled.All(m => m.Budget > budget),
        };
    }

    private static Variant OfSpace(StudyDefinition study, string space, MethodDefinition[] perRow) =>
        new(
            Varied.Space,
            $"space:{space}",
            $"with the {space} explained instead of the {study.Space}",
            Narrowed(study, perRow) with
            {
                Space = space,
            }
        );

    // Only the explained rows, as wholes: bands are of them.
    private static StudyDefinition Narrowed(StudyDefinition study, IEnumerable<MethodDefinition> methods) =>
        study with
        {
            Methods = [.. methods],
            Holdout = null,
            Segments = [],
            Item = null,
            Popularity = null,
            Retrain = null,
            Crosses = null,
            Sensitivity = null,
        };

    private static string BaselineWords(BaselineDefinition baseline) =>
        baseline.Kind switch
        {
            BaselineKind.Mean => "the mean",
            BaselineKind.Padding => "the dictionary's replacements",
            BaselineKind.Data => "random rows",
            BaselineKind.File => $"the row in {Path.GetFileName(baseline.Path)}",
            _ => "zero",
        };

    private static string EntryWords(string at) => at == "raw" ? "raw" : "behind their preprocessing";
}
