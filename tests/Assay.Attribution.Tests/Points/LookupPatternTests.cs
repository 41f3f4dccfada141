using Assay.Gradients;
using Assay.Onnx;
using Assay.Tests;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Attribution.Tests.Points;

/// <summary>
/// The ways exporters write a lookup. Every model computes logit = Σₖ wₖ·E[k, idₖ], so integrated gradients from the zero
/// baseline must give each id exactly wₖ·E[k, idₖ], whatever the pattern.
/// </summary>
public sealed class LookupPatternTests
{
    private const int Fields = 3,
        Vocabulary = 4,
        Width = 2;

    private static readonly float[] Table =
    [
        .. Enumerable.Range(0, Fields * Vocabulary * Width).Select(i => (i * 7 % 11 - 5) / 4f),
    ];
    private static readonly float[] Weights = [0.5f, -1, 2, 0.25f, -0.75f, 1.5f];
    private static readonly long[] Ids = [0, 1, 2, 3, 3, 0, 1, 2, 1, 2, 0, 3];

    [Fact]
    public void One_lookup_of_packed_ids_with_offsets() =>
        Check(
            Packed()
                .Tensor("offsets", TensorData.Int64s(0, Vocabulary, 2 * Vocabulary))
                .Node("Add ids offsets -> shifted")
                .Node("Gather table shifted -> looked")
                .Node("Flatten looked -> flat")
        );

    [Fact]
    public void Flattened_ids() =>
        Check(
            Packed()
                .Tensor("offsets", TensorData.Int64s(0, Vocabulary, 2 * Vocabulary))
                .Tensor("minus", TensorData.Int64s(-1))
                .Tensor("back", TensorData.Int64s(-1, Fields * Width))
                .Node("Add ids offsets -> shifted")
                .Node("Reshape shifted minus -> line")
                .Node("Gather table line -> looked")
                .Node("Reshape looked back -> flat")
        );

    [Fact]
    public void Transposed_ids() =>
        Check(
            Packed()
                .Tensor("offsets", TensorData.Int64s(0, Vocabulary, 2 * Vocabulary))
                .Node("Add ids offsets -> shifted")
                .Node("Transpose shifted -> columns", ("perm", new long[] { 1, 0 }))
                .Node("Gather table columns -> looked")
                .Node("Transpose looked -> rows", ("perm", new long[] { 1, 0, 2 }))
                .Node("Flatten rows -> flat")
        );

    [Fact]
    public void Split_ids() =>
        Check(
            PerField(
                Packed().Tensor("ones", TensorData.Int64s(1, 1, 1)).Node("Split ids ones -> id0 id1 id2", ("axis", 1L)),
                pick: false
            )
        );

    [Fact]
    public void Ids_picked_by_gather() =>
        Check(
            PerField(
                Packed()
                    .Tensor("zero", TensorData.Scalar(0L))
                    .Tensor("one", TensorData.Scalar(1L))
                    .Tensor("two", TensorData.Scalar(2L))
                    .Node("Gather ids zero -> id0", ("axis", 1L))
                    .Node("Gather ids one -> id1", ("axis", 1L))
                    .Node("Gather ids two -> id2", ("axis", 1L)),
                pick: true
            )
        );

    [Fact]
    public void Ids_picked_by_slice()
    {
        var model = Packed().Tensor("axis", TensorData.Int64s(1));
        for (var k = 0; k <= Fields; k++)
            model.Tensor($"at{k}", TensorData.Int64s(k));
        for (var k = 0; k < Fields; k++)
            model.Node($"Slice ids at{k} at{k + 1} axis -> id{k}");
        Check(PerField(model, pick: false));
    }

    [Fact]
    public void Ids_that_arrive_as_floats() =>
        Check(
            new SmallModel()
                .Input("ids", DataType.Float, "batch", Fields)
                .Tensor("table", TensorData.From(Table, Fields * Vocabulary, Width))
                .Tensor("offsets", TensorData.Int64s(0, Vocabulary, 2 * Vocabulary))
                .Node("Cast ids -> whole", ("to", 7L))
                .Node("Add whole offsets -> shifted")
                .Node("Gather table shifted -> looked")
                .Node("Flatten looked -> flat")
        );

    [Fact]
    public void One_hot_times_matrix() =>
        Check(
            Packed()
                .Tensor("offsets", TensorData.Int64s(0, Vocabulary, 2 * Vocabulary))
                .Tensor("depth", TensorData.Int64s(Fields * Vocabulary))
                .Tensor("values", TensorData.From<float>([0, 1], 2))
                .Node("Add ids offsets -> shifted")
                .Node("OneHot shifted depth values -> hot")
                .Node("MatMul hot table -> looked")
                .Node("Flatten looked -> flat")
        );

    [Fact]
    public void Two_lookups_of_one_id_both_count()
    {
        var model = Packed()
            .Tensor("offsets", TensorData.Int64s(0, Vocabulary, 2 * Vocabulary))
            .Tensor(
                "first",
                TensorData.From(
                    [.. Enumerable.Range(0, Fields * Vocabulary).Select(i => i / 8f)],
                    Fields * Vocabulary,
                    1
                )
            )
            .Node("Add ids offsets -> shifted")
            .Node("Gather first shifted -> order1")
            .Tensor("axes", TensorData.Int64s(1, 2))
            .Node("ReduceSum order1 axes -> linear", ("keepdims", 0L))
            .Node("Gather table shifted -> looked")
            .Node("Flatten looked -> flat");
        Check(model, (k, id) => (k * Vocabulary + id) / 8.0, "linear");
    }

    private static SmallModel Packed() =>
        new SmallModel()
            .Input("ids", DataType.Int64, "batch", Fields)
            .Tensor("table", TensorData.From(Table, Fields * Vocabulary, Width));

    // One table per field, each looked up by its own column; "pick": the column lost its axis.
    private static SmallModel PerField(SmallModel model, bool pick)
    {
        var size = Vocabulary * Width;
        for (var k = 0; k < Fields; k++)
            model
                .Tensor($"table{k}", TensorData.From(Table[(k * size)..((k + 1) * size)], Vocabulary, Width))
                .Node($"Gather table{k} id{k} -> looked{k}");
        if (pick)
            return model.Node("Concat looked0 looked1 looked2 -> flat", ("axis", 1L));
        return model.Node("Concat looked0 looked1 looked2 -> looked", ("axis", 1L)).Node("Flatten looked -> flat");
    }

    private static void Check(SmallModel model, Func<int, long, double>? extra = null, string? add = null)
    {
        model
            .Tensor("w", TensorData.From(Weights, Fields * Width))
            .Node("MatMul flat w -> " + (add is null ? "logit" : "deep"));
        if (add is not null)
            model.Node($"Add deep {add} -> logit");
        var loaded = model.Output("logit", DataType.Float, "batch").Load();
        var ids = TensorData.From(Ids, Ids.Length / Fields, Fields).Cast(loaded.Graph.Inputs.Single().ElementType());
        foreach (var method in new[] { "integrated-gradients", "gradient-times-input", "feature-ablation" })
        {
            using var explainer = Explainer.Open(
                loaded,
                FeatureSlot.FromInputs(loaded),
                new ExplainSettings { Method = method, Steps = 2 }
            );
            explainer.Features.ShouldBe(["ids[0]", "ids[1]", "ids[2]"]);
            var result = explainer.Explain(new Dictionary<string, TensorData> { ["ids"] = ids });
            for (var i = 0; i < Ids.Length; i++)
                result
                    .Attributions[i]
                    .ShouldBe(
                        Expected(i % Fields, Ids[i]) + (extra?.Invoke(i % Fields, Ids[i]) ?? 0),
                        1e-5,
                        $"{method} {i}"
                    );
        }
    }

    private static double Expected(int field, long id)
    {
        var sum = 0.0;
        for (var d = 0; d < Width; d++)
            sum += Table[((field * Vocabulary) + id) * Width + d] * Weights[field * Width + d];
        return sum;
    }
}
