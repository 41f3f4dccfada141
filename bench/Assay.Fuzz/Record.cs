using System.Globalization;

namespace Assay.Fuzz;

/// <summary>What became of a part of the cases.</summary>
internal sealed class RecordPart(int from, int to)
{
    private readonly SortedDictionary<string, int> counts = new(StringComparer.Ordinal);
    private readonly List<string> bad = [];

    public int From => from;

    public int To => to;

    /// <summary>How often each outcome occurred.</summary>
    public IReadOnlyDictionary<string, int> Counts => counts;

    /// <summary>The cases that must not be: crash, hang, memory, escaped.</summary>
    public IReadOnlyList<string> Bad => bad;

    /// <summary>The largest resident size of a child.</summary>
    public long Megabytes { get; set; }

    /// <summary>The longest case.</summary>
    public long Milliseconds { get; set; }

    public double Seconds { get; set; }

    public void Count(string outcome, int times = 1) => counts[outcome] = counts.GetValueOrDefault(outcome) + times;

    /// <summary>Counts a case that must not be; the number of the next.</summary>
    public int Note(int number, string outcome, string detail)
    {
        Count(outcome);
        var line = $"{number} {outcome} {detail}".Replace('\t', ' ');
        bad.Add(line);
        Console.Error.WriteLine($"case {line}");
        return number + 1;
    }

    /// <summary>One line.</summary>
    public string Text() =>
        string.Join(
            '\t',
            [
                From.ToString(CultureInfo.InvariantCulture),
                To.ToString(CultureInfo.InvariantCulture),
                Seconds.ToString("F0", CultureInfo.InvariantCulture),
                Megabytes.ToString(CultureInfo.InvariantCulture),
                Milliseconds.ToString(CultureInfo.InvariantCulture),
                string.Join(';', counts.Select(c => $"{c.Key}={c.Value}")),
                .. bad,
            ]
        );

    /// <summary>What <see cref="Text"/> wrote.</summary>
    public static RecordPart Read(string line)
    {
        var fields = line.Split('\t');
        long Number(int i) => long.Parse(fields[i], CultureInfo.InvariantCulture);
        var part = new RecordPart((int)Number(0), (int)Number(1))
        {
            Seconds = Number(2),
            Megabytes = Number(3),
            Milliseconds = Number(4),
        };
        foreach (var count in fields[5].Split(';').Select(c => c.Split('=')))
            part.Count(count[0], int.Parse(count[1], CultureInfo.InvariantCulture));
        part.bad.AddRange(fields[6..]);
        return part;
    }
}

/// <summary>The finished parts of a run, in memory and, if it is to be continued later, in a file.</summary>
internal sealed class Record
{
    private readonly string? file;
    private readonly List<RecordPart> parts = [];
    private readonly Lock gate = new();

    private Record(string? file) => this.file = file;

    /// <summary>The parts noted in a file, which belong to one seed: its first line says which.</summary>
    public static Record Open(string? file, ulong seed)
    {
        var record = new Record(file);
        var head = $"seed {seed}";
        if (file is null)
            return record;
        if (!File.Exists(file))
            File.WriteAllText(file, head + "\n");
        var lines = File.ReadAllLines(file);
        if (lines[0] != head)
            throw new ArgumentException($"{file} holds a run of {lines[0]}, not of {head}.");
        record.parts.AddRange(lines.Skip(1).Select(RecordPart.Read));
        return record;
    }

    /// <summary>Whether these cases were run.</summary>
    public bool Holds(int from, int to) => parts.Any(p => p.From == from && p.To >= to);

    public void Add(RecordPart part)
    {
        lock (gate)
        {
            parts.Add(part);
            if (file is not null)
                File.AppendAllText(file, part.Text() + "\n");
        }
    }

    /// <summary>All parts, in the order of their cases.</summary>
    public IReadOnlyList<RecordPart> Parts
    {
        get
        {
            lock (gate)
                // A part that was cut short and run again counts once.
                return [.. parts.GroupBy(p => p.From).Select(g => g.MaxBy(p => p.To)!).OrderBy(p => p.From)];
        }
    }

    public int Cases => Parts.Sum(p => p.To - p.From);

    public IEnumerable<string> Bad => Parts.SelectMany(p => p.Bad);
}
