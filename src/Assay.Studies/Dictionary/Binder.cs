using Assay.Onnx;
using Assay.Onnx.Wire;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Studies;

/// <summary>Finds each feature's places in the inputs of a model and sees that all are taken exactly once.</summary>
internal static class Binder
{
    private static readonly DataType[] Supported =
    [
        DataType.Int64,
        DataType.Int32,
        DataType.Float,
        DataType.Double,
        DataType.Bool,
    ];

    public static DictionaryBinding Bind(FeatureDictionary dictionary, IReadOnlyList<ValueInfoProto> modelInputs)
    {
        var file = dictionary.Source;
        foreach (var feature in dictionary.Features)
            if (!modelInputs.Any(i => i.Name == feature.Input))
                throw AssayException.Input(
                    $"{file}: feature '{feature.Name}' enters at input '{feature.Input}', which the model does not have."
                        + $"{Nearest.Hint(feature.Input, modelInputs.Select(i => i.Name))} "
                        + $"Its inputs: {string.Join(", ", modelInputs.Select(i => i.Name))}."
                );
        var inputs = modelInputs.Select(i => Input(file, i, dictionary.Features)).ToArray();
        var features = dictionary
            .Features.Select(f => Feature(file, f, inputs.First(i => i.Name == f.Input)))
            .ToArray();
        foreach (var input in inputs)
            CheckCover(file, input, features);
        return new DictionaryBinding(inputs, features);
    }

    private static BoundInput Input(string file, ValueInfoProto info, IReadOnlyList<FeatureEntry> features)
    {
        var type = info.ElementType();
        if (!Supported.Contains(type))
            throw AssayException.Input(
                $"Input '{info.Name}' has type {ElementTypes.Name(type)}; studies feed int64, int32, float32, float64 and bool."
            );
        // An open row length (a sequence of any length) is what the dictionary says it is.
        var shape = info.Shape() ?? [null, null];
        var dims = shape.Skip(1).ToArray();
        var open = dims.Count(d => d is null or <= 0);
        if (open > 1)
            throw AssayException.Input(
                $"Input '{info.Name}' {info.ShapeText()} leaves more than one dimension open; export it with fixed dimensions."
            );
        if (open == 1)
        {
            var needed = features
                .Where(f => f.Input == info.Name)
                .Select(f => f.Columns?.Max() + 1 ?? f.Length ?? 1)
                .DefaultIfEmpty(0)
                .Max();
            var rest = dims.Where(d => d > 0).Aggregate(1L, (a, d) => a * d!.Value);
            dims = [.. dims.Select(d => d > 0 ? d : (needed + rest - 1) / rest)];
        }
        var elements = dims.Aggregate(1L, (a, d) => a * d!.Value);
        if (elements is <= 0 or > 1_000_000)
            throw AssayException.Input(
                $"{file}: input '{info.Name}' {info.ShapeText()} would have {elements} values per row; bind its columns or give a length."
            );
        return new BoundInput(info.Name, type, (int)elements, [.. dims.Select(d => d!.Value)]);
    }

    private static BoundFeature Feature(string file, FeatureEntry entry, BoundInput input)
    {
        var name = $"{file}: feature '{entry.Name}'";
        if (entry.Columns is { } columns)
        {
            foreach (var column in columns)
                if (column >= input.Elements)
                    throw AssayException.Input(
                        $"{name}: column {column} is outside input '{input.Name}', which has {input.Elements} per row."
                    );
            return new BoundFeature(entry, input, columns);
        }
        var expected = entry.Length ?? (entry.IsList || entry.Kind == FeatureKind.Numeric ? input.Elements : 1);
        if (expected != input.Elements)
            throw AssayException.Input(
                $"{name}: input '{input.Name}' has {input.Elements} values per row, not {expected}; say which with 'column'"
                    + " or 'columns'."
            );
        return new BoundFeature(
            entry.Kind == FeatureKind.Numeric && input.Elements > 1
                ? entry with
                {
                    Columns = [.. Enumerable.Range(0, input.Elements)],
                }
                : entry,
            input,
            [.. Enumerable.Range(0, input.Elements)]
        );
    }

    private static void CheckCover(string file, BoundInput input, BoundFeature[] features)
    {
        var owner = new string?[input.Elements];
        foreach (var feature in features.Where(f => f.Input.Name == input.Name))
        foreach (var element in feature.Elements)
        {
            if (owner[element] is { } other)
                throw AssayException.Input(
                    $"{file}: column {element} of input '{input.Name}' is bound twice: by '{other}' and by '{feature.Entry.Name}'."
                );
            owner[element] = feature.Entry.Name;
        }
        var free = Array.IndexOf(owner, null);
        if (free >= 0)
            throw AssayException.Input(
                $"{file}: no feature is bound to column {free} of input '{input.Name}' ({input.Elements} per row); add one."
            );
    }
}
