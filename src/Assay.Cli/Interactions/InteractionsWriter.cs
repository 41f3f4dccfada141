using Assay.Attribution.Interactions;
using Assay.Cli.Output;

namespace Assay.Cli.Interactions;

/// <summary>Writes interactions in one format, to a file or standard output.</summary>
internal abstract class InteractionsWriter(
    InteractionsRequest request,
    InteractionExplainer explainer,
    Terminal terminal
) : IDisposable
{
    private readonly OutputFile? file = request.Out is { } path ? new OutputFile(path) : null;

    public static InteractionsWriter Create(
        InteractionsRequest request,
        InteractionExplainer explainer,
        Terminal terminal
    ) =>
        request.Format == InteractionsFormat.Table
            ? new InteractionsTable(request, explainer, terminal)
            : new InteractionsJson(request, explainer, terminal);

    protected InteractionsRequest Request => request;

    protected InteractionExplainer Explainer => explainer;

    public abstract void Write(InteractionRanking ranking);

    public virtual void Write(RowInteractions rows, long[] numbers) => throw new NotSupportedException();

    public void Finish() => file?.Finish();

    public void Dispose() => file?.Dispose();

    /// <summary>Hands out where text goes.</summary>
    protected void To(Action<Terminal> write)
    {
        if (file is null)
        {
            write(terminal);
            return;
        }
        var writer = new StreamWriter(file.Stream, leaveOpen: true);
        file.Write(() =>
        {
            write(terminal with { Out = writer, IsRich = false });
            writer.Dispose();
        });
    }

    /// <summary>The names of a set's features.</summary>
    protected string[] Names(IReadOnlyList<int> set) => [.. set.Select(p => explainer.Features[p])];
}
