using Assay.Attribution;
using Assay.Onnx;

namespace Assay.Studies;

/// <summary>Whether attributions say the same with other baselines, settings and spaces.</summary>
internal sealed class SensitivityStep : IChainStep
{
    public string Name => "sensitivity";

    public string Gives => "whether another baseline or setting would say the same";

    // Where no method attributes rows there is nothing that could be left out.
    public bool IsAsked(StudyDefinition study) =>
        study.Sensitivity is not null || !study.Methods.Any(m => MethodRegistry.Get(m.Id).PerRow);

    public ChainResult Run(ChainContext context)
    {
        if (context.Study.Sensitivity is null || context.Plan.PerRow.Count == 0)
            return new() { Facts = "no method of this study attributes rows" };
        var started = context.Options.Clock.GetTimestamp();
        var own = context
            .Plan.PerRow.Select(m => (m.Id, Measured: Measured.Own(context, m.Id)))
            .Where(m => m.Measured is not null)
            .ToDictionary(m => m.Id, m => m.Measured!);
        var variants = Variant.Of(context.Plan);
        var tried = new List<Tried>();
        var failed = new List<(Variant Variant, string Why)>();
        for (var i = 0; i < variants.Count; i++)
        {
            context.Options.Progress?.Report(new("sensitivity", i, variants.Count, variants[i].Name));
            try
            {
                tried.AddRange(Try(context, own, variants[i]));
            }
            catch (AssayException e) when (e.Fault != Fault.Failed)
            {
                failed.Add((variants[i], e.Message));
            }
        }
        var rows = new SensitivityRows(context, tried);
        var remarks = new SensitivityRemarks(context, tried);
        return new()
        {
            Estimates = [.. rows.Bands(), .. rows.Agreements()],
            Section = new SensitivitySection(context, tried, failed).Write(),
            Remarks = remarks.All(),
            ForCard = SensitivitySection.ForCard(context, tried),
            Facts = Facts(context, tried, failed, context.Options.Clock.GetElapsedTime(started)),
        };
    }

    private static IEnumerable<Tried> Try(ChainContext context, Dictionary<string, Measured> own, Variant variant)
    {
        var features = context.Plan.Features.Count;
        // As in the agreement of methods.
        var top = Math.Max(1, Math.Min(5, features / 2));
        var result = context.Nested(variant.Folder, variant.Study);
        foreach (var method in variant.Study.Methods.Where(m => own.ContainsKey(m.Id)))
            if (Measured.Of(context, method.Id, result) is { } other)
                yield return new(
                    variant,
                    method.Id,
                    own[method.Id],
                    other,
                    new RankingPair(own[method.Id].Ranking, other.Ranking, top, context.Splits[0].Segments[0].Draws)
                );
    }

    private static object Facts(
        ChainContext context,
        IReadOnlyList<Tried> tried,
        IReadOnlyList<(Variant Variant, string Why)> failed,
        TimeSpan took
    )
    {
        string Feature(int f) => context.Plan.Features[f].Entry.Name;
        return new
        {
            tried = tried.Select(t => new
            {
                variant = t.Variant.Name,
                t.Method,
                rank_agreement = t.Tau.Value,
                first_compared = t.Pair.Top,
                outside_own_interval = t.Outside.Select(Feature),
                moved_more_than = t.Few,
                moved = t.Moved.Select(d => new { feature = Feature(d.Feature), places = new[] { d.First, d.Second } }),
                fell_out_of_the_first = t.Fallen.Select(d => Feature(d.Feature)),
                turned = t.Turned.Select(Feature),
            }),
            not_possible = failed.Select(f => new { variant = f.Variant.Name, why = f.Why }),
            seconds = took.TotalSeconds,
        };
    }
}
