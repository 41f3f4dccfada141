using Assay.Gradients.Points;
using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;

namespace Assay.Gradients;

/// <summary>Finds the values at which features enter the differentiable part of a model.</summary>
public static class AttributionPoints
{
    /// <summary>
    /// The points of a prepared model: for ids what each lookup returns (all lookups of an id count), for numbers the
    /// input or the end of its own preprocessing.
    /// </summary>
    /// <param name="model">A model from <see cref="Preparation.ModelPreparation"/>.</param>
    /// <param name="shapes">Its measured shapes.</param>
    /// <param name="numbers">Where numeric features enter.</param>
    public static IReadOnlyList<AttributionPoint> Find(OnnxModel model, ShapeTable shapes, EntryPoint numbers)
    {
        var region = LabelledRegion.Find(model, shapes);
        var lookups = new Lookups(model.Graph, shapes, region).Find();
        var entries = new Numbers(model.Graph, shapes, region);
        return [.. lookups, .. numbers == EntryPoint.Raw ? entries.Raw() : entries.Preprocessed()];
    }

    /// <summary>
    /// Throws an input error where an input has rows of its own number, as the ids of bags of unequal length have that
    /// lie behind one another: no method can tell then which of them belong to a row.
    /// </summary>
    /// <param name="model">A model from <see cref="Preparation.ModelPreparation"/>.</param>
    /// <param name="shapes">Its measured shapes.</param>
    /// <param name="target">The value explained.</param>
    /// <exception cref="AssayException">Names the input and says how to export the model.</exception>
    public static void RequireOneBatch(OnnxModel model, ShapeTable shapes, string target)
    {
        if (shapes.TryGet(target)?.Dims is not [{ Symbol: { } rows }, ..])
            return;
        foreach (var input in model.Graph.Inputs)
            if (shapes.TryGet(input.Name)?.Dims is [{ Symbol: { } own }, ..] && own != rows)
                throw AssayException.Input(
                    $"Input '{input.Name}' {input.ShapeText()} has '{own}' rows where what is explained has '{rows}': bags of unequal length behind one another, "
                        + "of which no method knows whose they are. Export the model with ids [batch, length], shorter bags filled with padding."
                );
    }

    /// <summary>
    /// Throws an input error where an id reaches a table, a loop or a number on the way to <paramref name="target"/> in a
    /// way that <see cref="Find"/> does not follow: the id's attributions would silently lack that part.
    /// </summary>
    /// <param name="model">A model from <see cref="Preparation.ModelPreparation"/>.</param>
    /// <param name="shapes">Its measured shapes.</param>
    /// <param name="target">The value explained.</param>
    /// <exception cref="AssayException">Names the input element, the node and the methods that still work.</exception>
    public static void RequireFollowed(OnnxModel model, ShapeTable shapes, string target) =>
        new Escapes(model.Graph, shapes, LabelledRegion.Find(model, shapes), target).Check();
}
