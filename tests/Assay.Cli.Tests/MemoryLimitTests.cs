using System.Diagnostics;
using Assay.Onnx;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Cli.Tests;

/// <summary>Models that ask for more memory than there is are refused in one line.</summary>
public sealed class MemoryLimitTests : IDisposable
{
    private readonly Workspace work = new();

    public void Dispose() => work.Dispose();

    [Fact]
    public void A_model_that_does_not_fit_into_memory()
    {
        var weights = TensorData.From(new float[24 << 20], 24 << 20, 1);
        var path = work.Model(
            "large.onnx",
            new SmallModel()
                .Input("x", DataType.Float, "batch", 24L << 20)
                .Tensor("w", weights)
                .Node("MatMul x w -> y")
                .Output("y", DataType.Float, "batch", 1L)
        );
        // The limit holds for a whole process: .NET's own, set as anyone can who runs the command.
        var command = Path.Combine(AppContext.BaseDirectory, "assay.dll");
        using var child = Process.Start(
            new ProcessStartInfo("dotnet", [command, "inspect", path])
            {
                Environment = { ["DOTNET_GCHeapHardLimit"] = "0x4000000" },
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var error = child.StandardError.ReadToEnd();
        child.WaitForExit();
        error.TrimEnd('\n').ShouldNotContain('\n');
        error.ShouldMatch("it would take more than .* to read|does not fit into the memory at hand");
        child.ExitCode.ShouldBe(3);
    }

    [Fact]
    public void A_row_with_millions_of_values_in_one_place()
    {
        var path = work.Model(
            "wide.onnx",
            new SmallModel()
                .Input("x", DataType.Float, "batch", 1L)
                .Tensor("times", TensorData.Int64s(1, 3 << 20))
                .Tensor("axis", TensorData.Int64s(1))
                .Node("Tile x times -> wide")
                .Node("ReduceSum wide axis -> y", ("keepdims", 0L))
                .Output("y", DataType.Float, "batch")
        );
        var rows = work.Text("rows.json", """{"x": [[1]]}""");
        Workspace
            .Run("explain", path, "--tensors", rows, "--method", "saliency")
            .ShouldFail(3)
            .ShouldContain("features can be followed through at most 1048576");
    }
}
