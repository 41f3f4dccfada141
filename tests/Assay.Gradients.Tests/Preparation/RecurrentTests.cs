using Assay.Gradients.Preparation;
using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;
using Assay.Statistics;
using Assay.Tests;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Gradients.Tests;

/// <summary>Recurrent layers written out compute what ONNX Runtime's own kernels do, and can be differentiated.</summary>
public class RecurrentTests
{
    private const int Steps = 4,
        Batch = 3,
        Width = 2,
        Hidden = 3;

    private static readonly Dictionary<string, long> Gates = new()
    {
        ["RNN"] = 1,
        ["GRU"] = 3,
        ["LSTM"] = 4,
    };

    public static MatrixTheoryData<string, string, bool> Layers =>
        new(["RNN", "GRU", "LSTM"], ["forward", "reverse", "bidirectional"], [true, false]);

    [Theory]
    [MemberData(nameof(Layers))]
    public void Written_out_it_computes_the_same(string op, string direction, bool plain) =>
        ShouldAgree(Layer(op, direction, plain ? "" : "bias state"));

    [Theory]
    [InlineData("GRU", "bias state reset")]
    [InlineData("GRU", "reset")]
    [InlineData("GRU", "lengths bias")]
    [InlineData("LSTM", "bias state lengths")]
    [InlineData("LSTM", "bias state peepholes")]
    [InlineData("LSTM", "forget")]
    [InlineData("RNN", "bias lengths relu")]
    public void So_it_does_in_its_other_forms(string op, string form) => ShouldAgree(Layer(op, "bidirectional", form));

    [Theory]
    [InlineData("RNN", "bias state")]
    [InlineData("GRU", "bias state")]
    [InlineData("GRU", "bias state reset")]
    [InlineData("LSTM", "bias state peepholes")]
    [InlineData("LSTM", "bias lengths")]
    public void Its_gradient_agrees_with_finite_differences(string op, string form)
    {
        var (model, shapes) = ModelPreparation.Prepare(Layer(op, "bidirectional", form).Load());
        var exact = Precision.ToDouble(model);
        var feeds = Feeds(form).ToDictionary(f => f.Key, f => Wide(f.Value));
        var wrt = feeds.Keys.Where(k => k != "lengths").ToArray();
        var problem = new Problem(exact, ["y", "last"], wrt, feeds).Summed();
        var expected = FiniteDifferences.Gradient(problem, wrt);
        var actual = problem.Gradient(ShapeProbe.Measure(problem.Model, feeds)).Run();
        for (var i = 0; i < wrt.Length; i++)
            FiniteDifferences.Error(expected[i], actual[i].ToDoubles()).ShouldBeLessThan(CaseCheck.FirstOrder, wrt[i]);
    }

    [Fact]
    public void A_length_that_is_not_known_is_refused()
    {
        var small = Layer("GRU", "forward", "", "steps");
        var (model, shapes) = ModelPreparation.Prepare(small.Load());
        var error = Should.Throw<AssayException>(() => ReverseMode.Differentiate(model, "y", ["x"], shapes));
        error.Message.ShouldStartWith("No gradient through GRU 'n_y' (output");
        error.Message.ShouldContain("only layers over a known number of steps");
        error.Message.ShouldNotContain("\n");
    }

    private static TensorData Wide(TensorData value) =>
        value.Type == DataType.Float ? value.Cast(DataType.Double) : value;

    private static void ShouldAgree(SmallModel small)
    {
        var model = small.Load();
        var (prepared, _) = ModelPreparation.Prepare(model);
        prepared.Graph.Nodes.ShouldAllBe(n => !Gates.ContainsKey(n.OpType));
        ModelVerifier.Check(prepared).ShouldBeEmpty();
        var feeds = Feeds(string.Join(' ', model.Graph.Inputs.Select(i => i.Name)));
        using var expected = Session.Open(model);
        using var actual = Session.Open(prepared);
        var (left, right) = (expected.Run(feeds), actual.Run(feeds));
        foreach (var (name, value) in left)
        {
            right[name].Dims.ShouldBe(value.Dims);
            foreach (var (a, b) in right[name].ToDoubles().Zip(value.ToDoubles()))
                a.ShouldBe(b, 1e-6, name);
        }
    }

    private static SmallModel Layer(string op, string direction, string form, object? steps = null)
    {
        var directions = direction == "bidirectional" ? 2L : 1;
        var gates = Gates[op] * Hidden;
        var small = new SmallModel()
            .Input("x", DataType.Float, steps ?? (long)Steps, "batch", (long)Width)
            .Tensor("w", Draw("w", directions, gates, Width))
            .Tensor("r", Draw("r", directions, gates, Hidden));
        bool Has(string what) => form.Contains(what, StringComparison.Ordinal);
        string Optional(string what, string name, params long[] dims)
        {
            if (!Has(what))
                return "_";
            small.Tensor(name, Draw(name, dims));
            return name;
        }
        var bias = Optional("bias", "b", directions, 2 * gates);
        if (Has("lengths"))
            small.Input("lengths", DataType.Int32, "batch");
        var state = Optional("state", "h", directions, Batch, Hidden);
        var inputs = $"x w r {bias} {(Has("lengths") ? "lengths" : "_")} {state}";
        if (op == "LSTM")
            inputs +=
                $" {Optional("state", "c", directions, Batch, Hidden)} {Optional("peepholes", "p", directions, 3 * Hidden)}";
        var attributes = new List<(string, object)> { ("hidden_size", (long)Hidden), ("direction", direction) };
        if (Has("reset"))
            attributes.Add(("linear_before_reset", 1L));
        if (Has("forget"))
            attributes.Add(("input_forget", 1L));
        small.Node($"{op} {inputs} -> y last{(op == "LSTM" ? " cell" : "")}", [.. attributes]);
        if (Has("relu"))
        {
            var activations = new AttributeProto
            {
                Name = "activations",
                Type = AttributeProto.Types.AttributeType.Strings,
            };
            for (var d = 0; d < directions; d++)
                activations.Strings.Add(Google.Protobuf.ByteString.CopyFromUtf8("Relu"));
            small.Proto.Graph.Node[^1].Attribute.Add(activations);
        }
        small.Returns("y").Returns("last");
        return op == "LSTM" ? small.Returns("cell") : small;
    }

    private static Dictionary<string, TensorData> Feeds(string form)
    {
        var feeds = new Dictionary<string, TensorData> { ["x"] = Draw("x", Steps, Batch, Width) };
        if (form.Contains("lengths", StringComparison.Ordinal))
            feeds["lengths"] = TensorData.From(new[] { 4, 1, 3 }, 3);
        return feeds;
    }

    private static TensorData Draw(string name, params long[] dims)
    {
        var random = new CounterRandom(CaseModel.Seed, name, 0);
        var count = (int)dims.Aggregate(1L, (a, b) => a * b);
        return TensorData.From(
            Enumerable.Range(0, count).Select(_ => (float)(2 * random.NextDouble() - 1)).ToArray(),
            dims
        );
    }
}
