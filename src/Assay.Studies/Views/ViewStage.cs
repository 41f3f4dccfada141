using System.Text.Json;
using System.Text.Json.Nodes;
using Assay.Onnx;

namespace Assay.Studies;

/// <summary>
/// Writes the files that readers of a study look into besides its estimates. A finished file of the same plan and options is
/// kept, so that a study that was stopped continues.
/// </summary>
internal static class ViewStage
{
    private static readonly IReadOnlyList<IViewPart> Parts =
    [
        new EffectsPart(),
        new LayersPart(),
        new EvaluationPart(),
    ];

    /// <summary>Returns how each file was made, for run.json.</summary>
    public static IReadOnlyDictionary<string, object> Run(ChainContext context)
    {
        var facts = new Dictionary<string, object>();
        IViewPart[] asked = [.. Parts.Where(p => p.Options(context.Study) is not null)];
        // A file that is no longer asked for is not of this run.
        foreach (var part in Parts.Except(asked))
            File.Delete(PathOf(context, part));
        for (var i = 0; i < asked.Length; i++)
        {
            var part = asked[i];
            context.Options.Cancellation.ThrowIfCancellationRequested();
            var done = i;
            void Say(string what) =>
                context.Options.Progress?.Report(new("views", done, asked.Length, $"{part.Name}: {what}"));
            Say("looking");
            var options = part.Options(context.Study)!;
            var plan = Plan(context, options);
            if (!IsMade(PathOf(context, part), plan))
                Files.WriteText(PathOf(context, part), Text(context, part, plan, Say));
            facts[part.Name] = options;
        }
        return facts;
    }

    private static string PathOf(ChainContext context, IViewPart part) =>
        Path.Combine(context.Plan.Folder, part.Name + ".json");

    // Names of the study and of segments are not in the run's plan.
    private static string Plan(ChainContext context, object options) =>
        Files.HashText(
            $"{context.Plan.Hash}|{context.Study.Name}|{JsonSerializer.Serialize(options, ViewJson.Options)}"
        );

    private static bool IsMade(string path, string plan)
    {
        try
        {
            return File.Exists(path)
                && JsonNode.Parse(File.ReadAllText(path)) is JsonObject found
                && (string?)found["plan"] == plan;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static string Text(ChainContext context, IViewPart part, string plan, Action<string> say)
    {
        object body;
        SampledRows? rows = null;
        string? reason = null;
        try
        {
            (rows, body) = part.Make(context, say);
        }
        catch (AssayException e) when (e.Fault is Fault.Input or Fault.Usage)
        {
            (body, reason) = (part.Empty, e.Message);
        }
        var explained = context.Splits[0].Split;
        var file = (JsonObject)
            JsonSerializer.SerializeToNode(
                new
                {
                    Schema = 1,
                    Study = context.Study.Name,
                    plan,
                    context.Head,
                    context.Study.Space,
                    context.Study.Seed,
                    Sampled = new
                    {
                        Split = explained.Name,
                        Rows = rows?.Count ?? 0,
                        Clusters = rows?.Clusters ?? 0,
                        OfRows = explained.Rows,
                        OfClusters = explained.Clusters,
                    },
                    reason,
                },
                ViewJson.Options
            )!;
        foreach (var (key, value) in (JsonObject)JsonSerializer.SerializeToNode(body, ViewJson.Options)!)
            file[key] = value?.DeepClone();
        return file.ToJsonString(ViewJson.Options) + "\n";
    }
}
