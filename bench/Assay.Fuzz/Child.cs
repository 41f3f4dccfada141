using System.Diagnostics;
using System.Globalization;

namespace Assay.Fuzz;

/// <summary>Runs cases one after another and says so, so that whoever watches knows the case that ended it.</summary>
internal static class Child
{
    /// <summary>Writes "S number" before and "R number milliseconds peak-MB outcome" after each case.</summary>
    public static int Run(Cases cases, int from, int to)
    {
        using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        // What running at all takes (code, the native library) is not the first case's.
        foreach (var seed in cases.Unchanged)
            Pipeline.Run(seed);
        output.WriteLine("ready");
        for (var number = from; number < to; number++)
        {
            output.WriteLine($"S {number}");
            var file = cases.Make(number);
            var start = Stopwatch.GetTimestamp();
            var outcome = Pipeline.Run(file);
            var elapsed = (long)Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            output.WriteLine($"R {number} {elapsed} {PeakMegabytes()} {outcome}");
        }
        return 0;
    }

    /// <summary>The largest resident size so far, 0 where the system does not say.</summary>
    public static long PeakMegabytes()
    {
        if (!File.Exists("/proc/self/status"))
            return Process.GetCurrentProcess().PeakWorkingSet64 >> 20;
        var line = File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmHWM", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture)
            >> 10;
    }
}
