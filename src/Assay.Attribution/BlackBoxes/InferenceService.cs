using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;

namespace Assay.Attribution.BlackBoxes;

/// <summary>
/// A model behind an HTTP address that speaks the Open Inference Protocol, version 2 (Triton, KServe, and others): a
/// black box that scores rows. Not for several threads.
/// </summary>
public sealed partial class InferenceService : IScorer, IDisposable
{
    private readonly Uri address;
    private readonly ServiceSettings settings;
    private readonly ServiceCalls calls;
    private readonly RowBatch batch = new();
    private readonly string output;
    private readonly int column;
    private readonly int? fixedRows;

    private InferenceService(Uri address, string? head, ServiceSettings settings, ServiceCalls calls)
    {
        (this.address, this.settings, this.calls) = (address, settings, calls);
        var (inputs, outputs) = Described(calls.Get() ?? throw Unknown());
        Inputs = inputs;
        (output, column) = ParseHead(head, outputs);
        Head = column == 0 ? output : $"{output}[{column}]";
        var scalar = Array.Find(inputs, i => i.Shape() is { Length: 0 });
        if (scalar is not null)
            throw AssayException.Input($"Input '{scalar.Name}' of the service is a scalar; it has no rows to batch.");
        fixedRows = (int?)inputs.Select(i => i.Shape()![0]).FirstOrDefault(d => d is > 0);
    }

    /// <inheritdoc/>
    public IReadOnlyList<ValueInfoProto> Inputs { get; }

    /// <summary>The output that is scored, NAME or NAME[k].</summary>
    public string Head { get; }

    /// <summary>Rows sent so far, repetitions and padding included.</summary>
    public long RowsSent { get; private set; }

    /// <summary>Asks a service what its model takes and gives.</summary>
    /// <param name="address">The model: <c>http://host:port/v2/models/NAME</c>, optionally with <c>/versions/V</c>.</param>
    /// <param name="head">The output, NAME or NAME[k]; null for column 0 of the first.</param>
    /// <param name="settings">How it is called.</param>
    /// <param name="time">The clock by which repetitions wait; the system's if null.</param>
    /// <param name="stop">Ends calls and waits.</param>
    /// <exception cref="AssayException">
    /// Usage: no such output. Input: no such model, or an answer that is none of the protocol. Failed: no answer.
    /// </exception>
    public static InferenceService Open(
        Uri address,
        string? head = null,
        ServiceSettings? settings = null,
        TimeProvider? time = null,
        CancellationToken stop = default
    )
    {
        settings ??= new ServiceSettings();
        settings.Validate();
        var calls = new ServiceCalls(address, settings, time ?? TimeProvider.System, stop);
        try
        {
            return new InferenceService(address, head, settings, calls);
        }
        catch
        {
            calls.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public double[] Score(IReadOnlyDictionary<string, TensorData> rows)
    {
        rows = RowsOfInputs.Checked(rows, Inputs, float64: false);
        var count = RowsOfInputs.Count(rows, "rows");
        var scores = new double[count];
        var step = fixedRows ?? settings.BatchRows;
        for (var first = 0; first < count; first += step)
        {
            var some = Math.Min(step, count - first);
            var sent = fixedRows ?? some;
            var body = V2Json.Call(Inputs, batch.Take(rows, first, first + some, sent), output);
            Answered(calls.Infer(body, () => Spend(sent)) ?? throw Unknown(), sent, scores.AsSpan(first, some), first);
        }
        return scores;
    }

    /// <inheritdoc/>
    public void Dispose() => calls.Dispose();

    private void Spend(int rows)
    {
        if (settings.MaxRows is { } most && RowsSent + rows > most)
            throw AssayException.Failed(
                $"The budget of {most} rows for the service at {address} is spent: {RowsSent} were sent and {rows} more are needed; allow more with --max-rows, or ask for less with --budget or fewer rows."
            );
        RowsSent += rows;
    }

    private void Answered(byte[] body, int sent, Span<double> scores, int first)
    {
        var (shape, values) = Read(body, b => V2Json.Answer(b, output));
        var product = shape.Aggregate(1L, (p, d) => d < 0 || p > int.MaxValue ? -1 : p * d);
        if (shape.Length == 0 || shape[0] != sent || product != values.Length)
            throw Bad(
                $"gives output '{output}' the shape [{string.Join(", ", shape)}] with {values.Length} numbers for {sent} rows"
            );
        var width = values.Length / sent;
        if (column >= width)
            throw Bad($"gives output '{output}' {width} columns, but column {column} is wanted");
        for (var r = 0; r < scores.Length; r++)
        {
            var value = values[r * width + column];
            if (settings.AsLogit)
                value = value is > 0 and < 1 ? Math.Log(value / (1 - value)) : throw NoProbability(value, first + r);
            scores[r] = double.IsFinite(value)
                ? value
                : throw Bad($"gives row {first + r} of a batch no finite number");
        }
    }

    private AssayException NoProbability(double value, int row) =>
        AssayException.Input(
            string.Create(
                CultureInfo.InvariantCulture,
                $"The service at {address} gives row {row} of a batch {value:R}, which has no log-odds; leave out --space logit to explain the output as it is."
            )
        );

    private (ValueInfoProto[] Inputs, ValueInfoProto[] Outputs) Described(byte[] body) => Read(body, V2Json.Metadata);

    private T Read<T>(byte[] body, Func<byte[], T> read)
    {
        try
        {
            return read(body);
        }
        catch (FormatException e)
        {
            throw Bad(e.Message);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or OverflowException)
        {
            throw Bad("is no JSON of the protocol");
        }
    }

    private AssayException Bad(string what) =>
        AssayException.Input(
            $"The service at {address}: its answer {what}; it does not speak the Open Inference Protocol v2, or serves another model than was asked for."
        );

    private AssayException Unknown() =>
        AssayException.Input(
            $"The service at {address} knows no such model (404); name one as http://host:port/v2/models/NAME."
        );

    private static (string, int) ParseHead(string? head, ValueInfoProto[] outputs)
    {
        if (head is null)
            return (outputs[0].Name, 0);
        if (outputs.Any(o => o.Name == head))
            return (head, 0);
        var match = HeadName().Match(head);
        return match.Success && outputs.Any(o => o.Name == match.Groups[1].Value)
            ? (match.Groups[1].Value, int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture))
            : throw AssayException.Usage(
                $"The service has no output '{head}'; its outputs are {string.Join(", ", outputs.Select(o => o.Name))}."
            );
    }

    [GeneratedRegex(@"^(.+)\[(\d{1,6})\]$")]
    private static partial Regex HeadName();
}
