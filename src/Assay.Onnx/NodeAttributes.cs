using Assay.Onnx.Wire;
using Google.Protobuf;
using AttributeType = Assay.Onnx.Wire.AttributeProto.Types.AttributeType;

namespace Assay.Onnx;

/// <summary>Reading and writing a node's attributes, and describing a node in a message.</summary>
public static class NodeAttributes
{
    /// <summary>The attribute called <paramref name="name"/>, or null.</summary>
    public static AttributeProto? Attribute(this NodeProto node, string name)
    {
        foreach (var a in node.Attribute)
            if (a.Name == name)
                return a;
        return null;
    }

    /// <summary>An integer attribute, or <paramref name="missing"/>.</summary>
    public static long Int(this NodeProto node, string name, long missing) => node.Attribute(name)?.I ?? missing;

    /// <summary>A float attribute, or <paramref name="missing"/>.</summary>
    public static float Float(this NodeProto node, string name, float missing) => node.Attribute(name)?.F ?? missing;

    /// <summary>A string attribute, or <paramref name="missing"/>.</summary>
    public static string Text(this NodeProto node, string name, string missing) =>
        node.Attribute(name)?.S.ToStringUtf8() ?? missing;

    /// <summary>A list of integers, or null.</summary>
    public static long[]? Ints(this NodeProto node, string name) => node.Attribute(name)?.Ints.ToArray();

    /// <summary>Adds or replaces an attribute; the value is a long, float, string, long[], float[], tensor or graph.</summary>
    public static void Set(this NodeProto node, string name, object value)
    {
        for (var i = node.Attribute.Count - 1; i >= 0; i--)
            if (node.Attribute[i].Name == name)
                node.Attribute.RemoveAt(i);
        node.Attribute.Add(Make(name, value));
    }

    /// <summary>The input called by position, or the empty string where it is left out.</summary>
    public static string InputAt(this NodeProto node, int i) => i < node.Input.Count ? node.Input[i] : "";

    /// <summary>The subgraphs held by the node's attributes (branches, loop bodies).</summary>
    public static IEnumerable<GraphProto> Subgraphs(this NodeProto node) =>
        node.Attribute.Where(a => a.G is not null).Select(a => a.G).Concat(node.Attribute.SelectMany(a => a.Graphs));

    /// <summary>How an error names a node: operator, name and first output.</summary>
    public static string Describe(this NodeProto node)
    {
        var output = node.Output.FirstOrDefault(o => o.Length > 0) ?? "";
        var domain = string.IsNullOrEmpty(node.Domain) || node.Domain == "ai.onnx" ? "" : node.Domain + ".";
        return string.IsNullOrEmpty(node.Name)
            ? $"{domain}{node.OpType} (output '{output}')"
            : $"{domain}{node.OpType} '{node.Name}' (output '{output}')";
    }

    private static AttributeProto Make(string name, object value)
    {
        var a = new AttributeProto { Name = name };
        switch (value)
        {
            case long or int:
                a.Type = AttributeType.Int;
                a.I = Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture);
                break;
            case float f:
                a.Type = AttributeType.Float;
                a.F = f;
                break;
            case string s:
                a.Type = AttributeType.String;
                a.S = ByteString.CopyFromUtf8(s);
                break;
            case long[] ints:
                a.Type = AttributeType.Ints;
                a.Ints.AddRange(ints);
                break;
            case string[] texts:
                a.Type = AttributeType.Strings;
                a.Strings.AddRange(texts.Select(ByteString.CopyFromUtf8));
                break;
            case float[] floats:
                a.Type = AttributeType.Floats;
                a.Floats.AddRange(floats);
                break;
            case TensorData tensor:
                a.Type = AttributeType.Tensor;
                a.T = tensor.ToProto("");
                break;
            case GraphProto graph:
                a.Type = AttributeType.Graph;
                a.G = graph;
                break;
            default:
                throw new ArgumentException($"An attribute cannot hold a {value.GetType().Name}.");
        }
        return a;
    }
}
