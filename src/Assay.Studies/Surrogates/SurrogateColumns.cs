using System.Globalization;
using Assay.Onnx;

namespace Assay.Studies.Surrogates;

/// <summary>
/// Regressors made from the features' values: a number is itself, an id its code, a list of ids its length and the mean code of its
/// members, a vector of numbers each of its elements.
/// </summary>
internal static class SurrogateColumns
{
    public static IReadOnlyList<SurrogateColumn> Of(
        DictionaryBinding binding,
        IReadOnlyDictionary<string, TensorData> rows,
        double[] targets,
        int[] fitted
    ) => [.. binding.Features.SelectMany(f => Of(f, rows[f.Input.Name], targets, fitted))];

    private static IEnumerable<SurrogateColumn> Of(
        BoundFeature feature,
        TensorData tensor,
        double[] targets,
        int[] fitted
    )
    {
        var entry = feature.Entry;
        var values = tensor.ToDoubles();
        double At(int row, int element) => values[row * feature.Input.Elements + feature.Elements[element]];
        var rows = Enumerable.Range(0, targets.Length);
        if (!entry.HasIds)
        {
            for (var e = 0; e < feature.Elements.Count; e++)
            {
                var element = e;
                var name =
                    feature.Elements.Count == 1
                        ? entry.Name
                        : $"{entry.Name}[{e.ToString(CultureInfo.InvariantCulture)}]";
                yield return new(entry.Name, name, [.. rows.Select(r => At(r, element))], null);
            }
            yield break;
        }
        if (!entry.IsList)
        {
            IEnumerable<long> Own(int row) => [(long)At(row, 0)];
            var own = IdCodes.Learn(Own, targets, fitted);
            var ofRow = IdCodes.CrossFitted(Own, targets, fitted, own);
            yield return new(entry.Name, entry.Name, [.. rows.Select(r => ofRow(r)[(long)At(r, 0)])], own.ById);
            yield break;
        }
        var padding = entry.PaddingId ?? 0;
        IEnumerable<long> Members(int row) =>
            Enumerable.Range(0, feature.Elements.Count).Select(e => (long)At(row, e)).Where(id => id != padding);
        var codes = IdCodes.CrossFitted(Members, targets, fitted, IdCodes.Learn(Members, targets, fitted));
        yield return new(
            entry.Name,
            $"length of {entry.Name}",
            [.. rows.Select(r => (double)Members(r).Count())],
            null
        );
        yield return new(
            entry.Name,
            $"mean effect of {entry.Name}'s members",
            [.. rows.Select(r => Members(r).Select(id => codes(r)[id]).DefaultIfEmpty(codes(r).Mean).Average())],
            null
        );
    }
}
