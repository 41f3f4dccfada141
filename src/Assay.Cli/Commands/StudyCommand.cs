using System.CommandLine;
using Assay.Cli.Output;
using Assay.Studies;

namespace Assay.Cli.Commands;

/// <summary><c>assay study</c>: the whole job, into a run folder.</summary>
internal static class StudyCommand
{
    public static Command Create(CommandContext context)
    {
        var study = new Argument<string>("STUDY.yaml") { Description = "What to study." };
        var output = new Option<string?>("--out")
        {
            HelpName = "FOLDER",
            Description = "The run folder; runs/NAME if not given. An unfinished run there is continued.",
        };
        var threads = Threads();
        var workers = Count(
            "--workers",
            "Workers among which the blocks are dealt; one for each thread if not given. The results are the same."
        );
        var command = new ExampleCommand(
            "study",
            "Measure importances with intervals, per segment, into a folder with Parquet files and a report.",
            "assay study study.yaml",
            "assay study study.yaml --out runs/monday --threads 2"
        )
        {
            study,
            output,
            threads,
            workers,
        };
        command.SetAction(parsed =>
        {
            var definition = StudyDefinition.Load(parsed.GetRequiredValue(study));
            var folder = parsed.GetValue(output) ?? Path.Combine("runs", definition.Name);
            StudyResult result;
            using (var progress = new ProgressLine(context.Terminal))
                result = StudyRunner.Run(
                    definition,
                    folder,
                    Options(parsed.GetValue(threads), progress, context) with
                    {
                        Workers = parsed.GetValue(workers),
                    }
                );
            StudySummary.Write(result, context.Terminal);
        });
        return command;
    }

    /// <summary>The option --threads.</summary>
    public static Option<int?> Threads() =>
        Count("--threads", "Threads; one for each processor if not given. The results are the same.");

    /// <summary>An option that takes a number from 1 to 1024.</summary>
    public static Option<int?> Count(string name, string description) =>
        new(name)
        {
            HelpName = "N",
            Description = description,
            CustomParser = NumberOptions.Count,
            Validators =
            {
                result =>
                {
                    if (result.Tokens.Count == 1 && NumberOptions.AsCount(result.Tokens[0].Value) is < 1 or > 1024)
                        result.AddError($"{name} '{result.Tokens[0].Value}' does not lie between 1 and 1024.");
                },
            },
        };

    /// <summary>How a study runs at this terminal.</summary>
    public static RunOptions Options(int? threads, ProgressLine progress, CommandContext context) =>
        new()
        {
            Threads = threads,
            Progress = progress,
            Cancellation = context.Stop,
        };
}
