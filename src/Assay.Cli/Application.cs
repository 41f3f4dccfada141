using System.CommandLine;
using Assay.Cli.Commands;
using Assay.Cli.Comparing;
using Assay.Cli.Compiling;
using Assay.Cli.Counterfactual;
using Assay.Cli.Effects;
using Assay.Cli.Interactions;
using Assay.Cli.Judging;
using Assay.Cli.Layers;
using Assay.Cli.Policies;
using Assay.Cli.Reporting;
using Assay.Cli.Surrogates;
using Assay.Onnx;

namespace Assay.Cli;

/// <summary>The <c>assay</c> command line: parses, runs a command, and turns every outcome into an exit code.</summary>
internal static class Application
{
    /// <summary>Runs one command. 0 done; 1 failed; 2 wrong usage; 3 the input is unusable.</summary>
    public static int Run(string[] args, Terminal terminal)
    {
        using var interrupt = new Interrupt(terminal);
        var verbose = new Option<bool>("--verbose") { Description = "Show the stack of an error.", Recursive = true };
        var root = Root(new CommandContext(terminal, interrupt.Token), verbose);
        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0 && !AsksForHelp(args))
            return Fail(terminal, Fault.Usage, UsageErrors.Line(parsed, args));
        try
        {
            return parsed.Invoke(
                new InvocationConfiguration
                {
                    EnableDefaultExceptionHandler = false,
                    ProcessTerminationTimeout = null,
                    Output = terminal.Out,
                    Error = terminal.Error,
                }
            );
        }
        catch (Exception e)
        {
            var code = Report(terminal, e);
            if (parsed.GetValue(verbose))
                terminal.Error.WriteLine(e);
            return code;
        }
    }

    private static RootCommand Root(CommandContext context, Option<bool> verbose)
    {
        var root = new RootCommand(
            "Tells which features a deep ranking model leans on, for whom, and how sure that is."
        )
        {
            ExplainCommand.Create(context),
            InspectCommand.Create(context),
            StudyCommand.Create(context),
            DemoCommand.Create(context),
            LayersCommand.Create(context),
            CompileCommand.Create(context),
            RetrainCommand.Create(context),
            RetrainCommand.CreateTrain(context),
            EvaluateCommand.Create(context),
            CounterfactualCommand.Create(context),
            InteractionsCommand.Create(context),
            SurrogateCommand.Create(context),
            EffectsCommand.Create(context),
            CheckCommand.Create(context),
            CompareCommand.Create(context),
            AnnotateCommand.Create(context),
            ReportCommand.Create(context),
            MethodsCommand.Create(context),
        };
        root.Options.Add(verbose);
        Help.Install(root);
        return root;
    }

    private static bool AsksForHelp(string[] args) => args.Any(a => a is "--help" or "-h" or "-?" or "/?" or "/h");

    private static int Report(Terminal terminal, Exception e) =>
        e switch
        {
            AggregateException { InnerException: { } inner } => Report(terminal, inner),
            AssayException known => Fail(terminal, known.Fault, known.Message),
            OperationCanceledException => Fail(terminal, Fault.Failed, "stopped; what was finished is kept."),
            OutOfMemoryException => Fail(terminal, Fault.Failed, "out of memory; explain fewer rows at a time."),
            IOException or UnauthorizedAccessException => Fail(
                terminal,
                Fault.Failed,
                $"{e.Message.TrimEnd('.')}; see to the disk, or to where the output goes."
            ),
            _ => Fail(
                terminal,
                Fault.Failed,
                $"unexpected {e.GetType().Name}: {e.Message.TrimEnd('.')}. Run with --verbose for the stack, and report it."
            ),
        };

    private static int Fail(Terminal terminal, Fault fault, string message)
    {
        terminal.Error.WriteLine($"assay: {OneLine(message)}");
        return (int)fault;
    }

    private static string OneLine(string text) =>
        string.Join(
            ' ',
            text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        );
}
