using Assay.Onnx;
using Assay.Runtime;

namespace Assay.Attribution.Effects;

/// <summary>Scores of rows whose features have the values of other rows.</summary>
internal sealed class RowMixer(Scorer scorer, IReadOnlyDictionary<string, TensorData> rows, IReadOnlyList<Axis> axes)
{
    private const int Part = 4096;

    private readonly RowBatch batch = new();

    public long Evaluations { get; private set; }

    /// <summary>The scores of rows with each axis at a position of their own; no positions leave the rows as they are.</summary>
    /// <param name="numbers">The rows.</param>
    /// <param name="positions">For each axis the position of each row.</param>
    public double[] Score(ReadOnlySpan<int> numbers, params int[][] positions)
    {
        var scores = new double[numbers.Length];
        for (var from = 0; from < numbers.Length; from += Part)
        {
            var own = numbers.Slice(from, Math.Min(Part, numbers.Length - from));
            var mixed = batch.Take(rows, own, own.Length);
            for (var a = 0; a < positions.Length; a++)
                foreach (var element in axes[a].Slot.Elements)
                    Copy(axes[a], element, mixed[element.Input], own, positions[a].AsSpan(from, own.Length));
            scorer.Score(mixed).CopyTo(scores, from);
        }
        Evaluations += numbers.Length;
        return scores;
    }

    private void Copy(
        Axis axis,
        Gradients.InputElement element,
        TensorData mixed,
        ReadOnlySpan<int> own,
        ReadOnlySpan<int> positions
    )
    {
        var source = rows[element.Input].Values;
        var width = mixed.Count / own.Length;
        for (var i = 0; i < own.Length; i++)
            Array.Copy(
                source,
                axis.Exemplar(positions[i], own[i]) * width + element.Element,
                mixed.Values,
                i * width + element.Element,
                1
            );
    }
}
