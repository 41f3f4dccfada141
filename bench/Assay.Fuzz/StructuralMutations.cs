using Assay.Onnx.Wire;
using Assay.Statistics;
using Google.Protobuf;

namespace Assay.Fuzz;

/// <summary>Damage to a model's structure: the file parses, what it says is wrong or absurd.</summary>
internal static class StructuralMutations
{
    private delegate void Mutation(ModelProto model, CounterRandom random);

    private static readonly Mutation[] All =
    [
        NodeMutations.DropNode,
        NodeMutations.DuplicateNode,
        NodeMutations.RenameValue,
        NodeMutations.ChangeAttribute,
        NodeMutations.ChangeAttribute,
        NodeMutations.ChangeOperator,
        NodeMutations.ChangeOperator,
        ModelMutations.ChangeInputDim,
        ModelMutations.ChangeInputDim,
        ModelMutations.ChangeInputType,
        NodeMutations.Rewire,
        NodeMutations.Rewire,
        NodeMutations.Rewire,
        TensorMutations.ResizeInitialiser,
        TensorMutations.RetypeInitialiser,
        TensorMutations.ChangeInitialiserValue,
        TensorMutations.ChangeInitialiserValue,
        TensorMutations.ChangeInitialiserValue,
        ModelMutations.Nest,
        NodeMutations.LongName,
        TensorMutations.DropInitialiser,
        ModelMutations.ChangeOpset,
        ModelMutations.DuplicateOutput,
        NodeMutations.DropOperand,
        TensorMutations.AddHuge,
        ModelMutations.Wrap,
        NodeMutations.SwapNodes,
        ModelMutations.AddFunction,
    ];

    // A long name of a value read in many copies of a node makes gigabytes. The mutator has to live on the memory of the mutated.
    private const int MaximumBytes = 1 << 24;

    /// <summary>The bytes of the model after one to four changes; the bytes as given if they are no model.</summary>
    public static byte[] Apply(byte[] bytes, CounterRandom random)
    {
        var model = ModelProto.Parser.ParseFrom(bytes);
        for (var n = 1 + random.NextInt(random.NextInt(4) + 1); n > 0; n--)
        {
            var before = model.Clone();
            All[random.NextInt(All.Length)](model, random);
            if (model.CalculateSize() > MaximumBytes)
                return before.ToByteArray();
        }
        return model.ToByteArray();
    }
}
