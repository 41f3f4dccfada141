using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Statistics;
using static Assay.Fuzz.Choices;

namespace Assay.Fuzz;

/// <summary>Damage to what a model declares and how it is nested.</summary>
internal static class ModelMutations
{
    public static void ChangeInputDim(ModelProto model, CounterRandom random)
    {
        var infos = model.Graph.Input.Concat(model.Graph.Output).ToArray();
        if (Pick(infos, random)?.Type?.TensorType?.Shape is not { } shape)
            return;
        var dim = new TensorShapeProto.Types.Dimension { DimValue = Size(random) };
        if (random.NextBool(0.2))
            dim = new() { DimParam = random.NextBool(0.5) ? "batch" : "other" };
        if (shape.Dim.Count == 0 || random.NextBool(0.2))
            shape.Dim.Add(dim);
        else if (random.NextBool(0.1))
            shape.Dim.RemoveAt(random.NextInt(shape.Dim.Count));
        else
            shape.Dim[random.NextInt(shape.Dim.Count)] = dim;
    }

    public static void ChangeInputType(ModelProto model, CounterRandom random)
    {
        var infos = model.Graph.Input.Concat(model.Graph.Output).ToArray();
        if (Pick(infos, random) is not { } info)
            return;
        if (random.NextBool(0.1))
            info.Type = random.NextBool(0.5) ? null : new TypeProto { SequenceType = new() { ElemType = info.Type } };
        else if (info.Type?.TensorType is { } tensor)
            tensor.ElemType = random.NextInt(24) - 1;
    }

    public static void ChangeOpset(ModelProto model, CounterRandom random)
    {
        model.OpsetImport[0].Version = random.NextBool(0.8) ? 7 + random.NextInt(18) : Size(random);
        if (random.NextBool(0.2))
            model.IrVersion = random.NextInt(16);
    }

    public static void DuplicateOutput(ModelProto model, CounterRandom random)
    {
        model.Graph.Output.Add(new ValueInfoProto { Name = Value(model, random) });
        if (random.NextBool(0.5))
            model.Graph.Output.RemoveAt(0);
    }

    public static void Nest(ModelProto model, CounterRandom random)
    {
        // Nesting what is nested makes files of gigabytes.
        if (Pick(model.Graph.Node, random) is not { } node || model.CalculateSize() > 1 << 16)
            return;
        var inner = new GraphProto { Name = "nested" };
        inner.Node.Add(node.Clone());
        inner.Output.AddRange(node.Output.Select(o => new ValueInfoProto { Name = o }));
        for (var depth = 1 + random.NextInt(60); depth > 0; depth--)
        {
            var outer = new GraphProto { Name = "nested" };
            var branch = new NodeProto { OpType = random.NextBool(0.9) ? "If" : "Loop" };
            branch.Input.Add(Value(model, random));
            branch.Output.AddRange(node.Output);
            branch.Set("then_branch", inner);
            branch.Set(
                random.NextBool(0.5) ? "else_branch" : "body",
                random.NextBool(0.3) ? inner.Clone() : new GraphProto()
            );
            outer.Node.Add(branch);
            outer.Output.AddRange(inner.Output);
            // Doubling at each level would make files of gigabytes.
            if (outer.CalculateSize() > 1 << 20)
                break;
            inner = outer;
        }
        node.OpType = "If";
        node.Set("then_branch", inner);
        node.Set("else_branch", new GraphProto());
    }

    // A chain behind an output: long graphs must not exhaust the stack.
    public static void Wrap(ModelProto model, CounterRandom random)
    {
        if (model.Graph.Output.Count == 0)
            return;
        var last = model.Graph.Output[0].Name;
        string[] operators = ["Identity", "Neg", "Sigmoid", "Exp", "Relu"];
        var op = operators[random.NextInt(operators.Length)];
        for (var n = 1 << random.NextInt(9); n > 0; n--)
        {
            var node = new NodeProto { OpType = op };
            node.Input.Add(last);
            node.Output.Add(last = $"chain{random.NextUInt32()}");
            model.Graph.Node.Add(node);
        }
        model.Graph.Output[0].Name = last;
    }

    // A node becomes the call of a function; now and then one that calls itself.
    public static void AddFunction(ModelProto model, CounterRandom random)
    {
        if (Pick(model.Graph.Node, random) is not { Output.Count: > 0 } node)
            return;
        var function = new FunctionProto { Name = "F", Domain = "local" };
        function.Input.AddRange(node.Input.Where(i => i.Length > 0).Distinct());
        function.Output.AddRange(node.Output.Where(o => o.Length > 0).Distinct());
        function.OpsetImport.AddRange(model.OpsetImport);
        var inner = node.Clone();
        if (random.NextBool(0.1))
            (inner.OpType, inner.Domain) = ("F", "local");
        function.Node.Add(inner);
        model.Functions.Add(function);
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "local", Version = 1 });
        (node.OpType, node.Domain) = ("F", "local");
        node.Input.Clear();
        node.Input.AddRange(function.Input);
        node.Attribute.Clear();
    }
}
