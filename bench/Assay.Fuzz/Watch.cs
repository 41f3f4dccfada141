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

    private readonly long began = Stopwatch.GetTimestamp();

    /// <summary>What became of the cases so far.</summary>
    public Record Record { get; } = Record.Open(options.Log, options.Seed);

    public async Task RunAsync()
    {
        var parts = new ConcurrentQueue<int>(
            Enumerable
                .Range(0, (options.Cases + Part - 1) / Part)
                .Select(p => options.First + p * Part)
                .Where(from => !Record.Holds(from, Math.Min(options.First + options.Cases, from + Part)))
        );
        await Task.WhenAll(Enumerable.Range(0, options.Workers).Select(_ => WorkAsync(parts)));
    }

    private async Task WorkAsync(ConcurrentQueue<int> parts)
    {
        while (Stopwatch.GetElapsedTime(began).TotalMinutes < options.Minutes && parts.TryDequeue(out var from))
        {
            var part = new RecordPart(from, Math.Min(options.First + options.Cases, from + Part));
            var start = Stopwatch.GetTimestamp();
            for (var next = from; next < part.To; )
                next = await ChildAsync(part, next, part.To);
            part.Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            Record.Add(part);
            await Console.Error.WriteLineAsync($"{Record.Cases} cases, {Record.Bad.Count()} bad");
        }
    }

    /// <summary>The number of the next case to run.</summary>
    private async Task<int> ChildAsync(RecordPart part, int from, int to)
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
                return part.Note(running ?? from, "hang", "");
            }
            if (line is null)
            {
                await child.WaitForExitAsync();
                if (child.ExitCode == 0)
                    return to;
                return part.Note(running ?? from, "crash", $"exit {child.ExitCode}: {string.Join(" ", errors)}");
            }
            reading = child.StandardOutput.ReadLineAsync();
            wait = Limit;
            if (line.StartsWith("S ", StringComparison.Ordinal))
                (running, spent, waits) = (
                    int.Parse(line.AsSpan(2), CultureInfo.InvariantCulture),
                    Processor(child),
                    0
                );
            else if (line.StartsWith("R ", StringComparison.Ordinal) && Result(part, line) is { } next)
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
    private int? Result(RecordPart part, string line)
    {
        var words = line.Split(' ', 5);
        var number = int.Parse(words[1], CultureInfo.InvariantCulture);
        var milliseconds = long.Parse(words[2], CultureInfo.InvariantCulture);
        var megabytes = long.Parse(words[3], CultureInfo.InvariantCulture);
        part.Megabytes = Math.Max(part.Megabytes, megabytes);
        part.Milliseconds = Math.Max(part.Milliseconds, milliseconds);
        if (megabytes > options.Megabytes)
            return part.Note(number, "memory", $"{megabytes} MB, {words[4]}");
        if (words[4].StartsWith("escaped", StringComparison.Ordinal))
            part.Note(number, "escaped", words[4]);
        else
            part.Count(words[4]);
        return null;
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
