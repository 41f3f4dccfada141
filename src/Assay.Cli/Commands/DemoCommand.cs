using System.CommandLine;
using Assay.Cli.Demo;
using Assay.Worlds;

namespace Assay.Cli.Commands;

/// <summary><c>assay demo</c>: a world with planted truth, and how much of it a study finds.</summary>
internal static class DemoCommand
{
    public static Command Create(CommandContext context)
    {
        var seed = new Option<ulong>("--seed")
        {
            HelpName = "N",
            Description = "Seed of the world, the training and the study.",
            DefaultValueFactory = _ => 1,
            CustomParser = NumberOptions.Seed,
        };
        var output = new Option<string>("--out")
        {
            HelpName = "FOLDER",
            Description = "Where the world's files and the run go.",
            DefaultValueFactory = _ => "demo",
        };
        var threads = StudyCommand.Threads();
        var command = new ExampleCommand(
            "demo",
            "Simulate a recommender whose truth is known, train a model on it, study the model, and compare.",
            "assay demo",
            "assay demo --seed 2 --out demo-2"
        )
        {
            seed,
            output,
            threads,
        };
        command.SetAction(parsed =>
            new DemoRun(
                new WorldOptions { Seed = parsed.GetValue(seed) },
                parsed.GetValue(output)!,
                parsed.GetValue(threads),
                context
            ).RunAsync()
        );
        return command;
    }
}
