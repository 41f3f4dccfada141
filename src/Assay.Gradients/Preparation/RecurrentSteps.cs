using Assay.Onnx;

namespace Assay.Gradients.Preparation;

/// <summary>The steps of one direction of a recurrent layer.</summary>
internal sealed class RecurrentSteps
{
    /// <summary>What a direction yields: the output of each step, [batch, hidden], the last state and cell.</summary>
    public sealed record Result(string[] Outputs, string State, string? Cell);

    private readonly Emitter e;
    private readonly RecurrentLayer layer;
    private readonly int direction;
    private readonly string recurrence;
    private readonly string? recurrentBias;
    private readonly string? peepholes;
    private readonly bool resetsAfter;

    private RecurrentSteps(Emitter e, RecurrentLayer layer, int direction)
    {
        (this.e, this.layer, this.direction) = (e, layer, direction);
        recurrence = e.Transpose(layer.Part(e, 2, direction)!, 1, 0);
        resetsAfter = layer.Node.OpType == "GRU" && layer.Node.Int("linear_before_reset", 0) != 0;
        peepholes = layer.Node.OpType == "LSTM" ? layer.Part(e, 7, direction) : null;
        if (layer.Part(e, 3, direction) is { } both)
            recurrentBias = Columns(both, 0, Gates, 2 * Gates)[1];
    }

    private long Gates =>
        layer.Node.OpType switch
        {
            "RNN" => 1,
            "GRU" => 3,
            _ => 4,
        };

    public static Result Run(Emitter e, RecurrentLayer layer, int direction, bool reversed)
    {
        var steps = new RecurrentSteps(e, layer, direction);
        var inputs = steps.Inputs();
        var state = steps.Initial(5);
        var cell = layer.Node.OpType == "LSTM" ? steps.Initial(6) : null;
        var outputs = new string[layer.Steps];
        for (var i = 0; i < layer.Steps; i++)
        {
            var t = reversed ? layer.Steps - 1 - i : i;
            var (next, nextCell) = steps.Step(inputs[t], state, cell);
            (outputs[t], state, cell) = steps.Masked(t, next, nextCell, state, cell);
        }
        return new Result(outputs, state, cell);
    }

    // The inputs' share of all gates, one product for all steps.
    private string[] Inputs()
    {
        var weights = e.Transpose(layer.Part(e, 1, direction)!, 1, 0);
        var all = e.MatMul(layer.Node.Input[0], weights);
        if (layer.Part(e, 3, direction) is { } both)
        {
            var bias = Columns(both, 0, Gates, 2 * Gates)[0];
            all = e.Add(all, resetsAfter ? bias : e.Add(bias, recurrentBias!));
        }
        if (layer.Steps == 1)
            return [e.Squeeze(all, 0)];
        var sizes = e.Int64s([.. Enumerable.Repeat(1L, layer.Steps)]);
        return [.. e.Nodes("Split", [all, sizes], layer.Steps, ("axis", 0L)).Select(s => e.Squeeze(s, 0))];
    }

    private string Initial(int input)
    {
        if (layer.Part(e, input, direction) is { } given)
            return given;
        var batch = e.Slice(e.Shape(layer.Node.Input[0]), [1], [2], [0]);
        var zero = ("value", (object)TensorData.From([0.0], 1).Cast(e.FloatType));
        return e.Node("ConstantOfShape", [e.Concat([batch, e.Int64s(layer.Hidden)], 0)], zero);
    }

    private (string State, string? Cell) Step(string input, string state, string? cell) =>
        layer.Node.OpType switch
        {
            "RNN" => (layer.Activate(e, direction, 0, e.Add(input, e.MatMul(state, recurrence))), null),
            "GRU" => (Gru(input, state), null),
            _ => Lstm(input, state, cell!),
        };

    private string Gru(string input, string state)
    {
        var x = Columns(input, 1, 2, 3);
        string gates,
            candidate;
        if (resetsAfter)
        {
            var all = e.MatMul(state, recurrence);
            var h = Columns(recurrentBias is null ? all : e.Add(all, recurrentBias), 1, 2, 3);
            gates = layer.Activate(e, direction, 0, e.Add(x[0], h[0]));
            candidate = e.Mul(Columns(gates, 1, 1, 2)[1], h[1]);
        }
        else
        {
            var r = Columns(recurrence, 1, 2, 3);
            gates = layer.Activate(e, direction, 0, e.Add(x[0], e.MatMul(state, r[0])));
            candidate = e.MatMul(e.Mul(Columns(gates, 1, 1, 2)[1], state), r[1]);
        }
        var update = Columns(gates, 1, 1, 2)[0];
        candidate = layer.Activate(e, direction, 1, e.Add(x[1], candidate));
        return e.Add(e.Mul(e.Sub(e.Scalar(1), update), candidate), e.Mul(update, state));
    }

    // Gates in the order input, output, forget, cell; peepholes in the order input, output, forget.
    private (string, string) Lstm(string input, string state, string cell)
    {
        var gates = Parts(e.Add(input, e.MatMul(state, recurrence)), 1, 4);
        var peep = peepholes is null ? null : Parts(peepholes, 0, 3);
        string Gate(int g, string seen) =>
            layer.Activate(e, direction, 0, peep is null ? gates[g] : e.Add(gates[g], e.Mul(peep[g], seen)));
        var open = Gate(0, cell);
        var kept = layer.Node.Int("input_forget", 0) != 0 ? e.Sub(e.Scalar(1), open) : Gate(2, cell);
        var next = e.Add(e.Mul(kept, cell), e.Mul(open, layer.Activate(e, direction, 1, gates[3])));
        return (e.Mul(Gate(1, next), layer.Activate(e, direction, 2, next)), next);
    }

    // Behind the end of a row's sequence its state stays and its output is 0.
    private (string Output, string State, string? Cell) Masked(
        int t,
        string next,
        string? nextCell,
        string state,
        string? cell
    )
    {
        var lengths = layer.Node.InputAt(4);
        if (lengths.Length == 0 || e.Graph.Constant(lengths)?.ToInt64s().All(l => l == layer.Steps) == true)
            return (next, next, nextCell);
        var inside = e.Unsqueeze(e.Node("Less", [e.Constant(TensorData.Scalar(t)), lengths]), 1);
        return (
            e.Where(inside, next, e.Scalar(0)),
            e.Where(inside, next, state),
            nextCell is null ? null : e.Where(inside, nextCell, cell!)
        );
    }

    // The first of so many equal parts, and the rest.
    private string[] Columns(string value, long axis, long first, long all)
    {
        var sizes = e.Int64s(first * layer.Hidden, (all - first) * layer.Hidden);
        return e.Nodes("Split", [value, sizes], 2, ("axis", axis));
    }

    private string[] Parts(string value, long axis, int count)
    {
        var sizes = e.Int64s([.. Enumerable.Repeat(layer.Hidden, count)]);
        return e.Nodes("Split", [value, sizes], count, ("axis", axis));
    }
}
