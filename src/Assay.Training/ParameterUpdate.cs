using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Assay.Onnx;

namespace Assay.Training;

/// <summary>Sums one parameter's gradients over its lookups and takes the step, in the order of the batch.</summary>
internal sealed class ParameterUpdate
{
    private readonly string name;
    private readonly int rows;
    private readonly int rowLength;
    private readonly ParameterGradient[] sources;
    private readonly RowOptimiser optimiser;

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
        optimiser = RowOptimiser.Of(
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

    /// <summary>Takes one step.</summary>
    /// <param name="outputs">What the step graph yielded.</param>
    /// <param name="feeds">What it was fed.</param>
    /// <param name="step">How many steps there have been, this one included.</param>
    /// <param name="rate">The step size.</param>
    public void Apply(
        IReadOnlyDictionary<string, TensorData> outputs,
        IReadOnlyDictionary<string, TensorData> feeds,
        int step,
        double rate
    )
    {
        optimiser.Begin(step, rate);
        if (slots.Length == 0)
        {
            optimiser.Update(0, outputs[sources[0].Gradient].Span<float>());
            return;
        }
        foreach (var source in sources)
        {
            var ids = outputs.GetValueOrDefault(source.Rows!.Value) ?? feeds[source.Rows.Value];
            Accumulate(ids.Span<long>(), source.Rows, outputs[source.Gradient].Span<float>(), source.Place);
        }
        for (var slot = 0; slot < touched.Count; slot++)
        {
            optimiser.Update(touched[slot], sums.AsSpan(slot * rowLength, rowLength));
            slots[touched[slot]] = -1;
        }
        touched.Clear();
    }

    /// <summary>Brings rows that were not looked up lately up to date.</summary>
    public void Settle() => optimiser.Settle(frozen);

    private void Accumulate(ReadOnlySpan<long> read, RowPlace ids, ReadOnlySpan<float> gradient, RowPlace? place)
    {
        if (place is null)
        {
            for (var k = 0; k < read.Length; k++)
                Add(read[k], gradient.Slice(k * rowLength, rowLength));
            return;
        }
        var lookups = place.Width / rowLength;
        var batch = gradient.Length / place.Stride;
        for (var row = 0; row < batch; row++)
        {
            var from = row * place.Stride + place.Offset;
            for (var k = 0; k < lookups; k++)
                Add(read[row * ids.Stride + ids.Offset + k], gradient.Slice(from + k * rowLength, rowLength));
        }
    }

    private void Add(long id, ReadOnlySpan<float> gradient)
    {
        // Gather counts negative indices from the end.
        var row = (int)(id < 0 ? id + rows : id);
        if ((uint)row >= (uint)rows)
            throw AssayException.Input($"Id {id} is outside table '{name}', which has {rows} rows.");
        var slot = slots[row];
        if (slot == Frozen)
            return;
        if (slot < 0)
            slot = Claim(row);
        // Rows are short: a library's call for each would cost more than the sum.
        if (rowLength == 1)
        {
            sums[slot] += gradient[0];
            return;
        }
        var sum = sums.AsSpan(slot * rowLength, rowLength);
        var wide = MemoryMarshal.Cast<float, Vector128<float>>(sum);
        var added = MemoryMarshal.Cast<float, Vector128<float>>(gradient);
        for (var i = 0; i < wide.Length; i++)
            wide[i] += added[i];
        for (var i = wide.Length * Vector128<float>.Count; i < sum.Length; i++)
            sum[i] += gradient[i];
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
