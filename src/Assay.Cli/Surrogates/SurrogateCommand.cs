using System.CommandLine;
using Assay.Cli.Commands;
using Assay.Cli.Input;
using Assay.Gradients;
using Assay.Onnx;
using Assay.Studies;

namespace Assay.Cli.Surrogates;

/// <summary><c>assay surrogate</c>: its options, which are a public contract.</summary>
internal static class SurrogateCommand
{
    public static Command Create(CommandContext context)
    {
        var command = new ExampleCommand(
            "surrogate",
            "Say what the model does in one tree or one additive model, and how far that is to be believed.",
            "assay surrogate model.onnx --dictionary features.yaml --data log.parquet --kind tree",
            "assay surrogate model.onnx --dictionary features.yaml --data log.parquet --kind additive --segment country --format json"
        );
        var o = new SurrogateOptions(command);
        command.SetAction(parsed => SurrogateJob.Run(o.Read(parsed), context));
        return command;
    }

    private sealed class SurrogateOptions
    {
        private readonly Argument<string> model = OptionForms.Model();
        private readonly Option<string?> dictionary = OptionForms.Dictionary();
        private readonly Option<string?> data = OptionForms.Text("--data", "FILE", "Logged rows, Parquet or CSV.");
        private readonly Option<string?> rows = OptionForms.Rows("the first 20000 if not given.");
        private readonly Option<string> kind = OptionForms.Choice("--kind", "What to fit.", "tree", "additive");
        private readonly Option<int?> leaves = OptionForms.Count(
            "--leaves",
            "N",
            "The most leaves of a tree; 16 if not given."
        );
        private readonly Option<string[]> segments = new("--segment")
        {
            HelpName = "FEATURE",
            Description = "A feature by whose values fidelity is told apart; may be repeated.",
        };
        private readonly Option<string?> head = OptionForms.Text(
            "--head",
            "NAME|NAME[k]",
            "The output to say; the first, column 0, if not given."
        );
        private readonly Option<string> space = OptionForms.Choice(
            "--space",
            "Say log-odds or the probability.",
            "logit",
            "probability"
        );
        private readonly Option<ulong> seed = OptionForms.Seed(
            "Seed of the split into rows to fit and rows to judge by."
        );
        private readonly Option<string> format = OptionForms.Choice(
            "--format",
            "How to write the result.",
            "table",
            "json"
        );
        private readonly Option<string?> output = OptionForms.Output();

        public SurrogateOptions(Command command)
        {
            command.Arguments.Add(model);
            foreach (
                var option in (Option[])
                    [dictionary, data, rows, kind, leaves, segments, head, space, seed, format, output]
            )
                command.Options.Add(option);
        }

        public SurrogateRequest Read(ParseResult parsed)
        {
            const string Wanted = "Say which rows to learn from: --dictionary FILE with --data FILE.";
            return new SurrogateRequest
            {
                Model = parsed.GetRequiredValue(model),
                Dictionary = parsed.GetValue(dictionary) ?? throw AssayException.Usage(Wanted),
                Data = parsed.GetValue(data) ?? throw AssayException.Usage(Wanted),
                Rows = RowRange.Parse(parsed.GetValue(rows) ?? "0..20000"),
                Head = parsed.GetValue(head),
                Space = Enum.Parse<Space>(parsed.GetValue(space)!, ignoreCase: true),
                Json = parsed.GetValue(format) == "json",
                Out = parsed.GetValue(output),
                Settings = new SurrogateSettings
                {
                    Kind = Enum.Parse<SurrogateKind>(parsed.GetValue(kind)!, ignoreCase: true),
                    Leaves = parsed.GetValue(leaves) ?? 16,
                    Segments = parsed.GetValue(segments) ?? [],
                    Seed = parsed.GetValue(seed),
                },
            };
        }
    }
}
