using Assay.Attribution;
using Assay.Onnx;

namespace Assay.Studies;

/// <summary>A method that a study applies, with its options.</summary>
public sealed record MethodDefinition
{
    /// <summary>The id in the registry of methods.</summary>
    public required string Id { get; init; }

    /// <summary>Nodes of a path method; null: the method's default.</summary>
    public int? Steps { get; init; }

    /// <summary>Quadrature rule of a path method; null: the method's default.</summary>
    public string? Rule { get; init; }

    /// <summary>Error to which a path method refines each row; null: the same steps in all rows.</summary>
    public double? Tolerance { get; init; }

    /// <summary>The most model evaluations a row of a sampled method; null: the method's default.</summary>
    public int? Budget { get; init; }

    /// <summary>How often a permutation is repeated and averaged.</summary>
    public int Repeats { get; init; } = 1;

    /// <summary>Groups of the dictionary that are permuted as one, besides the single features.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>Lists of the dictionary each position of which is permuted too, among the rows that have an entry there.</summary>
    public IReadOnlyList<string> Positions { get; init; } = [];

    /// <summary>
    /// Whether importance is also measured over the rows that have the feature, exchanged among these; null: by permutation, of
    /// the features that some row lacks.
    /// </summary>
    public bool? GivenPresence { get; init; }

    /// <summary>How a conditional permutation draws: model or neighbours; null: by model, or by strata where these are given.</summary>
    public string? By { get; init; }

    /// <summary>The features that a conditional permutation is given; null: all others.</summary>
    public IReadOnlyList<string>? Given { get; init; }

    /// <summary>Segments, features or columns of the data within whose values a conditional permutation exchanges.</summary>
    public IReadOnlyList<string> Strata { get; init; } = [];

    /// <summary>Bins of equal size into which numbers that make strata are cut.</summary>
    public int Bins { get; init; } = 10;

    /// <summary>How many nearest units a donor is drawn from.</summary>
    public int Neighbours { get; init; } = 10;

    internal static MethodDefinition Read(YamlMap map)
    {
        var method = new MethodDefinition
        {
            Id = map.RequiredText("id"),
            Steps = map.Integer("steps", 1, 4096),
            Rule = map.Choice("rule", "auto", "secant", "gauss-legendre"),
            Tolerance = map.Number("tolerance"),
            Budget = map.Integer("budget", 1),
            Repeats = map.Integer("repeats", 1, 100) ?? 1,
            Groups = map.Texts("groups") ?? [],
            Positions = map.Texts("positions") ?? [],
            By = map.Choice("by", "model", "neighbours"),
            Given = map.Texts("given"),
            Strata = map.Texts("strata") ?? [],
            Bins = map.Integer("bins", 2, 1000) ?? 10,
            Neighbours = map.Integer("neighbours", 1, 1000) ?? 10,
            GivenPresence = map.Choice("given_presence", "true", "false") is { } given ? given == "true" : null,
        };
        map.RejectOthers();
        try
        {
            if (MethodRegistry.Get(method.Id).Layer != LayerUse.None)
                throw AssayException.Usage(
                    $"method '{method.Id}' explains by a layer of the model and has no place in a study; run it with 'assay explain --layer'."
                );
        }
        catch (AssayException e)
        {
            throw map.ErrorAt("id", e.Message);
        }
        return method;
    }
}
