using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Assay.Fuzz;

/// <summary>Runs cases in child processes, with limits, and goes on behind a case that kills one.</summary>
internal sealed class Watch(Options options)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Start = TimeSpan.FromSeconds(60);
    private const int Part = 1_000;

    private readonly ConcurrentDictionary<string, int> counts = new();

    private readonly long began = Stopwatch.GetTimestamp();

    /// <summary>How often each outcome occurred.</summary>
    public IReadOnlyDictionary<string, int> Counts => counts;

    /// <summary>The cases that must not be: crash, hang, memory, escaped.</summary>
    public ConcurrentBag<string> Bad { get; } = [];

    /// <summary>The largest resident size of a child and the longest case.</summary>
    public (long Megabytes, long Milliseconds) Worst { get; private set; }

    public async Task RunAsync()
    {
        var parts = new ConcurrentQueue<int>(
            Enumerable.Range(0, (options.Cases + Part - 1) / Part).Select(p => options.First + p * Part)
        );
        await Task.WhenAll(Enumerable.Range(0, options.Workers).Select(_ => WorkAsync(parts)));
    }

    private async Task WorkAsync(ConcurrentQueue<int> parts)
    {
        while (Stopwatch.GetElapsedTime(began).TotalMinutes < options.Minutes && parts.TryDequeue(out var from))
        {
            var to = Math.Min(options.First + options.Cases, from + Part);
            while (from < to)
                from = await ChildAsync(from, to);
            await Console.Error.WriteLineAsync($"{to} cases, {Bad.Count} bad");
        }
    }

    /// <summary>The number of the next case to run.</summary>
    private async Task<int> ChildAsync(int from, int to)
    {
        using var child = Process.Start(Command(from, to))!;
        var errors = new Queue<string>();
        child.ErrorDataReceived += (_, e) =>
        {
            if (e.Data is { Length: > 0 } line && errors.Count < 3)
                errors.Enqueue(line);
        };
        child.BeginErrorReadLine();
        int? running = null;
        var wait = Start;
        var (spent, waits) = (TimeSpan.Zero, 0);
        var reading = child.StandardOutput.ReadLineAsync();
        while (true)
        {
            string? line;
            try
            {
                line = await reading.WaitAsync(wait);
            }
            catch (TimeoutException)
            {
                // On a busy machine time passes without anything being computed.
                if (running is not null && Processor(child) - spent < Limit && ++waits < 24)
                    continue;
                child.Kill();
                return Note(running ?? from, "hang", "");
            }
            if (line is null)
            {
                await child.WaitForExitAsync();
                if (child.ExitCode == 0)
                    return to;
                return Note(running ?? from, "crash", $"exit {child.ExitCode}: {string.Join(" ", errors)}");
            }
            reading = child.StandardOutput.ReadLineAsync();
            wait = Limit;
            if (line.StartsWith("S ", StringComparison.Ordinal))
                (running, spent, waits) = (
                    int.Parse(line.AsSpan(2), CultureInfo.InvariantCulture),
                    Processor(child),
                    0
                );
            else if (line.StartsWith("R ", StringComparison.Ordinal) && Result(line) is { } next)
            {
                child.Kill();
                return next;
            }
        }
    }

    private static TimeSpan Processor(Process child)
    {
        child.Refresh();
        return child.HasExited ? TimeSpan.Zero : child.TotalProcessorTime;
    }

    /// <summary>Counts a result; the next case where the child has to be replaced because it grew too large.</summary>
    private int? Result(string line)
    {
        var words = line.Split(' ', 5);
        var number = int.Parse(words[1], CultureInfo.InvariantCulture);
        var milliseconds = long.Parse(words[2], CultureInfo.InvariantCulture);
        var megabytes = long.Parse(words[3], CultureInfo.InvariantCulture);
        lock (counts)
            Worst = (Math.Max(Worst.Megabytes, megabytes), Math.Max(Worst.Milliseconds, milliseconds));
        if (megabytes > options.Megabytes)
            return Note(number, "memory", $"{megabytes} MB, {words[4]}");
        if (words[4].StartsWith("escaped", StringComparison.Ordinal))
            Note(number, "escaped", words[4]);
        else
            counts.AddOrUpdate(words[4], 1, (_, n) => n + 1);
        return null;
    }

    private int Note(int number, string outcome, string detail)
    {
        counts.AddOrUpdate(outcome, 1, (_, n) => n + 1);
        Bad.Add($"{number} {outcome} {detail}");
        Console.Error.WriteLine($"case {number}: {outcome} {detail}");
        return number + 1;
    }

    private ProcessStartInfo Command(int from, int to)
    {
        var assembly = typeof(Watch).Assembly.Location;
        // Address space, not only what is touched: an allocation beyond it fails instead of taking the machine down.
        var command = $"ulimit -v {options.AddressMegabytes * 1024}; exec \"$0\" \"$@\"";
        var info = new ProcessStartInfo("bash") { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments =
        [
            "-c",
            command,
            Environment.ProcessPath!,
            .. Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal) ? new[] { assembly } : [],
            "--child",
            $"{from}",
            $"{to}",
            "--seed",
            $"{options.Seed}",
            .. options.Folder is null ? Array.Empty<string>() : ["--models", options.Folder],
        ];
        foreach (var argument in arguments)
            info.ArgumentList.Add(argument);
        info.Environment["DOTNET_GCHeapHardLimit"] = $"{512L << 20:x}";
        return info;
    }
}
