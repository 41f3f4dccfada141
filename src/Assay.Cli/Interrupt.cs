using System.Runtime.InteropServices;

namespace Assay.Cli;

/// <summary>Ctrl-C and SIGTERM: the first asks the work to stop, the second ends the process.</summary>
internal sealed class Interrupt : IDisposable
{
    private readonly CancellationTokenSource source = new();
    private readonly PosixSignalRegistration[] signals;
    private readonly Terminal terminal;

    public Interrupt(Terminal terminal)
    {
        this.terminal = terminal;
        signals =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop),
        ];
    }

    public CancellationToken Token => source.Token;

    public void Dispose()
    {
        foreach (var signal in signals)
            signal.Dispose();
        source.Dispose();
    }

    private void Stop(PosixSignalContext context)
    {
        if (source.IsCancellationRequested)
            return;
        context.Cancel = true;
        if (terminal.ShowsProgress)
            terminal.Note("stopping …; press Ctrl-C again to end at once");
        source.Cancel();
    }
}
