using Assay.Gradients;
using Assay.Onnx;
using Assay.Onnx.Wire;

namespace Assay.Attribution;

/// <summary>One player of an explanation: a feature, or a group of features, as the input elements it covers.</summary>
/// <param name="Name">What a product person would call it.</param>
/// <param name="Elements">The input elements; several for a sequence or a group.</param>
public sealed record FeatureSlot(string Name, IReadOnlyList<InputElement> Elements)
{
    private const long MaximumFeatures = 100_000;

    /// <summary>
    /// The features of a model without a dictionary: an input with one value per row is one feature, of any other each
    /// element is a feature named <c>input[k]</c>, k counting row-major inside the row.
    /// </summary>
    public static IReadOnlyList<FeatureSlot> FromInputs(OnnxModel model)
    {
        var slots = new List<FeatureSlot>();
        foreach (var input in model.Graph.Inputs)
        {
            var dims = input.Shape();
            if (dims is null or [] || dims.Skip(1).Any(d => d is null))
                throw AssayException.Input(
                    $"Input '{input.Name}' {input.ShapeText()} has no fixed number of values per row; export the model with a fixed length."
                );
            var elements = dims.Skip(1).Aggregate(1L, (p, d) => checked(p * d!.Value));
            if (elements > MaximumFeatures)
                throw AssayException.Input(
                    $"Input '{input.Name}' {input.ShapeText()} has more than {MaximumFeatures} elements per row; describe its features in a dictionary."
                );
            var count = (int)elements;
            for (var k = 0; k < count; k++)
            {
                var element = new InputElement(input.Name, k);
                slots.Add(new FeatureSlot(count == 1 ? input.Name : element.ToString(), [element]));
            }
        }
        return slots;
    }

    /// <summary>
    /// Replaces the members of each group by one slot with the group's name; features in no group stay. Throws a usage
    /// error where a member is unknown or in two groups, a group is empty or has the name of a feature that stays.
    /// </summary>
    public static IReadOnlyList<FeatureSlot> Grouped(
        IReadOnlyList<FeatureSlot> slots,
        IReadOnlyDictionary<string, IReadOnlyList<string>> groups
    )
    {
        var byName = slots.ToDictionary(s => s.Name);
        var taken = new Dictionary<string, string>();
        var result = new List<FeatureSlot>();
        foreach (var (group, members) in groups)
        {
            foreach (var member in members)
            {
                if (!byName.ContainsKey(member))
                    throw AssayException.Usage($"Group '{group}' names '{member}', which is no feature of this model.");
                if (!taken.TryAdd(member, group))
                    throw AssayException.Usage(
                        taken[member] == group
                            ? $"Group '{group}' names '{member}' twice."
                            : $"Feature '{member}' is in two groups, '{taken[member]}' and '{group}'."
                    );
            }
            if (members.Count == 0)
                throw AssayException.Usage($"Group '{group}' has no members; name at least one feature.");
            result.Add(new FeatureSlot(group, [.. members.SelectMany(m => byName[m].Elements)]));
        }
        result.AddRange(slots.Where(s => !taken.ContainsKey(s.Name)));
        var twice = result.GroupBy(s => s.Name).FirstOrDefault(g => g.Count() > 1);
        return twice is null ? result : throw AssayException.Usage($"'{twice.Key}' names both a group and a feature.");
    }

    /// <summary>The number of the slot that each input element belongs to; throws where one belongs to two.</summary>
    internal static IReadOnlyDictionary<InputElement, int> Owners(IReadOnlyList<FeatureSlot> slots)
    {
        var owners = new Dictionary<InputElement, int>();
        for (var f = 0; f < slots.Count; f++)
            foreach (var element in slots[f].Elements)
                if (!owners.TryAdd(element, f))
                    throw AssayException.Input(
                        $"Features '{slots[owners[element]].Name}' and '{slots[f].Name}' both read {element}."
                    );
        return owners;
    }
}
