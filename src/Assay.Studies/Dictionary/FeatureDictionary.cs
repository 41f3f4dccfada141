using System.Security.Cryptography;
using Assay.Onnx;
using Assay.Onnx.Wire;

namespace Assay.Studies;

/// <summary>
/// Which input and column of the model holds which feature, what its values mean and who answers for it: a
/// <c>features.yaml</c>, or the same as JSON.
/// </summary>
public sealed class FeatureDictionary
{
    internal FeatureDictionary(
        string source,
        IReadOnlyList<FeatureEntry> features,
        IReadOnlyDictionary<string, IReadOnlyList<string>> groups,
        string? vocabularies,
        string hash
    )
    {
        Source = source;
        Features = features;
        Groups = groups;
        VocabularyFile = vocabularies;
        Hash = hash;
    }

    /// <summary>The file it came from, for messages.</summary>
    public string Source { get; }

    /// <summary>The features in file order.</summary>
    public IReadOnlyList<FeatureEntry> Features { get; }

    /// <summary>Groups of features: those of the <c>group</c> fields, then those declared under <c>groups</c>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Groups { get; }

    /// <summary>The JSON file of vocabularies (index → text), or null.</summary>
    public string? VocabularyFile { get; }

    /// <summary>SHA-256 of the file's bytes, lower-case hexadecimal.</summary>
    public string Hash { get; }

    /// <summary>The entry of that name.</summary>
    /// <exception cref="AssayException">Usage: there is none; the nearest is suggested.</exception>
    public FeatureEntry this[string name] =>
        Features.FirstOrDefault(f => f.Name == name)
        ?? throw AssayException.Usage(
            $"The dictionary '{Source}' has no feature '{name}'.{Nearest.Hint(name, Features.Select(f => f.Name))}"
        );

    /// <summary>Reads a dictionary. Unknown fields of a feature are errors; unknown top-level keys are not.</summary>
    /// <exception cref="AssayException">Input: file, line and what is wrong.</exception>
    public static FeatureDictionary Load(string path)
    {
        var root = YamlMap.Load(path, "dictionary");
        return DictionaryReader.Read(root, path, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))));
    }

    /// <summary>
    /// Binds the features to the inputs of a model: every element of every input must be bound exactly once.
    /// </summary>
    /// <param name="modelInputs">The inputs a caller of the model must feed; their first dimension is the batch.</param>
    /// <exception cref="AssayException">Input: names input, column and feature.</exception>
    public DictionaryBinding Bind(IReadOnlyList<ValueInfoProto> modelInputs) => Binder.Bind(this, modelInputs);

    /// <summary>
    /// Binds the features to a model's inputs; ids beyond the tables that the model looks them up in are then errors too.
    /// </summary>
    /// <exception cref="AssayException">Input: names input, column and feature.</exception>
    public DictionaryBinding Bind(OnnxModel model) => LookupTables.Complete(Bind([.. model.Graph.Inputs]), model);

    /// <summary>A first dictionary for a model, to be completed by hand; see <see cref="DictionaryDraft"/>.</summary>
    /// <param name="model">The model.</param>
    /// <param name="data">Logged data whose column names may say which feature is which; optional.</param>
    public static FeatureDictionary Draft(OnnxModel model, DataSource? data = null) =>
        DictionaryDraft.Make(model, data);

    /// <summary>The dictionary as YAML text that <see cref="Load"/> reads.</summary>
    public string ToYaml() => DictionaryWriter.Write(this);
}
