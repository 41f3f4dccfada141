using Assay.Studies;

namespace Assay.Cli.Output;

/// <summary>
/// Progress on standard error: one line that is rewritten on a terminal; in a log a line for each stage, and how far it is
/// every ten seconds.
/// </summary>
internal sealed class ProgressLine(Terminal terminal, TimeProvider? time = null) : IProgress<StudyProgress>, IDisposable
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(10);
    private readonly TimeProvider clock = time ?? TimeProvider.System;
    private readonly Lock held = new();
    private string stage = "";
    private string last = "";
    private long said;

    /// <summary>Says what is being done.</summary>
    public void Say(string text)
    {
        lock (held)
            Write(text);
    }

    public void Report(StudyProgress value)
    {
        lock (held)
        {
            var percent = value.Total == 0 ? 0 : 100 * value.Done / value.Total;
            if (value.Stage != stage || terminal.ShowsProgress || clock.GetElapsedTime(said) > Between)
                Write(
                    (percent == 0 || value.Stage != stage ? $"{value.Stage} …" : $"{value.Stage} {percent} %")
                        + Left(value.Left)
                );
            stage = value.Stage;
        }
    }

    /// <summary>Removes the line from a terminal.</summary>
    public void Dispose()
    {
        lock (held)
        {
            if (terminal.ShowsProgress && last.Length > 0)
                terminal.Error.Write("\r\e[K");
            last = "";
        }
    }

    private static string Left(TimeSpan? left) =>
        left is not { } t ? ""
        : t.TotalSeconds < 90 ? $", about {Math.Ceiling(t.TotalSeconds / 10) * 10:F0} s left"
        : $", about {Math.Ceiling(t.TotalMinutes):F0} min left";

    private void Write(string text)
    {
        if (text == last)
            return;
        (last, said) = (text, clock.GetTimestamp());
        if (terminal.ShowsProgress)
            terminal.Error.Write($"\r\e[K{text}");
        else
            terminal.Error.WriteLine(text);
    }
}
