using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Training;
using DuckDB.NET.Data;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.ServerLoad;

/// <summary>Embeddings of 8 and two hidden layers over ids [batch, 26] and numbers [batch, 13].</summary>
internal static class Network
{
    private const int Opset = 17;
    private const int Dimension = 8;
    private static readonly int[] Hidden = [32, 16];

    public static List<Column> Ids { get; } = [.. Column.All.Where(c => c.Values > 0)];

    public static List<Column> Numbers { get; } = [.. Column.All.Where(c => c.Values == 0)];

    /// <summary>Fitted to the first nine tenths of the rows, stopped by the rest.</summary>
    public static OnnxModel Fitted(DuckDBConnection duck, string rows)
    {
        var (model, parameters) = Untrained();
        var all = Read(duck, rows);
        var cut = all.Labels.Length / 10 * 9;
        TrainingRows Part(int from, int to) =>
            new(
                new Dictionary<string, TensorData>
                {
                    ["ids"] = TensorData.From(all.Ids[(from * Ids.Count)..(to * Ids.Count)], to - from, Ids.Count),
                    ["dense"] = TensorData.From(
                        all.Dense[(from * Numbers.Count)..(to * Numbers.Count)],
                        to - from,
                        Numbers.Count
                    ),
                },
                all.Labels[from..to]
            );
        var options = new TrainingOptions
        {
            BatchRows = 512,
            Epochs = 4,
            LearningRate = 5e-3,
        };
        return Trainer.Fit(model, "logit", parameters, Part(0, cut), Part(cut, all.Labels.Length), options).Model;
    }

    private static (OnnxModel Model, List<string> Parameters) Untrained()
    {
        var proto = new ModelProto
        {
            IrVersion = 8,
            ProducerName = "assay",
            Graph = new GraphProto { Name = "load" },
        };
        proto.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = Opset });
        var model = new OnnxModel(proto);
        var emit = new Emitter(model.Graph, Opset, DataType.Float, "net");
        var parameters = new List<string>();
        string Parameter(string name, TensorData start)
        {
            model.Graph.AddInitialiser(name, start);
            parameters.Add(name);
            return name;
        }
        model.Graph.AddInput(ValueInfos.Tensor("ids", DataType.Int64, "batch", Ids.Count));
        model.Graph.AddInput(ValueInfos.Tensor("dense", DataType.Float, "batch", Numbers.Count));
        var parts = new List<string>();
        for (var k = 0; k < Ids.Count; k++)
        {
            var name = $"emb.{Ids[k].Name}.weight";
            var table = Parameter(name, Initialisation.Normal(1, name, .05, Ids[k].Values + 1, Dimension));
            parts.Add(emit.Gather(table, emit.Gather("ids", emit.Int64(k), axis: 1)));
        }
        parts.Add("dense");
        var value = emit.Concat(parts, axis: 1);
        long width = Ids.Count * Dimension + Numbers.Count;
        foreach (var (next, layer) in Hidden.Select((w, i) => (w, i)))
        {
            var weight = Parameter($"mlp.{layer}.weight", Initialisation.He(1, $"mlp.{layer}.weight", width, next));
            var bias = Parameter($"mlp.{layer}.bias", Initialisation.Zeros(next));
            value = emit.Named($"mlp.act{layer}", "Relu", [emit.Node("Gemm", [value, weight, bias])]);
            width = next;
        }
        var last = emit.Node(
            "Gemm",
            [
                value,
                Parameter("mlp.out.weight", Initialisation.Glorot(1, "mlp.out.weight", width, 1)),
                Parameter("mlp.out.bias", Initialisation.Zeros(1)),
            ]
        );
        emit.Named("logit", "Squeeze", [last, emit.Int64s(1)]);
        model.Graph.AddOutput(ValueInfos.Tensor("logit", DataType.Float, "batch"));
        return (model, parameters);
    }

    private static (long[] Ids, float[] Dense, float[] Labels) Read(DuckDBConnection duck, string path)
    {
        using var command = duck.CreateCommand();
        var names = string.Join(", ", Ids.Concat(Numbers).Select(c => c.Name));
        command.CommandText = $"SELECT {names}, clicked FROM read_parquet($path) ORDER BY row_id";
        command.Parameters.Add(new DuckDBParameter("path", path));
        using var reader = command.ExecuteReader();
        var (ids, dense, labels) = (new List<long>(), new List<float>(), new List<float>());
        while (reader.Read())
        {
            for (var k = 0; k < Ids.Count; k++)
                ids.Add(reader.GetInt64(k));
            for (var k = 0; k < Numbers.Count; k++)
                dense.Add(reader.GetFloat(Ids.Count + k));
            labels.Add(reader.GetInt32(Ids.Count + Numbers.Count));
        }
        return ([.. ids], [.. dense], [.. labels]);
    }
}
