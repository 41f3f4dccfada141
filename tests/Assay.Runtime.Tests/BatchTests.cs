using Assay.Onnx;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Runtime.Tests;

public class BatchTests
{
    [Fact]
    public void A_free_batch_is_a_multiple_of_eight()
    {
        using var session = Session.Open(Affine("batch"));
        BatchPlan.For(session).Rows.ShouldBe(256);
        BatchPlan.For(session, rows: 100).Rows.ShouldBe(104);
        var plan = BatchPlan.For(session, rows: 16);
        (plan.Batches(33), plan.Range(2, 33), plan.Padded(1)).ShouldBe((3, (32, 33), 8));
    }

    [Fact]
    public void A_fixed_batch_is_kept()
    {
        using var session = Session.Open(Affine(1));
        var plan = BatchPlan.For(session);
        (plan.Rows, plan.IsFixed, plan.Padded(1)).ShouldBe((1, true, 1));
    }

    [Fact]
    public void Inputs_that_cannot_be_batched_are_refused()
    {
        var model = new SmallModel()
            .Input("user", DataType.Float, 1, 2)
            .Input("items", DataType.Float, 40, 2)
            .Node("Add user items -> y")
            .Output("y", DataType.Float, 40, 2)
            .Load();
        using var session = Session.Open(model);
        Should
            .Throw<AssayException>(() => BatchPlan.For(session))
            .Message.ShouldBe(
                "Inputs 'user' [1, 2] and 'items' [40, 2] declare different batch sizes; rows cannot be batched."
            );
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(null)]
    public void Every_row_gets_its_own_result_whatever_the_batch(int? fixedBatch)
    {
        using var session = Session.Open(Affine(fixedBatch is { } b ? b : "batch"));
        var runner = new BatchRunner(session, BatchPlan.For(session, rows: 8));
        foreach (var rows in new[] { 1, 7, 8, 20, 7 })
        {
            var feeds = new Dictionary<string, TensorData>
            {
                ["x"] = TensorData.From(Enumerable.Range(0, rows * 3).Select(i => (float)i).ToArray(), rows, 3),
            };
            var y = runner.Run(feeds)["y"];
            y.Dims.ShouldBe([rows, 2]);
            // Row i holds 3i, 3i+1, 3i+2; the weights pick the first, and the sum.
            for (var i = 0; i < rows; i++)
                (y.Span<float>()[2 * i], y.Span<float>()[2 * i + 1]).ShouldBe((3f * i, 9f * i + 3));
        }
    }

    [Fact]
    public void Rows_are_padded_with_the_last_and_buffers_used_again()
    {
        var batch = new RowBatch();
        var rows = new Dictionary<string, TensorData>
        {
            ["a"] = TensorData.From([0, 1, 2, 3, 4, 5], 3, 2),
            ["s"] = TensorData.From(["x", "y", "z"], 3),
        };
        var first = batch.Take(rows, 0, 2, 4);
        first["a"].Values.ShouldBe(new[] { 0, 1, 2, 3, 2, 3, 2, 3 });
        first["s"].Values.ShouldBe(new[] { "x", "y", "y", "y" });
        var buffer = first["a"];
        var second = batch.Take(rows, [2, 0], 4);
        second["a"].ShouldBeSameAs(buffer);
        second["a"].Values.ShouldBe(new[] { 4, 5, 0, 1, 0, 1, 0, 1 });
        Should.Throw<ArgumentException>(() => batch.Take(rows, 2, 4, 4));
    }

    [Fact]
    public void An_output_that_does_not_count_rows_is_refused()
    {
        var model = new SmallModel()
            .Input("x", DataType.Float, "batch", 3)
            .Node("ReduceMean x -> y", ("keepdims", 0L))
            .Output("y", DataType.Float)
            .Load();
        using var session = Session.Open(model);
        var feeds = new Dictionary<string, TensorData> { ["x"] = TensorData.From(new float[3], 1, 3) };
        Should
            .Throw<AssayException>(() => new BatchRunner(session).Run(feeds))
            .Message.ShouldBe("Output 'y' is [] for 8 rows; its first dimension must count rows.");
    }

    public static TheoryData<string> Models => RealCase.Models;

    [Theory]
    [MemberData(nameof(Models))]
    public void A_rows_bits_do_not_depend_on_its_place_or_company(string name)
    {
        var model = OnnxModel.Load(RealCase.Model(name));
        using var session = Session.Open(model);
        var feeds = RealModelTests.Varied(model, 301);
        var whole = new BatchRunner(session, BatchPlan.For(session, rows: 304)).Run(feeds);
        foreach (var rows in new[] { 8, 24, 136, 256 })
        {
            var parts = new BatchRunner(session, BatchPlan.For(session, rows: rows)).Run(feeds);
            foreach (var (output, tensor) in parts)
                tensor.Bytes().SequenceEqual(whole[output].Bytes()).ShouldBeTrue($"{output} in batches of {rows}");
        }
        var results = new IReadOnlyDictionary<string, TensorData>[2];
        Parallel.For(0, 2, i => results[i] = new BatchRunner(session).Run(feeds));
        foreach (var result in results)
        foreach (var (output, tensor) in result)
            tensor.Bytes().SequenceEqual(whole[output].Bytes()).ShouldBeTrue($"{output} with two callers");
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Threads_within_operators_change_no_bit(string name)
    {
        var model = OnnxModel.Load(RealCase.Model(name));
        using var one = Session.Open(model);
        using var two = Session.Open(model, new SessionSettings { Threads = 2 });
        var feeds = RealModelTests.Varied(model, 1024);
        var expected = one.Run(feeds);
        foreach (var (output, tensor) in two.Run(feeds))
            tensor.Bytes().SequenceEqual(expected[output].Bytes()).ShouldBeTrue(output);
    }

    private static OnnxModel Affine(object batch) =>
        new SmallModel()
            .Input("x", DataType.Float, batch, 3)
            .Tensor("w", TensorData.From([1f, 1, 0, 1, 0, 1], 3, 2))
            .Node("Gemm x w -> z")
            .Node("Relu z -> y")
            .Output("y", DataType.Float, batch, 2)
            .Load();
}
