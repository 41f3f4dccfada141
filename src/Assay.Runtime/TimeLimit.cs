using Assay.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace Assay.Runtime;

/// <summary>Ends a native run that takes too long: a loop that counts to 2^63 is a few bytes in a file.</summary>
internal sealed class TimeLimit : IDisposable
{
    /// <summary>For a run on a handful of rows, or on none: time passed, in which the process did compute.</summary>
    public static readonly TimeSpan Trial = TimeSpan.FromSeconds(2);

    // On a busy machine time passes without anything being computed; but not for ever.
    private const int Patience = 10;

    private readonly Lock gate = new();
    private readonly RunOptions run;
    private readonly TimeSpan limit;
    private readonly ITimer timer;
    private readonly TimeSpan began = Environment.CpuUsage.TotalTime;
    private int waits;
    private bool over;

    public TimeLimit(RunOptions run, TimeSpan limit)
    {
        (this.run, this.limit) = (run, limit);
        timer = TimeProvider.System.CreateTimer(_ => End(), null, limit, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The error that stands for an ended run.</summary>
    public AssayException Error() =>
        AssayException.Input(
            $"The model takes longer than {limit.TotalSeconds:0} s on a few rows; look for a loop that hardly ends.",
            new TimeoutException()
        );

    /// <summary>Whether an error is that of an ended run: trying something else would only take as long again.</summary>
    public static bool Ended(AssayException error) => error.InnerException is TimeoutException;

    /// <summary>Whether the time was up.</summary>
    public bool IsOver
    {
        get
        {
            lock (gate)
                return over && run.Terminate;
        }
    }

    public void Dispose()
    {
        timer.Dispose();
        // What the timer ends must still exist.
        lock (gate)
            over = true;
    }

    private void End()
    {
        lock (gate)
        {
            if (over)
                return;
            var left = limit - (Environment.CpuUsage.TotalTime - began);
            if (left > TimeSpan.Zero && ++waits < Patience)
                timer.Change(left, Timeout.InfiniteTimeSpan);
            else
                over = run.Terminate = true;
        }
    }
}
