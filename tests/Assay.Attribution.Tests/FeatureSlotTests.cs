using Assay.Gradients;
using Assay.Onnx;
using Assay.Tests;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Attribution.Tests;

/// <summary>The players of an explanation: features as the model has them, groups, and what cannot be one.</summary>
public sealed class FeatureSlotTests
{
    private static readonly IReadOnlyList<FeatureSlot> Slots =
    [
        new("a", [new("x", 0)]),
        new("b", [new("x", 1)]),
        new("c", [new("x", 2)]),
    ];

    [Fact]
    public void Without_a_dictionary_every_element_is_a_feature_and_a_single_one_has_the_inputs_name() =>
        FeatureSlot.FromInputs(Model()).Select(s => s.Name).ShouldBe(["x[0]", "x[1]", "x[2]", "y"]);

    [Fact]
    public void A_group_replaces_its_members()
    {
        var grouped = FeatureSlot.Grouped(Slots, Groups(("pair", ["c", "a"])));
        grouped.Select(s => s.Name).ShouldBe(["pair", "b"]);
        grouped[0].Elements.ShouldBe([new InputElement("x", 2), new InputElement("x", 0)]);
    }

    [Fact]
    public void A_group_gets_what_its_members_get_together_where_they_add()
    {
        // logit = x₀ + 2x₁ + 3x₂ + y
        var model = Model();
        var slots = FeatureSlot.Grouped(FeatureSlot.FromInputs(model), Groups(("pair", ["x[0]", "x[2]"])));
        var rows = new Dictionary<string, TensorData>
        {
            ["x"] = TensorData.From<float>([1, 10, 100], 1, 3),
            ["y"] = TensorData.From<float>([1000], 1, 1),
        };
        foreach (var method in new[] { "integrated-gradients", "feature-ablation" })
        {
            using var explainer = Explainer.Open(model, slots, new ExplainSettings { Method = method });
            explainer.Features.ShouldBe(["pair", "x[1]", "y"]);
            explainer.Explain(rows).Attributions.ShouldBe([301, 20, 1000], 1e-3, method);
        }
    }

    [Theory]
    [InlineData("'z', which is no feature", "z")]
    [InlineData("'a' twice", "a", "a")]
    [InlineData("no members")]
    public void A_group_that_makes_no_sense_is_refused(string because, params string[] members) =>
        Refused(because, ("g", members));

    [Fact]
    public void A_feature_in_two_groups_is_refused() => Refused("'g' and 'h'", ("g", ["a"]), ("h", ["a", "b"]));

    [Fact]
    public void A_group_with_the_name_of_a_feature_that_stays_is_refused()
    {
        Refused("both a group and a feature", ("b", ["a"]));
        FeatureSlot.Grouped(Slots, Groups(("b", ["a", "b"]))).Select(s => s.Name).ShouldBe(["b", "c"]);
    }

    [Theory]
    [InlineData("z", 0, "'z'")]
    [InlineData("x", 3, "x[3]")]
    [InlineData("x", -1, "x[-1]")]
    public void A_feature_outside_the_inputs_is_refused(string input, int element, string named)
    {
        var error = Should.Throw<AssayException>(() =>
            Explainer.Open(
                Model(),
                [new("a", [new InputElement(input, element)])],
                new ExplainSettings { Method = "feature-ablation" }
            )
        );
        error.Fault.ShouldBe(Fault.Input);
        error.Message.ShouldContain("'a'");
        error.Message.ShouldContain(named);
    }

    [Fact]
    public void Two_features_cannot_read_one_element() =>
        Should
            .Throw<AssayException>(() => FeatureSlot.Owners([.. Slots, new("d", [new("x", 1)])]))
            .Message.ShouldContain("'b' and 'd' both read x[1]");

    private static OnnxModel Model() =>
        new SmallModel()
            .Input("x", DataType.Float, "batch", 3)
            .Input("y", DataType.Float, "batch", 1)
            .Tensor("w", TensorData.From<float>([1, 2, 3], 3, 1))
            .Node("MatMul x w -> s")
            .Node("Add s y -> logit")
            .Output("logit", DataType.Float, "batch", 1)
            .Load();

    private static void Refused(string because, params (string Name, string[] Members)[] groups)
    {
        var error = Should.Throw<AssayException>(() => FeatureSlot.Grouped(Slots, Groups(groups)));
        error.Fault.ShouldBe(Fault.Usage);
        error.Message.ShouldContain(because);
    }

    private static Dictionary<string, IReadOnlyList<string>> Groups(params (string Name, string[] Members)[] groups) =>
        groups.ToDictionary(g => g.Name, g => (IReadOnlyList<string>)g.Members);
}
