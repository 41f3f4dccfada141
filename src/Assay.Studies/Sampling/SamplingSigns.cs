namespace Assay.Studies;

/// <summary>What the rules' AUCs and the lists' shares of positives say about how a split's rows came about.</summary>
/// <param name="Split">The split.</param>
/// <param name="Sentences">Warnings by kind, in plain sentences.</param>
/// <param name="Remarks">What they mean for findings about features.</param>
internal sealed record SamplingSigns(
    string Split,
    IReadOnlyDictionary<string, string> Sentences,
    IReadOnlyList<Remark> Remarks
)
{
    /// <summary>AUCs so near ½ count as telling nothing.</summary>
    public const double Nothing = 0.02;

    /// <summary>Popularity that alone has this share of the model's lead over guessing has most of it.</summary>
    public const double Most = 0.5;

    private static readonly string[] Parts =
    [
        "half",
        "a third",
        "a quarter",
        "a fifth",
        "a sixth",
        "a seventh",
        "an eighth",
        "a ninth",
        "a tenth",
    ];

    public static SamplingSigns Of(ChainContext context, PreparedSplit split, IReadOnlyList<Estimate> estimates)
    {
        var sentences = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var remarks = new List<Remark>();
        var own = estimates.Where(e => e.Split == split.Name).ToArray();
        Lists(context, split, sentences, remarks);
        Manufactured(context, split, own, sentences, remarks);
        Turned(context, split, own, sentences, remarks);
        return new(split.Name, sentences, remarks);
    }

    /// <summary>"a fifth" of 0.2, else in per cent.</summary>
    public static string Share(double rate)
    {
        var whole = Math.Round(1 / rate);
        return whole is >= 2 and <= 10 && Math.Abs(rate * whole - 1) < 1e-9
            ? Parts[(int)whole - 2]
            : Text.Percent(rate);
    }

    // What is the same in all rows of a list cannot tell lists apart that are all alike.
    private static void Lists(
        ChainContext context,
        PreparedSplit split,
        SortedDictionary<string, string> sentences,
        List<Remark> remarks
    )
    {
        if (AlikeIn(context.Splits.First(d => d.Split == split)) is not { } alike)
            return;
        var list = context.Study.Request is { } request
            ? $"list (`{request}`)"
            : $"cluster (`{context.Study.Cluster}`)";
        var exactly = $"exactly {alike} of every {list} is positive";
        var constant = context.Plan.Features.Where(f => split.Levels[f.Entry.Name] != Level.Row).ToArray();
        sentences.Add(
            "constant share",
            $"On the {split.Name} rows {exactly}: rows were sampled to that. What is the same throughout a {list.Split(' ')[0]} has no "
                + $"main effect on the label, whatever it does in life; it can only matter together with the item ({Names(constant)})."
        );
        remarks.AddRange(
            constant.Select(f => new Remark(
                f.Entry.Name,
                $"{exactly} by sampling, so by itself it cannot predict the label: its importance is that of its interactions"
            ))
        );
    }

    // The share or the number of positives that all lists have.
    private static string? AlikeIn(SplitData data)
    {
        if (data.Split.Requests < 2)
            return null;
        if (data.Split.HighestRequestRate - data.Split.LowestRequestRate <= 1e-12)
            return Share(data.Split.Rate);
        var all = data.Segments[0];
        var counts = all
            .Lists.Zip(all.Lists.Skip(1))
            .Select(l => all.Labels.AsSpan(l.First, l.Second - l.First).Count(1.0))
            .Distinct()
            .Take(2)
            .ToArray();
        return counts is [> 0] ? $"{counts[0]} row{(counts[0] == 1 ? "" : "s")}" : null;
    }

    // Popularity tells nearly all, and nothing else tells anything: negatives that swap the item do that.
    private static void Manufactured(
        ChainContext context,
        PreparedSplit split,
        Estimate[] own,
        SortedDictionary<string, string> sentences,
        List<Remark> remarks
    )
    {
        var model = Model(context, split);
        if (own.FirstOrDefault(e => e.Method == AloneRules.Popularity) is not { } popular || model is null)
            return;
        var items = ItemFields(context.Plan);
        var others = own.Where(e => e.Feature.Length > 0 && !items.Contains(e.Feature)).ToArray();
        if (
            !((popular.Low - 0.5) / (model.Value - 0.5) >= Most)
            || !(popular.Low > 0.5 + Nothing)
            || others.Length == 0
            || others.Any(e => Math.Abs(e.Value - 0.5) > Nothing && (e.Low > 0.5 || e.High < 0.5))
        )
            return;
        var share = Text.Percent((popular.Value - 0.5) / (model.Value - 0.5));
        sentences.Add(
            "item made by sampling",
            $"On the {split.Name} rows the item's popularity alone reaches an AUC of {Text.WithInterval(popular)}, {share} of the model's lead over "
                + $"guessing ({Text.Number(model.Value)}), while every field that is not the item's scores about 0.5 alone: negatives that keep the "
                + "context and swap the item make the item's importance. Prefer importance given popularity, and interactions."
        );
        remarks.AddRange(
            context
                .Plan.Features.Where(f => items.Contains(f.Entry.Name))
                .Select(f => new Remark(
                    f.Entry.Name,
                    $"sampled negatives may have made it: the item's popularity alone has {share} of the model's lead, and what is not the item's tells nothing alone",
                    Grade.C
                ))
        );
    }

    // Rates of the same period below ½: each negative was drawn because its item is positive elsewhere in the same rows.
    private static void Turned(
        ChainContext context,
        PreparedSplit split,
        Estimate[] own,
        SortedDictionary<string, string> sentences,
        List<Remark> remarks
    )
    {
        var turned = own.FirstOrDefault(e =>
            e.High < 0.5 - Nothing
            && (e.Method == AloneRules.SameRows || (e.Method == AloneRules.Item && context.Splits.Count == 1))
        );
        if (turned is null)
            return;
        var elsewhere = own.FirstOrDefault(e => e.Method == AloneRules.Item && e != turned);
        sentences.Add(
            "drawn in the period",
            $"Among the {split.Name} rows themselves the rate of an item with other users scores an AUC of {Text.WithInterval(turned)}, worse than "
                + "guessing"
                + (
                    elsewhere is null
                        ? ""
                        : $", though fitted on the other split it scores {Text.Number(elsewhere.Value)}"
                )
                + ": no taste does that. Negatives were drawn among items that are positive elsewhere in the same rows, so a statistic of an "
                + "item that reaches into its own period gives the label away."
        );
        var items = ItemFields(context.Plan);
        remarks.AddRange(
            context
                .Plan.Features.Where(f => items.Contains(f.Entry.Name))
                .Select(f => new Remark(
                    f.Entry.Name,
                    "negatives were drawn among the items sold in the same period, so it must be known to use no event of its own period"
                ))
        );
    }

    private static Estimate? Model(ChainContext context, PreparedSplit split) =>
        context.Merged.Estimates.FirstOrDefault(e =>
            (e.Split, e.Dimension, e.Estimand, e.Method) == (split.Name, SegmentBuilder.Overall, Estimands.Auc, "model")
        );

    // The fields named as item and popularity, and those of their groups.
    private static HashSet<string> ItemFields(StudyPlan plan)
    {
        var named = plan
            .Features.Where(f => f.Entry.Source == plan.Study.Popularity || f.Entry.Source == plan.Study.Item)
            .ToArray();
        var groups = named.Select(f => f.Entry.Group).OfType<string>().Append("item").ToHashSet();
        return
        [
            .. plan
                .Features.Where(f => named.Contains(f) || groups.Contains(f.Entry.Group ?? ""))
                .Select(f => f.Entry.Name),
        ];
    }

    private static string Names(BoundFeature[] features) =>
        features.Length == 0 ? "here no feature" : "here " + Text.List([.. features.Select(f => f.Entry.Title)]);
}
