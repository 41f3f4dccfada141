using Assay.Attribution;
using Assay.Cli.Input;
using Assay.Cli.Ranking;
using Assay.Gradients;
using Assay.Onnx;
using Assay.Studies;

namespace Assay.Cli.Counterfactual;

/// <summary>What may be removed from a row, as players.</summary>
internal sealed class Removables
{
    private readonly IReadOnlyList<BoundFeature> sequences;
    private readonly (FeatureSlot Slot, bool IsShared)[] features;

    /// <summary>The players asked for; <paramref name="shared"/> says of each feature whether a request has it in common.</summary>
    public Removables(CounterfactualRequest asked, DictionaryBinding binding, IReadOnlyList<bool> shared)
    {
        (IsOverFeatures, Binding, Shared) = (asked.Over == CounterfactualRequest.Features, binding, shared);
        sequences = IsOverFeatures ? [] : Sequences(asked.Over, binding);
        features = IsOverFeatures ? Grouped(asked, binding, shared) : [];
    }

    public bool IsOverFeatures { get; }

    private DictionaryBinding Binding { get; }

    private IReadOnlyList<bool> Shared { get; }

    /// <summary>The players of one row of the feeds: name, input elements, and whether the request has them in common.</summary>
    public (Removable[] Names, FeatureSlot[] Slots, bool[] Shared) Of(
        IReadOnlyDictionary<string, TensorData> feeds,
        int row
    )
    {
        if (IsOverFeatures)
            return (
                [.. features.Select(f => new Removable(f.Slot.Name, null, []))],
                [.. features.Select(f => f.Slot)],
                [.. features.Select(f => f.IsShared)]
            );
        var names = new List<Removable>();
        var slots = new List<FeatureSlot>();
        var common = new List<bool>();
        foreach (var sequence in sequences)
        {
            var isShared = Shared[Binding.Features.ToList().IndexOf(sequence)];
            var padding = sequence.Entry.PaddingId ?? 0;
            var items = sequence
                .Elements.Select((element, position) => (Id: Id(feeds, sequence, row, element), element, position))
                .Where(p => p.Id != padding)
                .GroupBy(p => p.Id);
            foreach (var item in items)
            {
                var name = new Removable(sequence.Entry.Name, item.Key, [.. item.Select(p => p.position)]);
                names.Add(name);
                slots.Add(
                    new FeatureSlot(name.Text, [.. item.Select(p => new InputElement(sequence.Input.Name, p.element))])
                );
                common.Add(isShared);
            }
        }
        return ([.. names], [.. slots], [.. common]);
    }

    private static long Id(
        IReadOnlyDictionary<string, TensorData> feeds,
        BoundFeature sequence,
        int row,
        int element
    ) =>
        Convert.ToInt64(
            feeds[sequence.Input.Name].Values.GetValue(row * sequence.Input.Elements + element),
            System.Globalization.CultureInfo.InvariantCulture
        );

    private static BoundFeature[] Sequences(string over, DictionaryBinding binding)
    {
        BoundFeature[] all = [.. binding.Features.Where(f => f.Entry is { IsList: true, HasIds: true })];
        if (all.Length == 0)
            throw AssayException.Usage(
                "The dictionary has no sequence or bag of ids; remove features with --over features."
            );
        if (over == CounterfactualRequest.History)
            return all;
        var named = binding.Feature(over);
        return all.Contains(named)
            ? [named]
            : throw AssayException.Usage(
                $"'{over}' is no sequence or bag of ids; those are {string.Join(", ", all.Select(f => f.Entry.Name))}. Remove features with --over features."
            );
    }

    // A group is removed from all candidates where all its members are.
    private static (FeatureSlot, bool)[] Grouped(
        CounterfactualRequest asked,
        DictionaryBinding binding,
        IReadOnlyList<bool> shared
    )
    {
        var slots = asked.Groups is { } file
            ? FeatureSlot.Grouped(binding.Slots, GroupsFile.Read(file))
            : binding.Slots;
        return [.. slots.Zip(ListJob.Shared(slots, binding, shared))];
    }
}
