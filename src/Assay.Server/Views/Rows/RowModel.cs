using System.Text.Json;
using Assay.Attribution;
using Assay.Gradients;
using Assay.Onnx;
using Assay.Studies;

namespace Assay.Server;

/// <summary>The model of a run, loaded once: it scores and explains rows as the study did. At most two at a time do so.</summary>
internal sealed class RowModel : IDisposable
{
    private const int Together = 2;
    private readonly OnnxModel model;
    private readonly Scorer scorer;
    private readonly RunFolder run;
    private readonly Dictionary<string, Explainer> explainers = [];
    private readonly SemaphoreSlim turns = new(Together);
    private readonly Lock opening = new();

    private RowModel(RunFolder run, OnnxModel model, FeatureDictionary dictionary)
    {
        (this.run, this.model) = (run, model);
        Dictionary = dictionary;
        Binding = dictionary.Bind(model);
        Labels = new(dictionary.VocabularyFile is { } file && File.Exists(file) ? file : null, dictionary);
        scorer = Scorer.Open(model, run.Run.Text("head"), Space);
        Methods =
        [
            .. run
                .Run.Each("methods")
                .Select(m => m.Text("id") ?? "")
                .Where(id => MethodRegistry.All.Any(m => m.Id == id && m.PerRow)),
        ];
    }

    public FeatureDictionary Dictionary { get; }
    public DictionaryBinding Binding { get; }

    /// <summary>Texts of ids.</summary>
    public Vocabularies Labels { get; }

    /// <summary>The study's methods that explain single rows.</summary>
    public IReadOnlyList<string> Methods { get; }

    private Space Space => run.Run.Text("space") == "probability" ? Space.Probability : Space.Logit;

    /// <exception cref="AssayException">Input: model or dictionary are gone or not those that were studied.</exception>
    public static RowModel Open(RunFolder run)
    {
        var path = Needed(run, "model");
        var dictionary = Needed(run, "dictionary");
        return new(run, OnnxModel.Load(path), FeatureDictionary.Load(dictionary));
    }

    /// <summary>Scores in the study's space.</summary>
    public async Task<double[]> Score(IReadOnlyDictionary<string, TensorData> rows, CancellationToken cancel) =>
        await InTurn(() => scorer.Score(rows), cancel).ConfigureAwait(false);

    /// <summary>Attributions against the study's baseline.</summary>
    public async Task<Explanation> Explain(
        string method,
        IReadOnlyDictionary<string, TensorData> rows,
        CancellationToken cancel
    ) => await InTurn(() => Shared(method).Explain(rows), cancel).ConfigureAwait(false);

    /// <summary>Attributions of the difference to another row.</summary>
    public async Task<Explanation> Against(
        string method,
        IReadOnlyDictionary<string, TensorData> rows,
        IReadOnlyDictionary<string, TensorData> other,
        CancellationToken cancel
    ) =>
        await InTurn(
                () =>
                {
                    using var own = Explainer.Open(model, Binding.Slots, Settings(method, Baseline.Rows(other)));
                    return own.Explain(rows);
                },
                cancel
            )
            .ConfigureAwait(false);

    public void Dispose()
    {
        scorer.Dispose();
        foreach (var explainer in explainers.Values)
            explainer.Dispose();
        turns.Dispose();
    }

    private async Task<T> InTurn<T>(Func<T> work, CancellationToken cancel)
    {
        await turns.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            return await Task.Run(work, cancel).ConfigureAwait(false);
        }
        finally
        {
            turns.Release();
        }
    }

    private Explainer Shared(string method)
    {
        lock (opening)
        {
            if (!explainers.TryGetValue(method, out var explainer))
                explainers.Add(
                    method,
                    explainer = Explainer.Open(model, Binding.Slots, Settings(method, StudyBaseline()))
                );
            return explainer;
        }
    }

    private ExplainSettings Settings(string method, Baseline baseline)
    {
        var asked = run.Run.Each("methods").FirstOrDefault(m => m.Text("id") == method);
        var settings = new ExplainSettings
        {
            Method = method,
            Head = run.Run.Text("head"),
            Space = Space,
            At = run.Run.Text("numerics_enter") == "raw" ? EntryPoint.Raw : EntryPoint.Preprocessed,
            Baseline = baseline,
            Seed = run.Run.At("seed").ValueKind == JsonValueKind.Number ? run.Run.At("seed").GetUInt64() : 1,
        };
        return asked.Whole("steps") is > 0 and var steps ? settings with { Steps = steps } : settings;
    }

    private Baseline StudyBaseline() =>
        run.Run.Text("baseline") switch
        {
            "zero" => Baseline.Zero,
            "mean" => Baseline.Mean(StudiedRows.FirstRows(run, this)),
            _ => Baseline.Rows(Binding.ReplacementRow()),
        };

    private static string Needed(RunFolder run, string what)
    {
        var path = run.Run.Text(what) ?? "";
        if (!File.Exists(path))
            throw AssayException.Input(
                $"The {what} of this study is no longer at '{path}'; put it back to look at single rows."
            );
        if (run.Run.At("sha256").Text(what) is { } then && Files.Hash(path) != then)
            throw AssayException.Input($"The {what} at '{path}' is not the one that was studied; run the study again.");
        return path;
    }
}

/// <summary>Models of runs that are being looked at, the last few of them.</summary>
internal sealed class RowModels : IDisposable
{
    private const int Most = 3;
    private readonly Lock changing = new();
    private readonly List<(string Run, RowModel Model)> open = [];

    public RowModel Open(RunFolder run)
    {
        lock (changing)
        {
            var at = open.FindIndex(m => m.Run == run.Id);
            if (at >= 0)
                return open[at].Model;
            var model = RowModel.Open(run);
            open.Add((run.Id, model));
            // One that is forgotten may still be at work: the collector closes it.
            if (open.Count > Most)
                open.RemoveAt(0);
            return model;
        }
    }

    public void Dispose()
    {
        lock (changing)
            foreach (var (_, model) in open)
                model.Dispose();
    }
}
