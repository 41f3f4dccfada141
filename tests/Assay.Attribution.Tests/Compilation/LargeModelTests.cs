using Assay.Attribution.Compilation;
using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Tests;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Attribution.Tests.Compilation;

/// <summary>Where the tensors of a compiled model go: into the file, or beside it where they would be too many.</summary>
public sealed class LargeModelTests : IDisposable
{
    private const int Rows = 1000;
    private readonly string folder = Directory.CreateTempSubdirectory("assay-large-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory, InlineData(true), InlineData(false)]
    public void A_table_beside_the_model_comes_along(bool single)
    {
        var compiled = ModelCompiler.Explain(
            External(),
            [new("id", [new("id", 0)])],
            new ExplainSettings { Method = "gradient-times-input" },
            new CompileOptions()
        );
        var path = Path.Combine(
            Directory.CreateDirectory(Path.Combine(folder, "elsewhere")).FullName,
            "explained.onnx"
        );
        // A file that is there already is replaced.
        File.WriteAllText(path, "old");
        var data = ModelFile.Write(compiled, path, single ? ModelFile.LargestSingle : 1000);
        data.ShouldBe(single ? null : path + ".data");
        Directory
            .GetFiles(Path.GetDirectoryName(path)!)
            .Select(Path.GetFileName)
            .Order()
            .ShouldBe(single ? ["explained.onnx"] : ["explained.onnx", "explained.onnx.data"]);
        if (!single)
            new FileInfo(path).Length.ShouldBeLessThan(Rows * 4);
        using var bare = new BareRun(path);
        var ids = TensorData.Int64s(7, 999).Reshape(2, 1);
        // score = Σ of the row looked up: each row of the table holds its number four times.
        var result = bare.Run(new Dictionary<string, TensorData> { ["id"] = ids });
        result["score"].ToDoubles().ShouldBe([28, 3996]);
        result[ModelCompiler.Attributions].ToDoubles().ShouldBe([28, 3996]);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_named_and_nothing_remains()
    {
        var path = Path.Combine(folder, "none", "explained.onnx");
        var error = Should.Throw<AssayException>(() => ModelFile.Write(External(), path));
        error.Fault.ShouldBe(Fault.Failed);
        error.Message.ShouldStartWith($"Cannot write '{path}'");
        Directory.GetFiles(folder, "*.partial", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    private OnnxModel External()
    {
        var values = Enumerable.Range(0, Rows * 4).Select(i => (float)(i / 4)).ToArray();
        var table = TensorData.From(values, Rows, 4);
        File.WriteAllBytes(Path.Combine(folder, "table.bin"), table.Bytes());
        var small = new SmallModel()
            .Input("id", DataType.Int64, "batch", 1)
            .Tensor("table", table)
            .Tensor("axes", TensorData.Int64s(1, 2))
            .Node("Gather table id -> looked")
            .Node("ReduceSum looked axes -> score", ("keepdims", 0L))
            .Output("score", DataType.Float, "batch");
        var proto = small.Proto.Graph.Initializer[0];
        proto.ClearRawData();
        proto.DataLocation = TensorProto.Types.DataLocation.External;
        proto.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "table.bin" });
        var path = Path.Combine(folder, "model.onnx");
        new OnnxModel(small.Proto, folder).Save(path);
        return OnnxModel.Load(path);
    }
}
