using Assay.Onnx;

namespace Assay.Studies;

/// <summary>What a policy may ask of a finished run: its estimates, looked up by name.</summary>
internal sealed class RunFacts(string folder, IReadOnlyList<Estimate> estimates)
{
    /// <summary>Reads a run folder.</summary>
    public static RunFacts Read(string folder) => new(folder, EstimatesFile.ReadRun(folder));

    /// <summary>The estimates of one quantity over a segment, by feature; of the model itself where features are none.</summary>
    /// <exception cref="AssayException">Input: the run has no such estimates.</exception>
    public IReadOnlyList<Estimate> Of(PolicyScope scope, string estimand, string? method = null)
    {
        var here = estimates.Where(e => e.Split == scope.Split).ToArray();
        Require(scope.Split, here.Select(e => e.Split), estimates.Select(e => e.Split), "split");
        var there = here.Where(e => e.Dimension == scope.Dimension && e.Segment == scope.Segment).ToArray();
        Require(scope.Title, there.Select(_ => scope.Title), here.Select(e => $"{e.Dimension}={e.Segment}"), "segment");
        var found = there.Where(e => e.Estimand == estimand && (method is null || e.Method == method)).ToArray();
        Require(estimand, found.Select(e => e.Estimand), there.Select(e => e.Estimand), "estimand");
        var twice = found.GroupBy(e => (e.Feature, e.Method)).FirstOrDefault(g => g.Count() > 1);
        var methods = found.Where(e => e.Feature.Length > 0).Select(e => e.Method).Distinct().ToArray();
        return methods.Length <= 1 && twice is null
            ? found
            : throw AssayException.Input(
                $"The run '{folder}' has '{estimand}' by several methods; add 'method:' to the rule: {string.Join(", ", methods)}."
            );
    }

    /// <summary>The estimate of one feature.</summary>
    /// <exception cref="AssayException">Input: the run has no such feature.</exception>
    public Estimate Of(PolicyScope scope, string estimand, string? method, string feature)
    {
        var all = Of(scope, estimand, method);
        return all.FirstOrDefault(e => e.Feature == feature)
            ?? throw AssayException.Input(
                $"The run '{folder}' has no '{estimand}' of '{feature}'.{Nearest.Hint(feature, all.Select(e => e.Feature))} It has: {string.Join(", ", all.Select(e => e.Feature).Distinct())}."
            );
    }

    private void Require(string wanted, IEnumerable<string> found, IEnumerable<string> known, string what)
    {
        if (found.Any())
            return;
        var names = known.Distinct().ToArray();
        throw AssayException.Input(
            $"The run '{folder}' has no {what} '{wanted}'.{Nearest.Hint(wanted, names)} It has: {string.Join(", ", names.Take(20))}."
        );
    }
}

/// <summary>The rows a rule is about.</summary>
/// <param name="Split">explain or holdout.</param>
/// <param name="Dimension">The dimension of the segment; "overall" for all rows.</param>
/// <param name="Segment">The segment; "all" for all rows.</param>
internal sealed record PolicyScope(string Split, string Dimension, string Segment)
{
    /// <summary>The segment as a policy writes it.</summary>
    public string Title => $"{Dimension}={Segment}";

    public static PolicyScope Read(YamlMap map)
    {
        var split = map.Choice("split", Splits.Explain, Splits.Holdout) ?? Splits.Explain;
        if (map.Text("segment") is not { } text)
            return new(split, SegmentBuilder.Overall, SegmentBuilder.All);
        var at = text.IndexOf('=', StringComparison.Ordinal);
        return at > 0
            ? new(split, text[..at], text[(at + 1)..])
            : throw map.ErrorAt("segment", $"'segment' must be DIMENSION=SEGMENT, not '{text}'");
    }
}
