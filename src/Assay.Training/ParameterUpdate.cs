using System.Numerics.Tensors;
using Assay.Onnx;

namespace Assay.Training;

/// <summary>Sums one parameter's gradients over its lookups and takes the step, in the order of the batch.</summary>
internal sealed class ParameterUpdate
{
    private readonly string name;
    private readonly int rows;
    private readonly int rowLength;
    private readonly ParameterGradient[] sources;
    private readonly Adam adam;

    // For lookups: the slot of each row in this step, and the rows that have one.
    private readonly int[] slots;
    private readonly IReadOnlyList<int> frozen;
    private readonly List<int> touched = [];
    private float[] sums = [];

    // A slot that is never claimed nor freed.
    private const int Frozen = -2;

    public ParameterUpdate(
        string name,
        TensorData value,
        ParameterGradient[] sources,
        TrainingOptions options,
        IReadOnlyList<int>? frozen = null
    )
    {
        this.name = name;
        this.frozen = frozen ?? [];
        this.sources = sources;
        var lookedUp = sources[0].Rows is not null;
        rows = lookedUp ? (int)value.Dims[0] : 1;
        rowLength = value.Count / Math.Max(rows, 1);
        adam = new Adam(
            value.Span<float>().Length == 0 ? [] : (float[])value.Values,
            rowLength,
            options,
            value.Dims.Length >= 2
        );
        slots = new int[lookedUp ? rows : 0];
        Array.Fill(slots, -1);
        if (lookedUp)
            foreach (var row in this.frozen)
                slots[row] = Frozen;
        else if (this.frozen.Count > 0)
            throw AssayException.Usage(
                $"'{name}' is not only looked up, so rows of it cannot be kept; freeze it whole."
            );
    }

    public void Apply(IReadOnlyDictionary<string, TensorData> outputs, int step, double rate)
    {
        adam.Begin(step, rate);
        if (slots.Length == 0)
        {
            adam.Update(0, outputs[sources[0].Gradient].Span<float>());
            return;
        }
        foreach (var source in sources)
            Accumulate(outputs[source.Rows!].Span<long>(), outputs[source.Gradient].Span<float>());
        for (var slot = 0; slot < touched.Count; slot++)
        {
            adam.Update(touched[slot], sums.AsSpan(slot * rowLength, rowLength));
            slots[touched[slot]] = -1;
        }
        touched.Clear();
    }

    /// <summary>Brings rows that were not looked up lately up to date.</summary>
    public void Settle() => adam.Settle(frozen);

    private void Accumulate(ReadOnlySpan<long> read, ReadOnlySpan<float> gradient)
    {
        for (var k = 0; k < read.Length; k++)
        {
            // Gather counts negative indices from the end.
            var row = (int)(read[k] < 0 ? read[k] + rows : read[k]);
            if ((uint)row >= (uint)rows)
                throw AssayException.Input($"Id {read[k]} is outside table '{name}', which has {rows} rows.");
            var slot = slots[row];
            if (slot == Frozen)
                continue;
            if (slot < 0)
                slot = Claim(row);
            var sum = sums.AsSpan(slot * rowLength, rowLength);
            TensorPrimitives.Add(sum, gradient.Slice(k * rowLength, rowLength), sum);
        }
    }

    private int Claim(int row)
    {
        var slot = touched.Count;
        touched.Add(row);
        slots[row] = slot;
        var end = (slot + 1) * rowLength;
        if (sums.Length < end)
            Array.Resize(ref sums, Math.Max(end, 2 * sums.Length));
        sums.AsSpan(slot * rowLength, rowLength).Clear();
        return slot;
    }
}
