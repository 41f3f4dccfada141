using Assay.Onnx;

namespace Assay.Attribution;

/// <summary>What "without the feature" means.</summary>
public abstract record Baseline
{
    private Baseline() { }

    /// <summary>What lookups return, and numbers where they enter, become 0; masks and lengths stay those of the row.</summary>
    public static Baseline Zero { get; } = new ZeroBaseline();

    /// <summary>What lookups return, and numbers where they enter, become their means over the given rows (graph inputs by name).</summary>
    public static Baseline Mean(IReadOnlyDictionary<string, TensorData> sampleRows) => new MeanBaseline(sampleRows);

    /// <summary>
    /// Ids and numbers as a caller would feed them: one row for all, or one for each row explained. Perturbation methods
    /// replace the inputs, masks included; path methods keep the row's masks and move between the looked-up vectors.
    /// </summary>
    public static Baseline Rows(IReadOnlyDictionary<string, TensorData> rows) => new RowsBaseline(rows);

    /// <summary>How the pedigree names the baseline.</summary>
    public abstract string Name { get; }

    internal sealed record ZeroBaseline : Baseline
    {
        public override string Name => "zero";
    }

    internal sealed record MeanBaseline(IReadOnlyDictionary<string, TensorData> Sample) : Baseline
    {
        public override string Name => "mean";
    }

    internal sealed record RowsBaseline(IReadOnlyDictionary<string, TensorData> Given) : Baseline
    {
        public override string Name => "rows";
    }
}
