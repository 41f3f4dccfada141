using Assay.Onnx.Wire;

namespace Assay.Onnx.Tests;

/// <summary>What the emitter shares.</summary>
public sealed class EmitterTests
{
    [Fact]
    public void Equal_constants_share_an_initialiser_and_only_equal_ones()
    {
        var emit = new Emitter(new Graph(new GraphProto()), 17, TensorProto.Types.DataType.Float);
        emit.Int64s(1, 2).ShouldBe(emit.Int64s(1, 2));
        emit.Int64s(1).ShouldNotBe(emit.Int64(1));
        emit.Scalar(0).ShouldNotBe(emit.Scalar(-0.0));
        // Both are 2⁶³ as doubles.
        emit.Int64s(long.MaxValue).ShouldNotBe(emit.Int64s(long.MaxValue - 1));
    }
}
