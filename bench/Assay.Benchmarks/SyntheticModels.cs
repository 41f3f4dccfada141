using Assay.Onnx;
using Assay.Onnx.Wire;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Benchmarks;

/// <summary>
/// Recommenders of published sizes with untrained weights: DeepFM (Guo et al. 2017: MLP 400³) and DLRM (Naumov et al. 2019)
/// over 26 or 39 categorical fields of width 16. All fields look up one table in a file beside the model.
/// </summary>
internal sealed class SyntheticModels(string folder)
{
    /// <summary>Rows of the embedding table in all.</summary>
    public const int TableRows = 10_000_000;

    private const int Width = 16,
        Numbers = 13;

    /// <summary>Every model with its name; the tables are written once.</summary>
    public IEnumerable<(string Name, OnnxModel Model)> All()
    {
        yield return ("deepfm-26x16-400-400-400", DeepFm(26, [400, 400, 400]));
        yield return ("deepfm-39x16-400-400-400", DeepFm(39, [400, 400, 400]));
        yield return ("dlrm-26x16-1024-1024-512", Dlrm(26, [1024, 1024, 512]));
    }

    /// <summary>½ Σ ((Σe)² − Σe²) + first order + MLP.</summary>
    public OnnxModel DeepFm(int fields, int[] hidden)
    {
        var build = new Builder(folder);
        build.Lookups(fields, Width);
        build.Node("Gather", ["first", "shifted"], "weights");
        build.Node("ReduceSum", ["weights", "one"], "linear", ("keepdims", 0L));
        build.Node("ReduceSum", ["looked", "one"], "sum", ("keepdims", 0L));
        build.Node("Mul", ["sum", "sum"], "squared");
        build.Node("Mul", ["looked", "looked"], "squares");
        build.Node("ReduceSum", ["squares", "one"], "total", ("keepdims", 0L));
        build.Node("Sub", ["squared", "total"], "pairs");
        build.Node("ReduceSum", ["pairs", "one"], "cross", ("keepdims", 1L));
        build.Node("Mul", ["cross", "half"], "halved");
        build.Node("Flatten", ["looked"], "flat");
        build.Mlp("deep", "flat", fields * Width, [.. hidden, 1], last: "score");
        build.Node("Add", ["score", "halved"], "both");
        build.Node("Add", ["both", "linear"], "logit");
        return build.Model();
    }

    /// <summary>Bottom MLP over the numbers, dot products of all pairs of vectors, top MLP.</summary>
    public OnnxModel Dlrm(int fields, int[] hidden)
    {
        var build = new Builder(folder);
        build.Lookups(fields, Width);
        build.Input("dense", DataType.Float, Numbers);
        build.Mlp("bottom", "dense", Numbers, [512, 256, Width], last: "dense_vector");
        build.Node("Unsqueeze", ["dense_vector", "one"], "dense_row");
        build.Node("Concat", ["dense_row", "looked"], "vectors", ("axis", 1L));
        build.Node("Transpose", ["vectors"], "columns", ("perm", new long[] { 0, 2, 1 }));
        build.Node("MatMul", ["vectors", "columns"], "products");
        build.Node("Flatten", ["products"], "line");
        var size = fields + 1;
        var pairs = Enumerable.Range(0, size).SelectMany(i => Enumerable.Range(0, i).Select(j => (long)(i * size + j)));
        build.Tensor("lower", TensorData.Int64s([.. pairs]));
        build.Node("Gather", ["line", "lower"], "dots", ("axis", 1L));
        build.Node("Concat", ["dense_vector", "dots"], "interactions", ("axis", 1L));
        build.Mlp("top", "interactions", Width + size * fields / 2, [.. hidden, 1], last: "logit");
        return build.Model();
    }

    private sealed class Builder
    {
        private readonly string folder;
        private readonly ModelProto proto = new()
        {
            IrVersion = 8,
            Graph = new GraphProto { Name = "synthetic" },
        };
        private ulong state = 1;

        public Builder(string folder)
        {
            this.folder = folder;
            proto.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = 17 });
            Tensor("one", TensorData.Int64s(1));
            Tensor("half", TensorData.Scalar(0.5f));
        }

        public void Input(string name, DataType type, int width) =>
            proto.Graph.Input.Add(ValueInfos.Tensor(name, type, "batch", (long)width));

        public void Tensor(string name, TensorData tensor) => proto.Graph.Initializer.Add(tensor.ToProto(name));

        public void Node(string op, string[] inputs, string output, params (string Name, object Value)[] attributes)
        {
            var node = new NodeProto { OpType = op, Name = output };
            node.Input.AddRange(inputs);
            node.Output.Add(output);
            foreach (var (name, value) in attributes)
                node.Set(name, value);
            proto.Graph.Node.Add(node);
        }

        public void Lookups(int fields, int width)
        {
            Input("ids", DataType.Int64, fields);
            External("table", TableRows, width);
            External("first", TableRows, 1);
            var offsets = Enumerable.Range(0, fields).Select(f => (long)f * (TableRows / fields));
            Tensor("offsets", TensorData.Int64s([.. offsets]));
            Node("Add", ["ids", "offsets"], "shifted");
            Node("Gather", ["table", "shifted"], "looked");
        }

        public void Mlp(string name, string input, int inputs, int[] widths, string last)
        {
            for (var i = 0; i < widths.Length; i++)
            {
                var (w, b) = ($"{name}.{i}.weight", $"{name}.{i}.bias");
                var spread = Math.Sqrt(6.0 / inputs);
                var weights = Enumerable.Range(0, inputs * widths[i]).Select(_ => (float)(spread * Next())).ToArray();
                Tensor(w, TensorData.From(weights, widths[i], inputs));
                Tensor(b, TensorData.From(new float[widths[i]], widths[i]));
                var ends = i == widths.Length - 1;
                var output = ends ? last : $"{name}.{i}";
                Node("Gemm", [input, w, b], output, ("transB", 1L));
                if (!ends)
                    Node("Relu", [output], input = $"{output}.relu");
                inputs = widths[i];
            }
        }

        public OnnxModel Model()
        {
            proto.Graph.Output.Add(ValueInfos.Tensor("logit", DataType.Float, "batch", 1L));
            return new OnnxModel(proto, folder);
        }

        private void External(string name, int rows, int width)
        {
            var path = Path.Combine(folder, name + ".bin");
            if (!File.Exists(path) || new FileInfo(path).Length != 4L * rows * width)
                Write(path, (long)rows * width);
            var tensor = new TensorProto
            {
                Name = name,
                DataType = (int)DataType.Float,
                DataLocation = TensorProto.Types.DataLocation.External,
            };
            tensor.Dims.AddRange([rows, width]);
            tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = name + ".bin" });
            proto.Graph.Initializer.Add(tensor);
        }

        private void Write(string path, long count)
        {
            using var file = File.Create(path);
            var block = new float[1 << 16];
            for (var done = 0L; done < count; done += block.Length)
            {
                var part = block.AsSpan(0, (int)Math.Min(block.Length, count - done));
                for (var i = 0; i < part.Length; i++)
                    part[i] = (float)(0.1 * Next());
                file.Write(System.Runtime.InteropServices.MemoryMarshal.AsBytes(part));
            }
        }

        // In [−1, 1); a linear congruence (Knuth's MMIX) is random enough for weights that are only timed.
        private double Next()
        {
            state = unchecked(state * 6364136223846793005 + 1442695040888963407);
            return (state >> 11) * (2.0 / (1UL << 53)) - 1;
        }
    }
}
