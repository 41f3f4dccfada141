using Assay.Onnx;
using Assay.Onnx.Wire;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Runtime;

/// <summary>Which symbol each free dimension of the inputs follows, and the two sizes each symbol is tried at.</summary>
internal sealed class SymbolPlan
{
    // Odd and prime, so that a product or sum of two is hardly ever taken for a third.
    private static readonly (long, long)[] Sizes =
    [
        (3, 5),
        (7, 11),
        (13, 17),
        (19, 23),
        (29, 31),
        (37, 41),
        (43, 47),
        (53, 59),
        (61, 67),
        (71, 73),
    ];

    // A trial feeds a handful of rows; what is larger fixes its batch, or asks for absurd memory.
    private const int MaximumElements = 1 << 24;

    private readonly record struct Axis(long Fixed, string? Symbol);

    private readonly Dictionary<string, (DataType Type, Axis[] Axes)> inputs = [];
    private readonly Dictionary<string, (long First, long Second)> sizes = [];

    /// <summary>Whether no input has a free dimension, so that one run tells all.</summary>
    public bool IsStatic => sizes.Count == 0;

    /// <summary>The inputs' names.</summary>
    public IEnumerable<string> Inputs => inputs.Keys;

    /// <summary>
    /// The plans worth trying, the most telling first: symbols as declared; all leading ones together, as in models whose
    /// inputs name their batch differently; all free dimensions of one size.
    /// </summary>
    public static IEnumerable<SymbolPlan> Candidates(OnnxModel model, IReadOnlyDictionary<string, TensorData>? sample)
    {
        if (Make(model, sample, leadingTogether: false, oneSize: false) is not { } plain)
            yield break;
        yield return plain;
        if (plain.sizes.Count < 2)
            yield break;
        yield return Make(model, sample, leadingTogether: true, oneSize: false)!;
        yield return Make(model, sample, leadingTogether: false, oneSize: true)!;
    }

    /// <summary>The feeds of the first (0) or second (1) run.</summary>
    public Dictionary<string, TensorData> Feeds(int run, IReadOnlyDictionary<string, TensorData>? sample) =>
        inputs.ToDictionary(
            i => i.Key,
            i =>
            {
                var dims = i.Value.Axes.Select(a => a.Symbol is { } s ? Size(s, run) : a.Fixed).ToArray();
                if (dims.Aggregate(1.0, (n, d) => n * d) > MaximumElements)
                    throw AssayException.Input(
                        $"Input '{i.Key}' [{string.Join(", ", dims)}] has more than {MaximumElements} elements; that is too many to try the model with."
                    );
                return sample?.GetValueOrDefault(i.Key) is { } given
                    ? Tiling.Tile(given, dims)
                    : Tiling.Filled(i.Value.Type, dims);
            }
        );

    /// <summary>What a dimension is that measured <paramref name="first"/> and <paramref name="second"/>.</summary>
    public Dim Identify(long first, long second)
    {
        if (first == second)
            return Dim.Of(first);
        var symbols = sizes.Where(s => s.Value == (first, second)).Select(s => s.Key).Take(2).ToArray();
        // Two symbols of one size cannot be told apart.
        return symbols.Length == 1 ? Dim.Named(symbols[0]) : Dim.Unknown;
    }

    private long Size(string symbol, int run) => run == 0 ? sizes[symbol].First : sizes[symbol].Second;

    private static SymbolPlan? Make(
        OnnxModel model,
        IReadOnlyDictionary<string, TensorData>? sample,
        bool leadingTogether,
        bool oneSize
    )
    {
        var plan = new SymbolPlan();
        var batch = BatchName(model);
        foreach (var input in model.Graph.Inputs)
        {
            var given = sample?.GetValueOrDefault(input.Name);
            if (!ElementTypes.IsSupported(input.ElementType()))
                return null;
            if (Free(input, given) is not { } dims)
                return null;
            var axes = new Axis[dims.Length];
            for (var i = 0; i < axes.Length; i++)
            {
                var name = input.Symbols() is { } named ? named[i] : null;
                var symbol = i == 0 && (leadingTogether || name is null) ? batch : name ?? $"{input.Name}[{i}]";
                axes[i] = dims[i] is { } size ? new(size, null) : new(0, symbol);
                if (dims[i] is null)
                    plan.sizes.TryAdd(symbol, Sizes[oneSize ? 0 : plan.sizes.Count % Sizes.Length]);
            }
            plan.inputs[input.Name] = (input.ElementType(), axes);
        }
        return plan;
    }

    /// <summary>The dimensions of an input, null where free; from the sample where the model declares no shape.</summary>
    private static long?[]? Free(ValueInfoProto input, TensorData? given) =>
        input.Shape() ?? given?.Dims.Select((d, i) => i == 0 ? (long?)null : d).ToArray();

    /// <summary>What leading dimensions without a name share: the first leading name, or "batch".</summary>
    private static string BatchName(OnnxModel model) =>
        model
            .Graph.Inputs.Select(i => i.Symbols() is { Length: > 0 } s && i.Shape()![0] is null ? s[0] : null)
            .FirstOrDefault(s => s is not null)
        ?? "batch";
}
