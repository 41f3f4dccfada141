using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Assay.Cli;

/// <summary>A command with examples, shown under its help.</summary>
internal sealed class ExampleCommand(string name, string description, params string[] examples)
    : Command(name, description)
{
    public IReadOnlyList<string> Examples { get; } = examples;
}

/// <summary>Adds the examples of a command to its help.</summary>
internal static class Help
{
    public static void Install(RootCommand root)
    {
        if (root.Options.OfType<HelpOption>().SingleOrDefault() is { Action: HelpAction standard } option)
            option.Action = new WithExamples(standard);
    }

    private sealed class WithExamples(HelpAction standard) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parsed)
        {
            var result = standard.Invoke(parsed);
            if (parsed.CommandResult.Command is not ExampleCommand { Examples: { Count: > 0 } examples })
                return result;
            var output = parsed.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (var example in examples)
                output.WriteLine($"  {example}");
            output.WriteLine();
            return result;
        }
    }
}
