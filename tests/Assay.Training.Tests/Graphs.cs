using Assay.Onnx;
using Assay.Onnx.Wire;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Training.Tests;

/// <summary>Small graphs to fit.</summary>
internal static class Graphs
{
    public static (OnnxModel Model, Emitter Emit) New()
    {
        var proto = new ModelProto
        {
            IrVersion = 8,
            Graph = new GraphProto { Name = "test" },
        };
        proto.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = 17 });
        var model = new OnnxModel(proto);
        return (model, new Emitter(model.Graph, 17, DataType.Float, "net"));
    }

    /// <summary>logit = x·w + b.</summary>
    public static OnnxModel Logistic(int features)
    {
        var (model, emit) = New();
        model.Graph.AddInput(ValueInfos.Tensor("x", DataType.Float, "batch", features));
        model.Graph.SetInitialiser("w", Initialisation.Zeros(features, 1));
        model.Graph.SetInitialiser("b", Initialisation.Zeros(1));
        emit.Named("logit", "Add", [emit.MatMul("x", "w"), "b"]);
        model.Graph.AddOutput(ValueInfos.Tensor("logit", DataType.Float, "batch", 1));
        return model;
    }

    /// <summary>logit = relu(x·w1 + b1)·w2 + b2.</summary>
    public static OnnxModel OneHiddenLayer(int features, int hidden, ulong seed)
    {
        var (model, emit) = New();
        model.Graph.AddInput(ValueInfos.Tensor("x", DataType.Float, "batch", features));
        model.Graph.SetInitialiser("w1", Initialisation.He(seed, "w1", features, hidden));
        model.Graph.SetInitialiser("b1", Initialisation.Zeros(hidden));
        model.Graph.SetInitialiser("w2", Initialisation.Glorot(seed, "w2", hidden, 1));
        model.Graph.SetInitialiser("b2", Initialisation.Zeros(1));
        var layer = emit.Node("Relu", [emit.Node("Gemm", ["x", "w1", "b1"])]);
        emit.Named("logit", "Gemm", [layer, "w2", "b2"]);
        model.Graph.AddOutput(ValueInfos.Tensor("logit", DataType.Float, "batch", 1));
        return model;
    }

    /// <summary>logit = Σ of what a table [rows, 1] returns for the ids [batch, columns].</summary>
    public static OnnxModel Lookup(int rows, int columns)
    {
        var (model, emit) = New();
        model.Graph.AddInput(ValueInfos.Tensor("ids", DataType.Int64, "batch", columns));
        model.Graph.SetInitialiser("table", Initialisation.Zeros(rows, 1));
        var read = emit.Gather("table", "ids");
        emit.Named("logit", "ReduceSum", [read, emit.Int64s(1)], ("keepdims", 0L));
        model.Graph.AddOutput(ValueInfos.Tensor("logit", DataType.Float, "batch", 1));
        return model;
    }

    /// <summary>logit = table[ids[0]] + 2 · table[ids[1]]: two lookups of one table.</summary>
    public static OnnxModel TwoLookups(int rows)
    {
        var (model, emit) = New();
        model.Graph.AddInput(ValueInfos.Tensor("ids", DataType.Int64, "batch", 2));
        model.Graph.SetInitialiser("table", Initialisation.Zeros(rows, 1));
        string Read(long column) => emit.Gather("table", emit.Gather("ids", emit.Int64(column), axis: 1));
        emit.Named("logit", "Add", [Read(0), emit.Mul(Read(1), emit.Scalar(2))]);
        model.Graph.AddOutput(ValueInfos.Tensor("logit", DataType.Float, "batch", 1));
        return model;
    }

    /// <summary>
    /// logit = Σ w · (a[ids₀], b[ids₁], b[ids₂], x) over tables a [5, 6] and b [4, 3]: joined as exporters do, stacked and
    /// flattened where widths are equal, or summed piece by piece.
    /// </summary>
    public static OnnxModel Pieces(bool joined)
    {
        var (model, emit) = New();
        model.Graph.AddInput(ValueInfos.Tensor("ids", DataType.Int64, "batch", 3));
        model.Graph.AddInput(ValueInfos.Tensor("x", DataType.Float, "batch", 2));
        model.Graph.SetInitialiser("a", Initialisation.Normal(3, "a", 1, 5, 6));
        model.Graph.SetInitialiser("b", Initialisation.Normal(3, "b", 1, 4, 3));
        var weights = Initialisation.Normal(3, "w", 1, 14, 1);
        model.Graph.SetInitialiser("w", weights);
        string Read(string table, long column) => emit.Gather(table, emit.Gather("ids", emit.Int64(column), axis: 1));
        string logit;
        if (joined)
        {
            string[] pair =
            [
                .. new long[] { 1, 2 }.Select(c => emit.Node("Unsqueeze", [Read("b", c), emit.Int64s(1)])),
            ];
            var flat = emit.Node("Flatten", [emit.Concat(pair, 1)], ("axis", 1L));
            logit = emit.MatMul(emit.Concat([Read("a", 0), flat, "x"], -1), "w");
        }
        else
        {
            string Part(int from, int to) =>
                emit.Constant(TensorData.From(weights.Span<float>()[from..to].ToArray(), to - from, 1));
            string[] parts =
            [
                emit.MatMul(Read("a", 0), Part(0, 6)),
                emit.MatMul(Read("b", 1), Part(6, 9)),
                emit.MatMul(Read("b", 2), Part(9, 12)),
                emit.MatMul("x", Part(12, 14)),
            ];
            logit = emit.Node("Sum", parts);
        }
        emit.Named("logit", "Identity", [logit]);
        model.Graph.AddOutput(ValueInfos.Tensor("logit", DataType.Float, "batch", 1));
        return model;
    }

    public static TrainingRows Rows(string input, TensorData tensor, params float[] labels) =>
        new(new Dictionary<string, TensorData> { [input] = tensor }, labels);
}
