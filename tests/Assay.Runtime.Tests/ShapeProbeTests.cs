using Assay.Onnx;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Runtime.Tests;

public class ShapeProbeTests
{
    private static string Shape(ShapeTable table, string value) => table.TryGet(value)?.ToString() ?? "none";

    [Fact]
    public void Symbols_statics_and_unknowns_are_told_apart()
    {
        var model = new SmallModel()
            .Input("ids", DataType.Int64, "batch", "length")
            .Input("dense", DataType.Float, "batch", 4)
            .Tensor("table", TensorData.From(new float[10], 5, 2))
            .Tensor("flat", TensorData.Int64s(-1, 2))
            .Tensor("axes", TensorData.Int64s(1))
            .Node("Gather table ids -> rows")
            .Node("ReduceSum rows axes -> bag", ("keepdims", 0L))
            .Node("Concat bag dense -> both", ("axis", 1L))
            .Node("Reshape rows flat -> flattened")
            .Node("Shape ids -> shape")
            .Node("Relu both -> y")
            .Output("y", DataType.Float, "batch", 6)
            .Load();
        var table = ShapeProbe.Measure(model);
        Shape(table, "ids").ShouldBe("int64 [batch, length]");
        Shape(table, "rows").ShouldBe("float32 [batch, length, 2]");
        Shape(table, "bag").ShouldBe("float32 [batch, 2]");
        Shape(table, "both").ShouldBe("float32 [batch, 6]");
        Shape(table, "flattened").ShouldBe("float32 [?, 2]");
        Shape(table, "shape").ShouldBe("int64 [2]");
        Shape(table, "table").ShouldBe("float32 [5, 2]");
        table.Rank("rows").ShouldBe(3);
        table.AllStatic("shape").ShouldBeTrue();
        table.AllStatic("rows").ShouldBeFalse();
        table.TryGet("nothing").ShouldBeNull();
    }

    [Fact]
    public void Leading_dimensions_without_or_with_differing_names_may_have_to_be_one()
    {
        var model = new SmallModel()
            .Input("a", DataType.Float, "n", 2)
            .Input("b", DataType.Float, "m", 2)
            .Input("c", DataType.Float, null, 2)
            .Node("Sum a b c -> y")
            .Output("y", DataType.Float, "n", 2)
            .Load();
        Shape(ShapeProbe.Measure(model), "y").ShouldBe("float32 [n, 2]");
    }

    [Fact]
    public void A_fixed_batch_is_static_throughout()
    {
        var model = new SmallModel()
            .Input("x", DataType.Float, 1, 3)
            .Node("Relu x -> y")
            .Output("y", DataType.Float, 1, 3)
            .Load();
        ShapeProbe.Measure(model).AllStatic("y").ShouldBeTrue();
    }

    [Fact]
    public void A_size_that_depends_on_the_data_is_unknown()
    {
        var model = new SmallModel()
            .Input("x", DataType.Float, "batch")
            .Tensor("table", TensorData.From(new float[6], 2, 3))
            .Node("NonZero x -> found")
            .Node("Gather table found -> rows")
            .Output("rows", DataType.Float, null, null, 3)
            .Load();
        var zeros = new Dictionary<string, TensorData> { ["x"] = TensorData.From(new float[2], 2) };
        Shape(ShapeProbe.Measure(model, zeros), "rows").ShouldBe("float32 [?, ?, 3]");
    }

    [Fact]
    public void A_graph_that_does_not_run_leaves_what_is_declared()
    {
        var model = new SmallModel()
            .Input("x", DataType.Float, "batch", 2)
            .Tensor("two", TensorData.Int64s(2, 2))
            .Node("Reshape x two -> y")
            .Output("y", DataType.Float, 2, 2)
            .Load();
        var table = ShapeProbe.Measure(model);
        Shape(table, "x").ShouldBe("float32 [batch, 2]");
        table.TryGet("y").ShouldBeNull();
    }

    [Fact]
    public void A_sample_is_tiled()
    {
        // Log of a half is fine, but a Gather at 0.5's place needs real ids: here only 4 and 5 are within the table.
        var model = new SmallModel()
            .Input("ids", DataType.Int64, "batch")
            .Tensor("offset", TensorData.From([-4L], 1))
            .Tensor("table", TensorData.From(new float[4], 2, 2))
            .Node("Add ids offset -> local")
            .Node("Gather table local -> rows")
            .Output("rows", DataType.Float, "batch", 2)
            .Load();
        ShapeProbe.Measure(model).TryGet("rows").ShouldBeNull();
        var sample = new Dictionary<string, TensorData> { ["ids"] = TensorData.Int64s(4, 5) };
        Shape(ShapeProbe.Measure(model, sample), "rows").ShouldBe("float32 [batch, 2]");
    }

    [Fact]
    public void Tiling_repeats_along_every_axis()
    {
        var tiled = Tiling.Tile(TensorData.From([1, 2, 3, 4], 2, 2), [3, 3]);
        tiled.Values.ShouldBe(new[] { 1, 2, 1, 3, 4, 3, 1, 2, 1 });
    }
}
