using Assay.Onnx;
using Assay.Runtime;

namespace Assay.Gradients.Tests;

/// <summary>Gradients of small models whose values are known on paper.</summary>
internal static class Calculus
{
    public static readonly TensorData X = TensorData.From([0.5, -1, 2], 3);

    /// <summary>The gradients' values; the graph that computes them is verified.</summary>
    public static Dictionary<string, TensorData> Gradients(
        this SmallModel small,
        string target,
        string[] wrt,
        Dictionary<string, TensorData> feeds,
        string? seed = null,
        bool measured = true
    )
    {
        if (small.Proto.Graph.Output.Count == 0)
            small.Proto.Graph.Output.Add(new Onnx.Wire.ValueInfoProto { Name = target });
        var model = small.Load();
        var shapes = measured ? ShapeProbe.Measure(model, feeds) : ShapeTable.Empty;
        var names = ReverseMode.Differentiate(model, target, wrt, shapes, seed);
        names.Values.ShouldBeUnique();
        foreach (var name in names.Values)
            model.Graph.AddOutput(new Onnx.Wire.ValueInfoProto { Name = name });
        ModelVerifier.Check(model).ShouldBeEmpty();
        using var session = Session.Open(model);
        var values = session.Run(feeds);
        return names.ToDictionary(n => n.Key, n => values[n.Value]);
    }

    /// <summary>The gradient with respect to a vector x.</summary>
    public static double[] OfX(this SmallModel small, TensorData x) =>
        small.Gradients("y", ["x"], new() { ["x"] = x })["x"].ToDoubles();

    /// <summary>The one-line error of a model that cannot be differentiated.</summary>
    public static string Refusal(this SmallModel small, params string[] wrt)
    {
        small.Proto.Graph.Output.Add(new Onnx.Wire.ValueInfoProto { Name = "y" });
        var model = small.Load();
        var shapes = ShapeProbe.Measure(model);
        var error = Should.Throw<AssayException>(() =>
            ReverseMode.Differentiate(model, "y", wrt.Length == 0 ? ["x"] : wrt, shapes)
        );
        error.Message.ShouldNotContain("\n");
        return error.Message;
    }

    public static void ShouldBeNear(this TensorData actual, params double[] expected) =>
        actual.ToDoubles().ShouldBeNear(expected);

    public static void ShouldBeNear(this double[] actual, params double[] expected)
    {
        actual.Length.ShouldBe(expected.Length);
        for (var i = 0; i < expected.Length; i++)
            actual[i].ShouldBe(expected[i], 1e-12);
    }
}
