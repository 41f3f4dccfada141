using System.CommandLine;
using System.Globalization;
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
        var usual = new WorldOptions();
        var users = new Option<int?>("--users")
        {
            HelpName = "N",
            Description = $"Users of the world; {usual.Users} if not given.",
            CustomParser = NumberOptions.Count,
            Validators =
            {
                r =>
                {
                    if (NumberOptions.AsCount(r.Tokens[0].Value) < 2)
                        r.AddError($"--users '{r.Tokens[0].Value}' is less than 2.");
                },
            },
        };
        var untouched = new Option<double?>("--untouched")
        {
            HelpName = "SHARE",
            Description =
                $"Share of the users who appear in the holdout only; {usual.UntouchedShare.ToString(CultureInfo.InvariantCulture)} if not given.",
            CustomParser = NumberOptions.Share,
        };
        var threads = StudyCommand.Threads();
        var command = new ExampleCommand(
            "demo",
            "Simulate a recommender whose truth is known, train a model on it, study the model, and compare.",
            "assay demo",
            "assay demo --seed 2 --out demo-2",
            "assay demo --users 9000 --untouched 0.83"
        )
        {
            seed,
            users,
            untouched,
            output,
            threads,
        };
        command.SetAction(parsed =>
            new DemoRun(
                new WorldOptions
                {
                    Seed = parsed.GetValue(seed),
                    Users = parsed.GetValue(users) ?? usual.Users,
                    UntouchedShare = parsed.GetValue(untouched) ?? usual.UntouchedShare,
                },
                parsed.GetValue(output)!,
                parsed.GetValue(threads),
                context
            ).RunAsync()
        );
        return command;
    }
}
