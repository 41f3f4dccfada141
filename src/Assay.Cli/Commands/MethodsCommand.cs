using System.CommandLine;
using Assay.Attribution;
using Assay.Attribution.Interactions;
using Assay.Cli.Output;

namespace Assay.Cli.Commands;

/// <summary><c>assay methods</c>: what the registry knows.</summary>
internal static class MethodsCommand
{
    public static Command Create(CommandContext context)
    {
        var command = new ExampleCommand(
            "methods",
            "List the methods of attribution and of interactions: what they satisfy, what they cost, where they come from.",
            "assay methods"
        );
        command.SetAction(_ =>
        {
            var table = new TextTable("method", "answers", "gradients", "complete", "cost per row", "source");
            foreach (var m in MethodRegistry.All.Concat(InteractionRegistry.All))
                table.Add(m.Id, Answers(m), YesNo(m.NeedsGradient), YesNo(m.Complete), m.Cost, m.Paper);
            table.Write(context.Terminal);
        });
        return command;
    }

    private static string Answers(MethodInfo method)
    {
        var whom = method.PerRow ? "rows" : "population";
        return InteractionRegistry.All.Contains(method) ? $"interactions, {whom}" : whom;
    }

    private static string YesNo(bool value) => value ? "yes" : "no";
}
