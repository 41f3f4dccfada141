using Assay.Onnx;
using Assay.Onnx.Wire;

namespace Assay.Runtime;

/// <summary>
/// How many rows go to ONNX Runtime at once. Batches are padded to a multiple of <see cref="Multiple"/> rows, at which a
/// row's result has the same bits wherever in whichever batch it stands; at other sizes the last bits differ.
/// </summary>
public sealed record BatchPlan
{
    /// <summary>What every batch's rows are a multiple of, unless the model fixes them.</summary>
    public const int Multiple = 8;

    /// <summary>The most rows a batch has unless told otherwise; more gains nothing and costs memory, and fewer fit the cache no better.</summary>
    public const int DefaultRows = 256;

    private BatchPlan(int rows, bool isFixed) => (Rows, IsFixed) = (rows, isFixed);

    /// <summary>Rows of a full batch, padding included.</summary>
    public int Rows { get; }

    /// <summary>Whether the model itself declares the number of rows.</summary>
    public bool IsFixed { get; }

    /// <summary>
    /// A plan for the model behind a session; <paramref name="rows"/> overrides the size, rounded up to a multiple.
    /// Inputs named in <paramref name="shared"/> are the same for all rows and do not count. Throws where inputs declare
    /// different fixed batch sizes or have no dimensions.
    /// </summary>
    public static BatchPlan For(Session session, int? rows = null, IReadOnlyCollection<string>? shared = null)
    {
        var inputs = session.Inputs.Where(i => shared?.Contains(i.Name) != true && i.Shape() is not null);
        if (rows is < 1)
            throw AssayException.Usage($"A batch needs at least one row, not {rows}.");
        ValueInfoProto? first = null;
        foreach (var input in inputs)
        {
            if (input.Shape() is { Length: 0 })
                throw AssayException.Input($"Input '{input.Name}' is a scalar; it has no rows to batch.");
            if (input.Shape()![0] is null)
                continue;
            if (first is not null && first.Shape()![0] != input.Shape()![0])
                throw AssayException.Input(
                    $"Inputs '{first.Name}' {first.ShapeText()} and '{input.Name}' {input.ShapeText()} declare different batch sizes; rows cannot be batched."
                );
            first = input;
        }
        if (first?.Shape()![0] is { } size)
            return size is > 0 and <= int.MaxValue
                ? new BatchPlan((int)size, isFixed: true)
                : throw AssayException.Input($"Input '{first.Name}' {first.ShapeText()} holds no rows.");
        return new BatchPlan(rows is { } wanted ? RoundUp(wanted) : DefaultRows, isFixed: false);
    }

    /// <summary>The number of batches that <paramref name="rows"/> rows need.</summary>
    public int Batches(int rows) => (rows + Rows - 1) / Rows;

    /// <summary>The first row of a batch and the one behind its last, of <paramref name="rows"/> in all.</summary>
    public (int From, int To) Range(int batch, int rows) => (batch * Rows, Math.Min(rows, (batch + 1) * Rows));

    /// <summary>The rows to run for <paramref name="rows"/> real ones: the model's own number, or the next multiple.</summary>
    public int Padded(int rows) => IsFixed ? Rows : RoundUp(rows);

    private static int RoundUp(int rows) => checked((rows + Multiple - 1) / Multiple * Multiple);
}
