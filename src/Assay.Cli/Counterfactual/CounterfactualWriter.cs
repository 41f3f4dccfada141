using Assay.Cli.Commands;
using Assay.Cli.Output;

namespace Assay.Cli.Counterfactual;

/// <summary>Writes counterfactuals row by row in one format.</summary>
internal abstract class CounterfactualWriter(OutputFile? file, Terminal terminal) : IDisposable
{
    public static CounterfactualWriter Create(CounterfactualRequest asked, Terminal terminal)
    {
        var file = asked.Out is { } path ? new OutputFile(path) : null;
        return asked.Format == ResultFormat.Jsonl
            ? new CounterfactualJson(file, terminal)
            : new CounterfactualTable(asked, file, terminal);
    }

    protected Terminal Terminal => terminal;

    public abstract void Write(CounterfactualRow row);

    public virtual void Finish() => file?.Finish();

    public void Dispose() => file?.Dispose();

    protected void Emit(string text)
    {
        if (file is null)
            terminal.Out.Write(text);
        else
            file.Write(() => file.Stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));
    }
}
