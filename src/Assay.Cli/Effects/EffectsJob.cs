using Assay.Attribution;
using Assay.Attribution.Effects;
using Assay.Cli.Commands;
using Assay.Cli.Input;
using Assay.Cli.Output;
using Assay.Onnx;
using Assay.Statistics;
using Assay.Studies;

namespace Assay.Cli.Effects;

/// <summary>Carries out <c>assay effects</c>.</summary>
internal static class EffectsJob
{
    private const int MostRows = 65_536;

    public static int Run(EffectsRequest request, CommandContext context)
    {
        var model = OnnxModel.Load(request.Model);
        IRowSource source = request.Tensors is { } tensors
            ? new TensorRows(model, tensors)
            : new DataRows(model, request.Dictionary!, request.Data!, request.Rows);
        var slots = request.Groups is { } groups
            ? FeatureSlot.Grouped(source.Features, GroupsFile.Read(groups))
            : source.Features;
        var features = request.Features.Select(f => Find(slots, f)).ToArray();
        using var file = request.Out is { } path ? new OutputFile(path) : null;
        var part = source.Parts(MostRows).First();
        using var scorer = Scorer.Open(model, request.Head, request.Space);
        var effects = FeatureEffects.Compute(
            scorer,
            part.Rows,
            features,
            request.Settings,
            Column(request, part, request.Cluster, "clusters")?.Select(k => StableHash.Of(k ?? "")).ToArray(),
            Column(request, part, request.Segment, "segments")?.Select(s => s ?? "(missing)").ToArray()
        );
        var writer = new EffectsWriter(request, scorer.Head.Name, Labelled(request, effects));
        if (file is null)
        {
            writer.Write(context.Terminal);
            return 0;
        }
        file.Write(() =>
        {
            using var text = new StreamWriter(file.Stream, leaveOpen: true);
            writer.Write(context.Terminal with { Out = text, IsRich = false });
        });
        file.Finish();
        return 0;
    }

    private static FeatureSlot Find(IReadOnlyList<FeatureSlot> slots, string name) =>
        slots.FirstOrDefault(s => s.Name == name)
        ?? throw AssayException.Usage(
            $"There is no feature '{name}'; there are {string.Join(", ", slots.Select(s => s.Name).Take(50))}."
        );

    // Ids as the dictionary's vocabularies call them.
    private static IReadOnlyList<FeatureEffect> Labelled(EffectsRequest request, IReadOnlyList<FeatureEffect> effects)
    {
        if (request.Dictionary is not { } path)
            return effects;
        var dictionary = FeatureDictionary.Load(path);
        var segment = request.Segment is { } column ? ValueLabels.Of(dictionary, column) : null;
        EffectAxis[] axes = [.. effects[0].Axes.Select(a => EffectLabels.Of(dictionary, a))];
        return [.. effects.Select(e => e with { Axes = axes, Segment = e.Segment is { } s ? segment!(s) : null })];
    }

    private static IReadOnlyList<string?>? Column(
        EffectsRequest request,
        RowPart part,
        string? column,
        string purpose
    ) =>
        column is null
            ? null
            : TextColumn.Read(
                DataSource.FromFile(request.Data!),
                column,
                purpose,
                part.First,
                (int)part.Rows.Values.First().Dims[0]
            );
}
