using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Assay.Benchmarks;

/// <summary>
/// Processor time of the calling thread: on a busy machine a call that outlasts its turn is stopped, which a clock on the
/// wall counts and this one does not. The wall's where the system offers none.
/// </summary>
internal static partial class ThreadClock
{
    private const int ThreadTime = 3;

    /// <summary>Microseconds since some moment.</summary>
    public static double Now =>
        OperatingSystem.IsLinux() && GetTime(ThreadTime, out var now) == 0
            ? now.Seconds * 1e6 + now.Nanoseconds / 1e3
            : Stopwatch.GetElapsedTime(0).TotalMicroseconds;

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out Moment moment);

    [StructLayout(LayoutKind.Sequential)]
    private struct Moment
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
