namespace Assay.Studies;

/// <summary>How far the fits of a study are, and how long they will still take at the pace so far.</summary>
internal sealed class RefitProgress(RunOptions options)
{
    public const string Stage = "retraining";
    private readonly long started = options.Clock.GetTimestamp();
    private readonly Lock held = new();
    private int expected;
    private int done;
    private int worked;

    /// <summary>More units of work are known to come.</summary>
    public void Expect(int units)
    {
        lock (held)
            expected += units;
    }

    /// <summary>A unit is finished.</summary>
    /// <param name="title">What it was.</param>
    /// <param name="found">Whether it was found finished, so that it says nothing of the pace.</param>
    public void Done(string title, bool found = false)
    {
        lock (held)
        {
            done++;
            worked += found ? 0 : 1;
            var left = Math.Max(expected - done, 0);
            options.Progress?.Report(
                new(Stage, done, Math.Max(expected, done), title)
                {
                    Left = worked == 0 || left == 0 ? null : options.Clock.GetElapsedTime(started) * left / worked,
                }
            );
        }
    }
}
