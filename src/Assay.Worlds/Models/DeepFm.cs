using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Training;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Worlds.Models;

/// <summary>
/// Builds an untrained DeepFM (Guo et al., 2017): first order, factorisation machine over the fields, and a network over
/// the embeddings and numbers. The history is one field: the mean of its positions that are not padding.
/// </summary>
internal sealed class DeepFm
{
    private const int Opset = 17;
    private const double EmbeddingSpread = 0.05;

    private readonly WorldModelOptions options;
    private readonly OnnxModel model;
    private readonly Emitter emit;
    private readonly List<string> parameters = [];

    private DeepFm(WorldModelOptions options)
    {
        this.options = options;
        var proto = new ModelProto
        {
            IrVersion = 8,
            ProducerName = "assay",
            Graph = new GraphProto { Name = "world" },
        };
        proto.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = Opset });
        model = new OnnxModel(proto);
        emit = new Emitter(model.Graph, Opset, DataType.Float, "net");
    }

    /// <summary>The graph and the names of the initialisers to fit.</summary>
    public static (OnnxModel Model, IReadOnlyList<string> Parameters) Build(
        WorldModelOptions options,
        Normalisation scale
    )
    {
        var build = new DeepFm(options);
        build.Graph(scale);
        return (build.model, build.parameters);
    }

    private void Graph(Normalisation scale)
    {
        var (f, d) = (ModelLayout.Categorical.Count, ModelLayout.Numeric.Count);
        model.Graph.AddInput(ValueInfos.Tensor(ModelLayout.Ids, DataType.Int64, "batch", f));
        model.Graph.AddInput(ValueInfos.Tensor(ModelLayout.Dense, DataType.Float, "batch", d));
        model.Graph.AddInput(
            ValueInfos.Tensor(ModelLayout.History, DataType.Int64, "batch", ModelLayout.Sequence.Width)
        );
        var numbers = Normalise(scale);
        var embedded = new List<string>();
        var first = new List<string>
        {
            emit.MatMul(numbers, Parameter("first.dense.weight", Small("first.dense.weight", d, 1))),
        };
        for (var k = 0; k < f; k++)
        {
            var feature = ModelLayout.Categorical[k];
            var id = emit.Gather(ModelLayout.Ids, emit.Int64(k), axis: 1);
            embedded.Add(Lookup(ModelLayout.Embedding(feature), feature, options.Dimension, id));
            first.Add(Lookup(ModelLayout.FirstOrder(feature), feature, 1, id));
        }
        var (historyEmbedded, historyFirst) = History();
        embedded.Add(historyEmbedded);
        first.Add(historyFirst);

        var logit = emit.Node("Sum", [.. first, FactorisationMachine(embedded, numbers), Network(embedded, numbers)]);
        emit.Named(ModelLayout.Logit, "Squeeze", [logit, emit.Int64s(1)]);
        emit.Named(ModelLayout.Probability, "Sigmoid", [ModelLayout.Logit]);
        model.Graph.AddOutput(ValueInfos.Tensor(ModelLayout.Logit, DataType.Float, "batch"));
        model.Graph.AddOutput(ValueInfos.Tensor(ModelLayout.Probability, DataType.Float, "batch"));
        model.Graph.SortTopologically();
    }

    /// <summary>[batch, D]: log1p where declared, then mean 0 and spread 1.</summary>
    private string Normalise(Normalisation scale)
    {
        var logarithmic = ModelLayout.Numeric.Select(n => n.Logarithmic ? 1f : 0f).ToArray();
        var plain = logarithmic.Select(l => 1 - l).ToArray();
        // A number that is not logarithmic reads as 0 here, so that the logarithm is defined for negative ones too.
        var logs = emit.Node("Log", [emit.Add(emit.Mul(ModelLayout.Dense, Row(logarithmic)), emit.Scalar(1))]);
        var values = emit.Add(logs, emit.Mul(ModelLayout.Dense, Row(plain)));
        var centred = emit.Sub(values, Row([.. scale.Mean.Select(m => (float)m)]));
        return emit.Named("normalised", "Mul", [centred, Row([.. scale.Spread.Select(s => (float)(1 / s))])]);
    }

    private (string Embedded, string First) History()
    {
        // [batch, 10, 1]: 1 where a position is filled.
        var filled = emit.Unsqueeze(
            emit.Cast(emit.Node("Greater", [ModelLayout.History, emit.Int64(0)]), DataType.Float),
            2
        );
        var count = emit.Node("Max", [emit.ReduceSum(filled, [1], keepDims: false), emit.Scalar(1)]);
        string Pool(string table, long width) =>
            emit.Div(
                emit.ReduceSum(
                    emit.Mul(Lookup(table, ModelLayout.Sequence, width, ModelLayout.History), filled),
                    [1],
                    keepDims: false
                ),
                count
            );
        return (
            Pool(ModelLayout.Embedding(ModelLayout.Sequence), options.Dimension),
            Pool(ModelLayout.FirstOrder(ModelLayout.Sequence), 1)
        );
    }

    /// <summary>[batch, 1]: Σ over pairs of fields of ⟨e_i, e_j⟩, as ½ Σ ((Σe)² − Σe²) (Rendle, 2010).</summary>
    private string FactorisationMachine(List<string> embedded, string numbers)
    {
        var d = ModelLayout.Numeric.Count;
        const string name = "emb.dense.weight";
        var directions = Parameter(
            name,
            Initialisation.Normal(options.Seed, name, EmbeddingSpread, d, options.Dimension)
        );
        var fields = emit.Concat(
            [.. embedded.Select(e => emit.Unsqueeze(e, 1)), emit.Mul(emit.Unsqueeze(numbers, 2), directions)],
            axis: 1
        );
        var sum = emit.ReduceSum(fields, [1], keepDims: false);
        var squares = emit.ReduceSum(emit.Mul(fields, fields), [1], keepDims: false);
        var pairs = emit.ReduceSum(emit.Sub(emit.Mul(sum, sum), squares), [1], keepDims: true);
        return emit.Mul(pairs, emit.Scalar(0.5));
    }

    private string Network(List<string> embedded, string numbers)
    {
        var value = emit.Concat([.. embedded, numbers], axis: 1);
        long width = embedded.Count * options.Dimension + ModelLayout.Numeric.Count;
        for (var layer = 0; layer < options.Hidden.Count; layer++)
        {
            var weight = $"mlp.{layer}.weight";
            var linear = emit.Node(
                "Gemm",
                [
                    value,
                    Parameter(weight, Initialisation.He(options.Seed, weight, width, options.Hidden[layer])),
                    Parameter($"mlp.{layer}.bias", Initialisation.Zeros(options.Hidden[layer])),
                ]
            );
            value = emit.Named($"mlp.act{layer}", "Relu", [linear]);
            width = options.Hidden[layer];
        }
        return emit.Node(
            "Gemm",
            [
                value,
                Parameter("mlp.out.weight", Initialisation.Glorot(options.Seed, "mlp.out.weight", width, 1)),
                Parameter("mlp.out.bias", Initialisation.Zeros(1)),
            ]
        );
    }

    private string Lookup(string table, WorldFeature feature, long width, string ids) =>
        emit.Gather(Parameter(table, Table(table, feature.VocabularySize, width)), ids);

    /// <summary>A lookup's starting values; padding is, and being masked stays, zero.</summary>
    private TensorData Table(string name, long rows, long width)
    {
        var values = Small(name, rows, width);
        values.Span<float>()[..(int)width].Clear();
        return values;
    }

    private TensorData Small(string name, long rows, long width) =>
        width == 1
            ? Initialisation.Zeros(rows, width)
            : Initialisation.Normal(options.Seed, name, EmbeddingSpread, rows, width);

    private string Parameter(string name, TensorData value)
    {
        // A table that two features share is asked for twice.
        if (parameters.Contains(name))
            return name;
        model.Graph.SetInitialiser(name, value);
        parameters.Add(name);
        return name;
    }

    private string Row(float[] values) => emit.Constant(TensorData.From(values, values.Length));
}
