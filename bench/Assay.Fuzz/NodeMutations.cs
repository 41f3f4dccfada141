using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Statistics;
using Google.Protobuf;
using static Assay.Fuzz.Choices;
using AttributeType = Assay.Onnx.Wire.AttributeProto.Types.AttributeType;

namespace Assay.Fuzz;

/// <summary>Damage to nodes: their operators, attributes, operands, names and order.</summary>
internal static class NodeMutations
{
    public static void DropNode(ModelProto model, CounterRandom random)
    {
        var graph = Graph(model, random);
        if (graph.Node.Count > 0)
            graph.Node.RemoveAt(random.NextInt(graph.Node.Count));
    }

    public static void DuplicateNode(ModelProto model, CounterRandom random)
    {
        var graph = Graph(model, random);
        if (Pick(graph.Node, random)?.Clone() is not { } copy)
            return;
        if (random.NextBool(0.5))
            for (var i = 0; i < copy.Output.Count; i++)
                copy.Output[i] += "_copy";
        graph.Node.Insert(random.NextInt(graph.Node.Count + 1), copy);
    }

    public static void RenameValue(ModelProto model, CounterRandom random)
    {
        if (Node(model, random) is { Output.Count: > 0 } node)
            node.Output[random.NextInt(node.Output.Count)] = random.NextBool(0.3) ? "" : Value(model, random);
    }

    public static void ChangeAttribute(ModelProto model, CounterRandom random)
    {
        if (Node(model, random) is not { } node)
            return;
        if (Pick(node.Attribute, random) is not { } attribute)
        {
            string[] names = ["axis", "axes", "keepdims", "to", "perm", "value", "alpha", "equation", "transA"];
            node.Set(
                names[random.NextInt(names.Length)],
                random.NextBool(0.5) ? Size(random) : (object)new[] { Size(random), 1 }
            );
            return;
        }
        switch (random.NextInt(8))
        {
            case 0:
                node.Attribute.Remove(attribute);
                break;
            case 1:
                attribute.Type = (AttributeType)random.NextInt(16);
                break;
            case 2:
                attribute.F = random.NextBool(0.5) ? float.NaN : 1e30f;
                break;
            case 3:
                attribute.Ints.Add(Size(random));
                break;
            case 4:
                attribute.S = ByteString.CopyFromUtf8(new string('i', random.NextInt(100)) + ",->...j\0\uFFFD");
                break;
            case 5:
                attribute.Name = "axis";
                break;
            case 6 when attribute.T is { } tensor:
                TensorMutations.Damage(tensor, random);
                break;
            default:
                attribute.I = Size(random);
                if (attribute.Ints.Count > 0)
                    attribute.Ints[random.NextInt(attribute.Ints.Count)] = Size(random);
                break;
        }
    }

    public static void ChangeOperator(ModelProto model, CounterRandom random)
    {
        if (Node(model, random) is not { } node)
            return;
        node.OpType = Operators[random.NextInt(Operators.Length)];
        if (random.NextBool(0.1))
            node.Domain = random.NextBool(0.5) ? "ai.onnx.ml" : "com.microsoft";
    }

    public static void Rewire(ModelProto model, CounterRandom random)
    {
        if (Node(model, random) is { Input.Count: > 0 } node)
            node.Input[random.NextInt(node.Input.Count)] = Value(model, random);
    }

    public static void DropOperand(ModelProto model, CounterRandom random)
    {
        if (Node(model, random) is not { } node)
            return;
        if (node.Input.Count > 0 && random.NextBool(0.7))
            node.Input.RemoveAt(random.NextInt(node.Input.Count));
        else if (random.NextBool(0.5))
            node.Input.Add(Value(model, random));
        else if (node.Output.Count > 0)
            node.Output.RemoveAt(random.NextInt(node.Output.Count));
    }

    public static void SwapNodes(ModelProto model, CounterRandom random)
    {
        var nodes = model.Graph.Node;
        if (nodes.Count < 2)
            return;
        var (a, b) = (random.NextInt(nodes.Count), random.NextInt(nodes.Count));
        (nodes[a], nodes[b]) = (nodes[b], nodes[a]);
    }

    public static void LongName(ModelProto model, CounterRandom random)
    {
        var name =
            new string((char)('a' + random.NextInt(3)), 1 << random.NextInt(18))
            + (random.NextBool(0.3) ? "\0\n\u001b[31m" : "");
        if (Node(model, random) is not { } node)
            return;
        if (random.NextBool(0.5) || node.Output.Count == 0)
            node.Name = name;
        else
            new OnnxModel(model).Graph.ReplaceUses(node.Output[0], node.Output[0] = name);
    }
}
