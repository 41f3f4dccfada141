using System.CommandLine;
using System.Text;
using Assay.Cli.Commands;
using Assay.Cli.Output;
using Assay.Studies;

namespace Assay.Cli.Comparing;

/// <summary><c>assay compare</c>: what changed between two finished studies.</summary>
internal static class CompareCommand
{
    public static Command Create(CommandContext context)
    {
        var first = new Argument<string>("FIRST") { Description = "The folder of a finished study." };
        var second = new Argument<string>("SECOND") { Description = "The folder of the study to compare it with." };
        var retrainings = new Option<string[]>("--null")
        {
            HelpName = "RUN",
            Description = "A study of the model retrained with another seed; at least two, each with its own --null.",
        };
        var json = new Option<bool>("--json") { Description = "Write every difference as JSON." };
        var output = new Option<string?>("--out", "-o")
        {
            HelpName = "FILE",
            Description = "Where to write it; standard output if not given.",
        };
        var segments = new Option<bool>("--segments") { Description = "Show the segments too, not all rows only." };
        var command = new ExampleCommand(
            "compare",
            "What changed between two studies: importances with intervals on the differences, and a verdict for each.",
            "assay compare runs/monday runs/tuesday",
            "assay compare runs/old runs/new --null runs/seed2 --null runs/seed3 --json -o changes.json"
        )
        {
            first,
            second,
            retrainings,
            segments,
            json,
            output,
        };
        command.SetAction(parsed =>
        {
            var path = parsed.GetValue(output);
            if (path is not null)
                OutputFile.RequireWritable(path);
            var comparison = RunComparer.Compare(
                parsed.GetRequiredValue(first),
                parsed.GetRequiredValue(second),
                parsed.GetValue(retrainings) ?? []
            );
            void Write(Terminal terminal)
            {
                if (parsed.GetValue(json))
                    terminal.Out.WriteLine(CompareJson.Of(comparison));
                else
                    CompareTable.Write(comparison, parsed.GetValue(segments), terminal);
            }
            if (path is null)
            {
                Write(context.Terminal);
                return;
            }
            using var text = new StringWriter { NewLine = "\n" };
            Write(context.Terminal with { Out = text, IsRich = false });
            using var file = new OutputFile(path);
            file.Write(() => file.Stream.Write(Encoding.UTF8.GetBytes(text.ToString())));
            file.Finish();
        });
        return command;
    }
}
