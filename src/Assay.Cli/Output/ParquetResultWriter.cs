using Assay.Attribution;
using Parquet;
using Parquet.Schema;

namespace Assay.Cli.Output;

/// <summary>
/// A Parquet file with one row per row and feature (row, feature, attribution, target, baseline_target,
/// completeness_gap, standard_error, evaluations, steps, estimated_error: the last four null where the method has none) and the pedigree as its metadata.
/// </summary>
internal sealed class ParquetResultWriter : AttributionWriter
{
    private static readonly ParquetSchema Schema = new(
        new DataField<long>("row"),
        new DataField<string>("feature", nullable: false),
        new DataField<double>("attribution"),
        new DataField<double>("target"),
        new DataField<double>("baseline_target"),
        new DataField<double?>("completeness_gap"),
        new DataField<double?>("standard_error"),
        new DataField<int?>("evaluations"),
        new DataField<int?>("steps"),
        new DataField<double?>("estimated_error")
    );

    private readonly OutputFile file;
    private readonly ParquetWriter writer;

    public ParquetResultWriter(
        IReadOnlyList<string> features,
        OutputFile file,
        IReadOnlyDictionary<string, string> pedigree
    )
        : base(features)
    {
        this.file = file;
        var options = new ParquetOptions { CompressionMethod = CompressionMethod.Zstd };
        writer = ParquetWriter.CreateAsync(Schema, file.Stream, options).GetAwaiter().GetResult();
        writer.CustomMetadata = new Dictionary<string, string>(pedigree);
    }

    public override void Finish()
    {
        file.Write(() => writer.DisposeAsync().AsTask().GetAwaiter().GetResult());
        file.Finish();
    }

    public override void Dispose() => file.Dispose();

    protected override void WritePart(long first, Explanation e)
    {
        var width = Features.Count;
        var row = Each((r, _) => first + r);
        var feature = Each((_, f) => Features[f]);
        var attribution = e.Attributions;
        var target = Each((r, _) => e.Target[r]);
        var baseline = Each((r, _) => e.BaselineTarget[r]);
        var gap = Each((r, _) => e.CompletenessGap?[r]);
        var error = Each(
            (r, f) => e.StandardErrors?[r * width + f] is { } value && !double.IsNaN(value) ? value : (double?)null
        );
        var evaluations = Each((r, _) => e.Evaluations?[r]);
        var steps = Each((r, _) => e.Steps?[r]);
        var estimated = Each((r, _) => e.EstimatedError?[r]);
        file.Write(() =>
        {
            using var group = writer.CreateRowGroup();
            var fields = Schema.GetDataFields();
            Wait(group.WriteAsync<long>(fields[0], row));
            Wait(group.WriteAsync(fields[1], feature));
            Wait(group.WriteAsync<double>(fields[2], attribution));
            Wait(group.WriteAsync<double>(fields[3], target));
            Wait(group.WriteAsync<double>(fields[4], baseline));
            Wait(group.WriteAsync<double>(fields[5], gap));
            Wait(group.WriteAsync<double>(fields[6], error));
            Wait(group.WriteAsync<int>(fields[7], evaluations));
            Wait(group.WriteAsync<int>(fields[8], steps));
            Wait(group.WriteAsync<double>(fields[9], estimated));
            group.CompleteValidate();
        });

        T[] Each<T>(Func<int, int, T> value)
        {
            var result = new T[e.Rows * width];
            for (var i = 0; i < result.Length; i++)
                result[i] = value(i / width, i % width);
            return result;
        }
    }

    private static void Wait(Task task) => task.GetAwaiter().GetResult();
}
