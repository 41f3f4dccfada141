using System.CommandLine;
using System.CommandLine.Parsing;
using Assay.Attribution;
using Assay.Cli.Input;
using Assay.Gradients;
using Assay.Onnx;

namespace Assay.Cli.Commands;

/// <summary><c>assay explain</c>: its options, which are a public contract.</summary>
internal static class ExplainCommand
{
    public static Command Create(CommandContext context)
    {
        var command = new ExampleCommand(
            "explain",
            "Attribute the model's output for given rows to its features.",
            "assay explain model.onnx --tensors rows.json --method integrated-gradients",
            "assay explain model.onnx --tensors rows.json --baseline base.json --method feature-ablation --format jsonl",
            "assay explain model.onnx --dictionary features.yaml --data log.parquet --rows 0..1000 --method saliency --format parquet --out a.parquet"
        );
        var o = new ExplainOptions(command);
        command.SetAction(parsed => ExplainJob.Run(o.Read(parsed), context));
        return command;
    }

    private sealed class ExplainOptions
    {
        private readonly Argument<string> model = new("MODEL") { Description = "The ONNX file." };
        private readonly Option<string?> tensors = Text(
            "--tensors",
            "FILE.json",
            "Rows: each input to a nested array."
        );
        private readonly Option<string?> dictionary = Text(
            "--dictionary",
            "FILE",
            "The feature dictionary (features.yaml)."
        );
        private readonly Option<string?> data = Text(
            "--data",
            "FILE",
            "Logged rows, Parquet or CSV; needs --dictionary."
        );
        private readonly Option<string?> rows = Text(
            "--rows",
            "a..b",
            "Rows a to b − 1 of the data, counting from 0; all if not given."
        );
        private readonly Option<string> baseline = new("--baseline")
        {
            HelpName = "zero|mean|padding|FILE.json",
            Description =
                "What features are compared with: zero vectors and numbers; the mean over the rows given (of data, the first 65536); the dictionary's replacement values; or a file like --tensors with one row for all or one for each.",
            DefaultValueFactory = _ => "zero",
        };
        private readonly Option<string?> head = Text(
            "--head",
            "NAME|NAME[k]",
            "The output to explain; the first, column 0, if not given."
        );
        private readonly Option<string?> method = Text(
            "--method",
            "NAME",
            "The attribution method; 'assay methods' lists them."
        );
        private readonly Option<int?> steps = new("--steps")
        {
            HelpName = "N",
            Description = "Nodes of a path method, 32 if not given.",
            CustomParser = NumberOptions.Count,
        };
        private readonly Option<string> rule = Choice("--rule", "Quadrature of a path method.", "gauss-legendre");
        private readonly Option<string> at = Choice(
            "--at",
            "Where numbers enter: at the input, or behind their own preprocessing in the graph.",
            "raw",
            "preprocessed"
        );
        private readonly Option<string> space = Choice(
            "--space",
            "Explain log-odds or the probability.",
            "logit",
            "probability"
        );
        private readonly Option<string> precision = Choice("--precision", "Arithmetic.", "float32", "float64");
        private readonly Option<string?> groups = Text(
            "--groups",
            "FILE.json",
            "Groups of features, explained as one: {\"group\": [\"feature\", …]}."
        );
        private readonly Option<ulong> seed = new("--seed")
        {
            HelpName = "S",
            Description = "Seed of sampled methods.",
            DefaultValueFactory = _ => 1,
            CustomParser = NumberOptions.Seed,
        };
        private readonly Option<string> format = Choice(
            "--format",
            "How to write the result.",
            "table",
            "jsonl",
            "parquet"
        );
        private readonly Option<string?> output = Text(
            "--out",
            "FILE",
            "Where to write it; standard output if not given."
        );

        public ExplainOptions(Command command)
        {
            command.Arguments.Add(model);
            Option[] all =
            [
                tensors,
                dictionary,
                data,
                rows,
                baseline,
                head,
                method,
                steps,
                rule,
                at,
                space,
                precision,
                groups,
                seed,
                format,
                output,
            ];
            foreach (var option in all)
                command.Options.Add(option);
        }

        public ExplainRequest Read(ParseResult parsed)
        {
            var request = new ExplainRequest
            {
                Model = parsed.GetRequiredValue(model),
                Tensors = parsed.GetValue(tensors),
                Dictionary = parsed.GetValue(dictionary),
                Data = parsed.GetValue(data),
                Rows = parsed.GetValue(rows) is { } range ? RowRange.Parse(range) : RowRange.All,
                Baseline = parsed.GetValue(baseline)!,
                Groups = parsed.GetValue(groups),
                Format = Enum.Parse<ResultFormat>(parsed.GetValue(format)!, ignoreCase: true),
                Out = parsed.GetValue(output),
                Settings = Settings(parsed),
            };
            Require(request, parsed.GetValue(rows) is not null);
            return request;
        }

        private ExplainSettings Settings(ParseResult parsed)
        {
            var settings = new ExplainSettings
            {
                Method =
                    parsed.GetValue(method) ?? throw AssayException.Usage($"Name a method with --method: {Methods()}."),
                Head = parsed.GetValue(head),
                Space = Enum.Parse<Space>(parsed.GetValue(space)!, ignoreCase: true),
                At = Enum.Parse<EntryPoint>(parsed.GetValue(at)!, ignoreCase: true),
                Rule = parsed.GetValue(rule)!,
                Seed = parsed.GetValue(seed),
                Float64 = parsed.GetValue(precision) == "float64",
            };
            return parsed.GetValue(steps) is { } n ? settings with { Steps = n } : settings;
        }

        private static void Require(ExplainRequest request, bool hasRows)
        {
            request.Settings.Validate();
            if (!MethodRegistry.Get(request.Settings.Method).PerRow)
                throw AssayException.Usage(
                    $"Method '{request.Settings.Method}' measures a population and has no answer for single rows; run it with 'assay study'."
                );
            if (request.Tensors is null && (request.Dictionary is null || request.Data is null))
                throw AssayException.Usage(
                    "Say which rows to explain: --tensors FILE.json, or --dictionary FILE with --data FILE."
                );
            if (request.Tensors is not null && (request.Dictionary ?? request.Data) is not null)
                throw AssayException.Usage(
                    "Rows come from --tensors, or from --dictionary with --data, not from both."
                );
            if (request.Tensors is not null && hasRows)
                throw AssayException.Usage("--rows picks rows of --data; of --tensors all are explained.");
            if (request is { Format: ResultFormat.Parquet, Out: null })
                throw AssayException.Usage("--format parquet needs --out FILE.");
        }

        private static string Methods() => string.Join(", ", MethodRegistry.All.Where(m => m.PerRow).Select(m => m.Id));

        private static Option<string?> Text(string name, string value, string description) =>
            new(name) { HelpName = value, Description = description };

        // The first choice is the default.
        private static Option<string> Choice(string name, string description, params string[] choices)
        {
            var option = new Option<string>(name)
            {
                HelpName = string.Join('|', choices),
                Description = description,
                DefaultValueFactory = _ => choices[0],
            };
            option.Validators.Add(result => RequireChoice(result, name, choices));
            return option;
        }

        private static void RequireChoice(OptionResult result, string name, string[] choices)
        {
            if (result.Tokens.Count == 1 && !choices.Contains(result.Tokens[0].Value))
                result.AddError($"{name} '{result.Tokens[0].Value}' is none of {string.Join(", ", choices)}.");
        }
    }
}
