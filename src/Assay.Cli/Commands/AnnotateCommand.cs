using System.CommandLine;
using Assay.Studies;

namespace Assay.Cli.Commands;

/// <summary><c>assay annotate</c>: reads a filled-in workshop sheet back into its run.</summary>
internal static class AnnotateCommand
{
    public static Command Create(CommandContext context)
    {
        var run = new Argument<string>("RUN") { Description = "The folder of a finished study." };
        var sheet = new Argument<string?>("SHEET")
        {
            Description = "The filled-in sheet; workshop.md of the run if not given.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new ExampleCommand(
            "annotate",
            "Read a filled-in workshop sheet; its notes go into annotations.json, and onto the card of the next run.",
            "assay annotate runs/monday",
            "assay annotate runs/monday minutes/workshop.md"
        )
        {
            run,
            sheet,
        };
        command.SetAction(parsed =>
        {
            var folder = parsed.GetRequiredValue(run);
            var read = Annotations.Annotate(folder, parsed.GetValue(sheet));
            var kinds = read.Items.CountBy(i => i.Kind).Select(k => $"{k.Value} {k.Key}{(k.Value == 1 ? "" : "s")}");
            context.Terminal.Out.WriteLine(
                $"{string.Join(", ", kinds)} read into {Path.Combine(folder, "annotations.json")}."
            );
        });
        return command;
    }
}
