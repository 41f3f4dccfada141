using Assay.Onnx;

namespace Assay.Studies;

/// <summary>Reads <c>hypotheses.yaml</c>; unknown features, dimensions and claims are errors that name the nearest.</summary>
internal static class HypothesisFile
{
    public static IReadOnlyList<Hypothesis> Load(string path, FeatureDictionary dictionary, StudyDefinition study)
    {
        var root = YamlMap.Load(path, "hypotheses");
        if ((root.Integer("schema") ?? 1) != 1)
            throw root.ErrorAt("schema", "this version reads schema 1");
        var entries = root.Maps("hypotheses");
        root.RejectOthers();
        if (entries.Count == 0)
            throw root.Error("'hypotheses' is empty; add entries of the form {feature, claim, author, reason}");
        return [.. entries.Select(e => Read(e, [.. dictionary.Features.Select(f => f.Name)], study))];
    }

    private static Hypothesis Read(YamlMap map, string[] features, StudyDefinition study)
    {
        map.RequiredText("feature");
        map.RequiredText("claim");
        var claim = Claim(map);
        var (dimension, segment) = Segment(map, study);
        var hypothesis = new Hypothesis
        {
            Feature = Feature(map, "feature", features)!,
            Claim = claim,
            Dimension = dimension,
            Segment = segment,
            Than = Feature(map, "than", features),
            By = map.Choice("by", Exchange.Conditional, Exchange.Permutation),
            Author = map.Text("author"),
            Reason = map.Text("reason"),
        };
        map.RejectOthers();
        if (claim == HypothesisClaim.MattersMore && segment is null)
            throw map.Error("'matters_more' needs a segment, such as segment: {region: north}");
        if ((claim == HypothesisClaim.StrongerThan) != (hypothesis.Than is not null))
            throw map.Error("'than: FEATURE' goes with claim 'stronger_than', and with no other");
        if (hypothesis.Than == hypothesis.Feature)
            throw map.ErrorAt("than", "a feature cannot be stronger than itself");
        return hypothesis;
    }

    private static HypothesisClaim Claim(YamlMap map)
    {
        var text = map.Text("claim")!.Trim().Replace(' ', '_').Replace('-', '_');
        var names = Enum.GetValues<HypothesisClaim>().ToDictionary(Name);
        return names.TryGetValue(text, out var claim)
            ? claim
            : throw map.ErrorAt(
                "claim",
                $"'{map.Text("claim")}' is no claim.{Nearest.Hint(text, names.Keys)} Known: {string.Join(", ", names.Keys)}"
            );
    }

    private static string Name(HypothesisClaim claim) =>
        System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(claim.ToString());

    private static string? Feature(YamlMap map, string key, string[] features) =>
        map.Text(key) is not { } name ? null
        : features.Contains(name) ? name
        : throw map.ErrorAt(
            key,
            $"the dictionary has no feature '{name}'.{Nearest.Hint(name, features)} It has {string.Join(", ", features.Take(12))}{(features.Length > 12 ? " …" : "")}"
        );

    private static (string?, string?) Segment(YamlMap map, StudyDefinition study)
    {
        if (!map.Has("segment"))
            return (null, null);
        var part = map.IsMap("segment")
            ? map.Map("segment")!
            : throw map.ErrorAt("segment", "give it as {DIMENSION: VALUE}");
        string[] keys = [.. part.Keys];
        if (keys.Length != 1)
            throw part.Error("give one dimension and one value, as {region: north}");
        string[] dimensions = [.. study.Segments.Select(s => s.Name)];
        if (!dimensions.Contains(keys[0]))
            throw part.Error(
                $"the study has no segments '{keys[0]}'.{Nearest.Hint(keys[0], dimensions)} It has {Text.List(dimensions)}; add it under 'segments' in study.yaml"
            );
        return (keys[0], part.RequiredText(keys[0]));
    }
}
