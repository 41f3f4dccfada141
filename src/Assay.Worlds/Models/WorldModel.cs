using Assay.Attribution;
using Assay.Gradients;
using Assay.Onnx;
using Assay.Statistics;
using Assay.Training;

namespace Assay.Worlds.Models;

/// <summary>
/// A DeepFM for a world: inputs <c>ids</c> int64 [batch, categorical], <c>dense</c> float [batch, numeric] (raw values),
/// <c>history</c> int64 [batch, 10]; outputs <c>logit</c> and <c>probability</c> [batch].
/// </summary>
public sealed class WorldModel
{
    // One user in eight of the training rows decides when to stop, so that the explained rows stay unseen.
    private const int TuningShare = 8;

    private const double UnknownShare = 0.02;

    private readonly Normalisation scale;

    private WorldModel(OnnxModel onnx, IReadOnlyList<string> parameters, Normalisation scale, TrainingResult? training)
    {
        Onnx = onnx;
        Parameters = parameters;
        this.scale = scale;
        Training = training;
    }

    /// <summary>The graph.</summary>
    public OnnxModel Onnx { get; }

    /// <summary>The initialisers that are fitted.</summary>
    public IReadOnlyList<string> Parameters { get; }

    /// <summary>The losses of the fit; null for an untrained model.</summary>
    public TrainingResult? Training { get; }

    /// <summary>An untrained model whose normalisation is that of the world's training rows.</summary>
    public static WorldModel Build(World world, WorldModelOptions? options = null)
    {
        var scale = Normalisation.Of(world, world.RowsOf(WorldSplit.Train));
        var (onnx, parameters) = DeepFm.Build(options ?? new WorldModelOptions(), scale);
        return new WorldModel(onnx, parameters, scale, null);
    }

    /// <summary>Builds a model and fits it to the training rows; an eighth of their users decide when to stop.</summary>
    /// <param name="world">The world.</param>
    /// <param name="options">Size and fitting; null for the defaults.</param>
    /// <param name="labels">Labels to fit instead of the world's, one per row of the world (a negative control).</param>
    /// <param name="progress">Told the losses after each epoch.</param>
    /// <param name="cancellation">Stops between steps.</param>
    public static WorldModel Train(
        World world,
        WorldModelOptions? options = null,
        int[]? labels = null,
        IProgress<EpochLoss>? progress = null,
        CancellationToken cancellation = default
    )
    {
        options ??= new WorldModelOptions();
        var untrained = Build(world, options);
        var rows = world.RowsOf(WorldSplit.Train);
        var tuning = Array.ConvertAll(rows, r => Tunes(world, r));
        var all = labels ?? world.Labels.ToArray();
        TrainingRows Part(bool tunes)
        {
            int[] part = [.. rows.Where((_, i) => tuning[i] == tunes)];
            var feeds = Encode(world, part);
            if (!tunes)
                Forget(feeds[ModelLayout.Ids].Span<long>(), options.Seed);
            return new TrainingRows(feeds, Array.ConvertAll(part, r => (float)all[r]));
        }
        var result = Trainer.Fit(
            untrained.Onnx,
            ModelLayout.Logit,
            untrained.Parameters,
            Part(false),
            Part(true),
            options.Training,
            progress,
            cancellation
        );
        return new WorldModel(result.Model, untrained.Parameters, untrained.scale, result);
    }

    /// <summary>Rows of the world as feeds of the model.</summary>
    public static IReadOnlyDictionary<string, TensorData> Encode(World world, ReadOnlySpan<int> rows)
    {
        var list = new WorldRow[rows.Length];
        for (var i = 0; i < rows.Length; i++)
            list[i] = world.Row(rows[i]);
        return Encoder.Encode(list);
    }

    /// <summary>Any one row as feeds of the model: a baseline.</summary>
    public static IReadOnlyDictionary<string, TensorData> Encode(WorldRow row) => Encoder.Encode([row]);

    /// <summary>Which elements of the inputs make up each feature of <see cref="WorldFeatures.All"/>.</summary>
    public static IReadOnlyList<FeatureSlot> Slots { get; } = [.. WorldFeatures.All.Select(Slot)];

    /// <summary>The model's feature dictionary, as the text of a <c>features.yaml</c>.</summary>
    /// <param name="vocabularies">The file of <see cref="WorldFiles.VocabularyJson"/>, relative to the dictionary; null for none.</param>
    public string FeaturesYaml(string? vocabularies = null) => DictionaryText.Write(scale, vocabularies);

    private static FeatureSlot Slot(WorldFeature feature) =>
        feature.Kind switch
        {
            FeatureKind.Categorical => new(
                feature.Name,
                [new(ModelLayout.Ids, ModelLayout.Categorical.ToList().IndexOf(feature))]
            ),
            FeatureKind.Numeric => new(
                feature.Name,
                [new(ModelLayout.Dense, ModelLayout.Numeric.ToList().IndexOf(feature))]
            ),
            _ => new(
                feature.Name,
                [.. Enumerable.Range(0, feature.Width).Select(k => new InputElement(ModelLayout.History, k))]
            ),
        };

    /// <summary>Makes some ids unknown, so that the unknown id means "anything" and not a random vector.</summary>
    private static void Forget(Span<long> ids, ulong seed)
    {
        var random = new CounterRandom(seed, "unknown ids");
        for (var i = 0; i < ids.Length; i++)
            if (random.NextBool(UnknownShare))
                ids[i] = 1;
    }

    private static bool Tunes(World world, int row) =>
        StableHash.Combine("tuning user", (ulong)world.UserIds[row]) % TuningShare == 0;
}
