using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Assay.Onnx;

namespace Assay.Studies;

/// <summary>A fit that is wanted.</summary>
/// <param name="Name">Its file in the folder of refits, without extension; one name, one fit.</param>
/// <param name="Variant">What to fit.</param>
/// <param name="KeepsModel">Whether the model is written, to be studied.</param>
internal sealed record WantedRefit(string Name, RefitVariant Variant, bool KeepsModel = false);

/// <summary>
/// Fits in a folder: what was fitted before under the same key is not fitted again. As many run at once as threads and
/// memory allow, each on one thread.
/// </summary>
internal sealed class RefitPool
{
    // Values, their copies in the graph, two moments, the best epoch's, the written ones.
    private const int CopiesOfParameters = 8;
    private const long Rest = 64L << 20;
    private readonly OnnxModel model;
    private readonly RefitRows rows;
    private readonly string folder;
    private readonly string key;
    private readonly RefitProgress progress;
    private readonly CancellationToken cancellation;

    public RefitPool(
        OnnxModel model,
        string modelHash,
        RefitRows rows,
        string folder,
        int threads,
        long memory,
        RefitProgress progress,
        CancellationToken cancellation
    )
    {
        (this.model, this.rows, this.folder) = (model, rows, folder);
        (this.progress, this.cancellation) = (progress, cancellation);
        Files.MakeFolder(folder);
        key = Files.HashText(
            $"{modelHash}|{Content(rows.Training)}|{Content(rows.Validation)}|{Content(rows.Test!)}|{(rows.Explained is null ? "" : Content(rows.Explained))}|{RunPlan.Version}"
        );
        AtOnce = (int)Math.Clamp(memory / BytesOfFit(model, rows), 1, threads);
    }

    /// <summary>How many fits run at once.</summary>
    public int AtOnce { get; }

    /// <summary>How many were fitted, not found.</summary>
    public int Fitted { get; private set; }

    /// <summary>Where a kept model is.</summary>
    public string ModelPath(WantedRefit wanted) => Path.Combine(folder, wanted.Name + ".onnx");

    /// <summary>Where the study of a kept model is.</summary>
    public string StudyPath(WantedRefit wanted) => Path.Combine(folder, wanted.Name);

    /// <summary>Fits what is not there yet, in any order; the results are in the order asked for.</summary>
    public IReadOnlyList<RefitFile> Run(IReadOnlyList<WantedRefit> wanted)
    {
        var done = new RefitFile[wanted.Count];
        var fitted = 0;
        MapStage.Parallel(
            AtOnce,
            wanted.Count,
            (i, stop) =>
            {
                stop.ThrowIfCancellationRequested();
                var found = Find(wanted[i]);
                if (found is null)
                    Interlocked.Increment(ref fitted);
                done[i] = found ?? Fit(wanted[i], stop);
                progress.Done(wanted[i].Variant.Title, found is not null);
            },
            cancellation
        );
        Fitted += fitted;
        return done;
    }

    private string PathOf(WantedRefit wanted) => Path.Combine(folder, wanted.Name + ".fit");

    private RefitFile? Find(WantedRefit wanted) =>
        wanted.KeepsModel && !File.Exists(ModelPath(wanted)) ? null : RefitFile.Find(PathOf(wanted), Key(wanted));

    private RefitFile Fit(WantedRefit wanted, CancellationToken stop)
    {
        var refit = Refit.One(model, rows, wanted.Variant, null, stop);
        var head = wanted.Variant.Options.Head;
        double[] Logits(LabelledRows of) =>
            Training.Retraining.Logits(refit.Result.Model, head, of.Without(rows.Binding, wanted.Variant.Drop).Feeds);
        var validation = Logits(rows.Validation);
        var explained = rows.Explained is null ? validation : Logits(rows.Explained);
        if (wanted.KeepsModel)
        {
            // What was studied of another fit of this name is of no use.
            if (Directory.Exists(StudyPath(wanted)))
                Directory.Delete(StudyPath(wanted), recursive: true);
            var bytes = RefitModels.Whole(refit.Result.Model).ToBytes();
            Files.Write(ModelPath(wanted), s => s.Write(bytes));
        }
        var file = new RefitFile(Key(wanted), refit.Result.BestEpoch, refit.Logits, validation, explained);
        file.Write(PathOf(wanted));
        return file;
    }

    private string Key(WantedRefit wanted)
    {
        var (v, o) = (wanted.Variant, wanted.Variant.Options);
        var training = o.Training with { Clock = TimeProvider.System };
        return Files.HashText(
            key
                + JsonSerializer.Serialize(
                    new
                    {
                        v.Drop,
                        v.ShuffleLabels,
                        v.OovDropout,
                        v.Resample,
                        o.Head,
                        o.Warm,
                        o.Seed,
                        o.Train,
                        o.Freeze,
                        o.PaddingIds,
                        o.TableSpread,
                        training.BatchRows,
                        training.Epochs,
                        training.Patience,
                        training.Optimiser,
                        training.LearningRate,
                        training.LearningRateDecay,
                        training.WeightDecay,
                        training.Beta1,
                        training.Beta2,
                        training.Epsilon,
                    }
                )
        );
    }

    private static long BytesOfFit(OnnxModel model, RefitRows rows) =>
        Rest
        + CopiesOfParameters * 4L * model.Proto.Graph.Initializer.Sum(t => t.Dims.Aggregate(1L, (a, d) => a * d))
        + rows.Training.Feeds.Values.Sum(f => (long)Buffer.ByteLength(f.Values));

    /// <summary>Hash of rows as they are fed.</summary>
    private static string Content(LabelledRows rows)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, feed) in rows.Feeds.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes($"{name} {feed}"));
            hash.AppendData(feed.Bytes());
        }
        hash.AppendData(MemoryMarshal.AsBytes<float>(rows.Labels));
        hash.AppendData(MemoryMarshal.AsBytes<int>(rows.Clusters));
        hash.AppendData(MemoryMarshal.AsBytes<double>(rows.Weights));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
