using Assay.Onnx.Wire;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Onnx.Tests;

public sealed class ExternalDataTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("assay-test-").FullName;
    private readonly string folder;

    public ExternalDataTests() => folder = Directory.CreateDirectory(Path.Combine(root, "model")).FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    private OnnxModel Load(string location, long? offset = null, long? length = null, int count = 2)
    {
        var small = new SmallModel()
            .Input("x", DataType.Float, count)
            .Tensor("w", TensorData.From(new float[count], count))
            .Node("Add x w -> y")
            .Output("y", DataType.Float, count);
        var w = small.Proto.Graph.Initializer[0];
        w.ClearRawData();
        w.DataLocation = TensorProto.Types.DataLocation.External;
        Entry("location", location);
        Entry("offset", offset?.ToString());
        Entry("length", length?.ToString());
        var path = Path.Combine(folder, "m.onnx");
        new OnnxModel(small.Proto, folder).Save(path);
        return OnnxModel.Load(path);

        void Entry(string key, string? value)
        {
            if (value is not null)
                w.ExternalData.Add(new StringStringEntryProto { Key = key, Value = value });
        }
    }

    private void Write(string name, params float[] values)
    {
        var path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, TensorData.From(values, values.Length).Bytes());
    }

    private static float[] Read(OnnxModel model) => (float[])model.Graph.Constant("w")!.Values;

    [Fact]
    public void Slices_whole_files_and_subfolders_are_read()
    {
        Write("w.bin", 1, 2, 3, 4);
        Read(Load("w.bin", 4, 8)).ShouldBe([2, 3]);
        Read(Load("w.bin", 8)).ShouldBe([3, 4]);
        Read(Load("w.bin", count: 4)).ShouldBe([1, 2, 3, 4]);
        Write("deep/er/w.bin", 8, 9);
        Read(Load("deep/er/../er/w.bin")).ShouldBe([8, 9]);
    }

    [Fact]
    public void A_link_within_the_folder_is_followed()
    {
        Write("w.bin", 1, 2);
        File.CreateSymbolicLink(Path.Combine(folder, "link.bin"), "w.bin");
        Read(Load("link.bin")).ShouldBe([1, 2]);
    }

    [Theory]
    [InlineData("../secret.bin")]
    [InlineData("a/../../secret.bin")]
    [InlineData("/etc/passwd")]
    [InlineData("link.bin")]
    [InlineData("links/secret.bin")]
    [InlineData("x\0y")]
    public void Nothing_outside_the_folder_is_touched(string location)
    {
        File.WriteAllBytes(Path.Combine(root, "secret.bin"), new byte[8]);
        File.CreateSymbolicLink(Path.Combine(folder, "link.bin"), Path.Combine(root, "secret.bin"));
        Directory.CreateSymbolicLink(Path.Combine(folder, "links"), root);
        var error = Should.Throw<AssayException>(() => Load(location));
        error.Fault.ShouldBe(Fault.Input);
        error.Message.ShouldEndWith(
            $"External data of tensor 'w' is in '{location.Replace("\0", "\\u0000")}', outside the model's folder; external data must lie beside the model."
        );
    }

    [Fact]
    public void Missing_and_short_files_are_named()
    {
        Should
            .Throw<AssayException>(() => Load("gone.bin"))
            .Message.ShouldEndWith("which is not in the model's folder; put the file beside the model.");
        Write("w.bin", 1, 2, 3);
        Should
            .Throw<AssayException>(() => Load("w.bin", 8, 8))
            .Message.ShouldEndWith("needs bytes 8 to 16 of 'w.bin', which has 12.");
        Should
            .Throw<AssayException>(() => Load("w.bin", 0, 12))
            .Message.ShouldEndWith("Tensor 'w' has 12 bytes where its shape needs 8.");
        Should.Throw<AssayException>(() => Load("w.bin", -4, 8)).Message.ShouldContain("needs bytes -4 to 4");
        Should.Throw<AssayException>(() => Load("w.bin", long.MaxValue)).Message.ShouldContain("needs bytes");
    }

    [Fact]
    public void A_number_that_is_none_is_refused()
    {
        Write("w.bin", 1, 2);
        var proto = TensorData.From(new float[2], 2).ToProto("w");
        proto.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "w.bin" });
        proto.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = "four" });
        Should
            .Throw<AssayException>(() => ExternalData.Locate(proto, folder))
            .Message.ShouldBe("External data of tensor 'w' has 'four' where a number of bytes belongs.");
    }

    [Fact]
    public void A_model_that_came_as_bytes_has_no_external_data()
    {
        Write("w.bin", 1, 2);
        var bytes = Load("w.bin").ToBytes();
        Should.Throw<AssayException>(() => OnnxModel.Load(bytes)).Message.ShouldContain("was not read from a folder");
        Read(OnnxModel.Load(bytes, folder)).ShouldBe([1, 2]);
    }

    [Fact]
    public void A_slice_beyond_two_gigabytes_is_read_without_the_rest()
    {
        const long Offset = 5L << 30;
        using (var file = File.Create(Path.Combine(folder, "big.bin")))
        {
            // Sparse: the hole takes no space on disk.
            file.SetLength(Offset + 8);
            file.Position = Offset;
            file.Write(TensorData.From([3f, 5], 2).Bytes());
        }
        var before = GC.GetAllocatedBytesForCurrentThread();
        Read(Load("big.bin", Offset, 8)).ShouldBe([3, 5]);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(10 << 20);
    }

    [Fact]
    public void A_model_file_beyond_two_gigabytes_is_refused_unread()
    {
        var path = Path.Combine(folder, "huge.onnx");
        using (var file = File.Create(path))
            file.SetLength(3L << 30);
        Should.Throw<AssayException>(() => OnnxModel.Load(path)).Message.ShouldContain("larger than 2 GB");
    }

    [Fact]
    public void External_data_hidden_in_an_attribute_are_checked_too()
    {
        var small = new SmallModel()
            .Node("Constant -> y", ("value", TensorData.From([1f], 1)))
            .Output("y", DataType.Float, 1);
        var t = small.Proto.Graph.Node[0].Attribute[0].T;
        t.DataLocation = TensorProto.Types.DataLocation.External;
        t.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "../secret.bin" });
        var bytes = new OnnxModel(small.Proto).ToBytes();
        Should.Throw<AssayException>(() => OnnxModel.Load(bytes, folder)).Message.ShouldContain("outside the model's");
    }
}
