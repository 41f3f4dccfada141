using Assay.Gradients.Preparation;
using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;
using Assay.Tests;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Gradients.Tests;

/// <summary>Preprocessing of the domain ai.onnx.ml, written out, computes what ONNX Runtime's kernels do.</summary>
public class ClassicalOperatorTests
{
    private static readonly TensorData Numbers = TensorData.From([1f, float.NaN, 0, -2, 0, 3], 2, 3);
    private static readonly TensorData Codes = TensorData.From([3L, 5, 4, -9, 7, 100], 3, 2);

    [Fact]
    public void A_scaler() =>
        ShouldAgree("Scaler", Numbers, ("offset", new[] { 1f, 2, 3 }), ("scale", new[] { 0.5f, 1, 2 }));

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(0)]
    public void An_imputer(float replaced) =>
        ShouldAgree(
            "Imputer",
            Numbers,
            ("imputed_value_floats", new[] { 7f, 8, 9 }),
            ("replaced_value_float", replaced)
        );

    [Theory]
    [InlineData("L1")]
    [InlineData("L2")]
    public void A_normalizer(string norm) =>
        ShouldAgree("Normalizer", TensorData.From([1f, -2, 0, 0, 0, 0], 2, 3), ("norm", norm));

    [Fact]
    public void A_feature_vectorizer() => ShouldAgree("FeatureVectorizer", Numbers, ("inputdimensions", new[] { 3L }));

    [Fact]
    public void A_binarizer() =>
        ShouldAgree("Binarizer", TensorData.From([1f, -2, 0.5f, 0], 2, 2), ("threshold", 0.5f));

    [Fact]
    public void A_one_hot_encoder() => ShouldAgree("OneHotEncoder", Codes, ("cats_int64s", new[] { 5L, 3, 7 }));

    [Fact]
    public void A_label_encoder_to_codes() =>
        ShouldAgree("LabelEncoder", Codes, ("keys_int64s", new[] { 5L, 3, 7 }), ("values_int64s", new[] { 0L, 9, 2 }));

    [Fact]
    public void A_label_encoder_to_numbers() =>
        ShouldAgree(
            "LabelEncoder",
            Codes,
            ("keys_int64s", new[] { 5L, 3, 7 }),
            ("values_floats", new[] { 0.5f, 9, 2 }),
            ("default_float", -1f)
        );

    [Fact]
    public void Features_enter_behind_their_own()
    {
        var small = Classical()
            .Input("age", DataType.Float, "batch", 2L)
            .Input("country", DataType.Int64, "batch", 1L)
            .Tensor("w", TensorData.From(Enumerable.Range(0, 10).Select(i => i * 0.1f).ToArray(), 5, 2))
            .Node("Scaler age -> scaled", ("offset", new[] { 1f, 2 }), ("scale", new[] { 0.5f, 2 }))
            .Node("OneHotEncoder country -> hot", ("cats_int64s", new[] { 30L, 10, 20 }))
            .Node("Flatten hot -> flat")
            .Node("FeatureVectorizer scaled flat -> x", ("inputdimensions", new[] { 2L, 3 }))
            .Node("MatMul x w -> y")
            .Returns("y");
        Marked(small, "Scaler", "OneHotEncoder", "FeatureVectorizer");
        var (model, shapes) = ModelPreparation.Prepare(new OnnxModel(small.Proto));
        var points = AttributionPoints.Find(model, shapes, EntryPoint.Preprocessed);
        points.Count(p => p.Kind == PointKind.Lookup).ShouldBe(1);
        points.Single(p => p.Kind == PointKind.Lookup).Positions.ShouldBe([new InputElement("country", 0)]);
        var number = points.Single(p => p.Kind == PointKind.Numeric);
        number.Positions.ShouldBe([new InputElement("age", 0), new InputElement("age", 1)]);
        number.Value.ShouldNotBe("age");
        Differentiability.Check(model, shapes, "y", [.. points.Select(p => p.Value)]).ShouldBeEmpty();
    }

    public static TheoryData<string, string> Encoders =>
        new()
        {
            { "LabelEncoder", "codes" },
            { "LabelEncoder", "numbers" },
            { "CategoryMapper", "codes" },
            { "OneHotEncoder", "hot" },
        };

    // A string enters behind its encoder, as a lookup or a number.
    [Theory]
    [MemberData(nameof(Encoders))]
    public void Strings_enter_behind_their_encoder(string op, string what)
    {
        string[] cities = ["Paris", "Oslo"];
        (string, object)[] attributes = (op, what) switch
        {
            ("LabelEncoder", "codes") =>
            [
                ("keys_strings", cities),
                ("values_int64s", new[] { 1L, 2 }),
                ("default_int64", 0L),
            ],
            ("LabelEncoder", _) =>
            [
                ("keys_strings", cities),
                ("values_floats", new[] { 0.5f, 2 }),
                ("default_float", -1f),
            ],
            ("CategoryMapper", _) =>
            [
                ("cats_strings", cities),
                ("cats_int64s", new[] { 1L, 2 }),
                ("default_int64", 0L),
            ],
            _ => [("cats_strings", cities)],
        };
        var small = Classical()
            .Input("city", DataType.String, "batch", 1L)
            .Tensor("table", TensorData.From([0f, 1, 2, 3, 4, 5], 3, 2))
            .Tensor("w", TensorData.From([1f, 2], 2, 1))
            .Tensor("v", TensorData.From([3f], 1, 1))
            .Node($"{op} city -> encoded", attributes);
        small = what switch
        {
            "codes" => small.Node("Gather table encoded -> e").Node("Flatten e -> f").Node("MatMul f w -> y"),
            "numbers" => small.Node("MatMul encoded v -> y"),
            _ => small.Node("Flatten encoded -> f").Node("MatMul f w -> y"),
        };
        Marked(small.Returns("y"), op);
        var model = new OnnxModel(small.Proto);
        var (prepared, shapes) = ModelPreparation.Prepare(model);
        var feeds = new Dictionary<string, TensorData> { ["city"] = TensorData.From(["Oslo", "Paris", "Rome"], 3, 1) };
        using (var session = Session.Open(model))
        using (var written = Session.Open(prepared))
            written.Run(feeds)["y"].ShouldBeNear(session.Run(feeds)["y"].ToDoubles());
        var point = AttributionPoints.Find(prepared, shapes, EntryPoint.Raw).ShouldHaveSingleItem();
        point.Positions.ShouldBe([new InputElement("city", 0)]);
        point.Kind.ShouldBe(what == "numbers" ? PointKind.Numeric : PointKind.Lookup);
        Differentiability.Check(prepared, shapes, "y", [point.Value]).ShouldBeEmpty();
        Should.NotThrow(() => AttributionPoints.RequireFollowed(prepared, shapes, "y"));
    }

    private static SmallModel Classical()
    {
        var small = new SmallModel();
        small.Proto.OpsetImport.Add(new OperatorSetIdProto { Domain = "ai.onnx.ml", Version = 2 });
        return small;
    }

    private static void Marked(SmallModel small, params string[] operators)
    {
        foreach (var node in small.Proto.Graph.Node.Where(n => operators.Contains(n.OpType)))
            node.Domain = "ai.onnx.ml";
    }

    private static void ShouldAgree(string op, TensorData x, params (string, object)[] attributes)
    {
        var small = Classical().Input("x", x.Type, "batch", x.Dims[1]).Node($"{op} x -> y", attributes).Returns("y");
        Marked(small, op);
        var model = new OnnxModel(small.Proto);
        var (prepared, _) = ModelPreparation.Prepare(model);
        prepared.Graph.Nodes.ShouldAllBe(n => n.Domain == "");
        ModelVerifier.Check(prepared).ShouldBeEmpty();
        var feeds = new Dictionary<string, TensorData> { ["x"] = x };
        using var expected = Session.Open(model);
        using var actual = Session.Open(prepared);
        var (left, right) = (expected.Run(feeds)["y"], actual.Run(feeds)["y"]);
        right.Dims.ShouldBe(left.Dims);
        right.Type.ShouldBe(left.Type);
        foreach (var (a, b) in right.ToDoubles().Zip(left.ToDoubles()))
            (Math.Abs(a - b) < 1e-6 || (double.IsNaN(a) && double.IsNaN(b))).ShouldBeTrue($"{a}, {b}");
    }
}
