using System.CommandLine;
using Assay.Attribution.Judging;
using Assay.Cli.Commands;
using Assay.Cli.Input;
using Assay.Onnx;

namespace Assay.Cli.Judging;

/// <summary><c>assay evaluate</c>: its options, which are a public contract.</summary>
internal static class EvaluateCommand
{
    public static Command Create(CommandContext context)
    {
        var command = new ExampleCommand(
            "evaluate",
            "Judge attribution methods on a model: faithfulness, steadiness, sanity, agreement and cost in one table.",
            "assay evaluate model.onnx --dictionary features.yaml --data log.parquet",
            "assay evaluate model.onnx --tensors rows.json --methods integrated-gradients,feature-ablation --format markdown"
        );
        var o = new EvaluateOptions(command);
        command.SetAction(parsed => EvaluateJob.Run(o.Read(parsed), context));
        return command;
    }

    private sealed class EvaluateOptions
    {
        private readonly Argument<string> model = new("MODEL") { Description = "The ONNX file." };
        private readonly Option<string?> methods = OptionForms.Text(
            "--methods",
            "NAME,…",
            "The methods to judge; every method of rows that the model allows if not given."
        );
        private readonly Option<string?> tensors = OptionForms.Text(
            "--tensors",
            "FILE.json",
            "Rows: each input to a nested array."
        );
        private readonly Option<string?> data = OptionForms.Text(
            "--data",
            "FILE",
            "Logged rows, Parquet or CSV; needs --dictionary."
        );
        private readonly Option<string?> rows = OptionForms.Text(
            "--rows",
            "a..b",
            "Rows a to b − 1 of the data, counting from 0, to sample from; the first 65536 if not given."
        );
        private readonly Option<int?> sample = new("--sample")
        {
            HelpName = "N",
            Description = "Rows to judge, drawn by the seed; 64 if not given.",
            CustomParser = NumberOptions.Count,
        };
        private readonly Option<int?> top = new("--top")
        {
            HelpName = "K",
            Description = "Features that count as important; a quarter of them if not given.",
            CustomParser = NumberOptions.Count,
        };
        private readonly MethodOptions how = new(
            "What features are compared with: zero vectors and numbers; the mean over the rows given (of data, the first 65536); the dictionary's replacement values; or a file like --tensors with one row."
        );
        private readonly Option<string?> background = OptionForms.Text(
            "--background",
            "FILE.json",
            "Rows like those of --tensors over which methods average that draw their baselines from data."
        );
        private readonly Option<ulong> seed = new("--seed")
        {
            HelpName = "S",
            Description = "Seed of the sample, of sampled methods, and of the judge's own draws.",
            DefaultValueFactory = _ => 1,
            CustomParser = NumberOptions.Seed,
        };
        private readonly Option<string> format = OptionForms.Choice(
            "--format",
            "How to write the tables.",
            "table",
            "json",
            "markdown"
        );
        private readonly Option<string?> output = OptionForms.Text(
            "--out",
            "FILE",
            "Where to write them; standard output if not given."
        );

        public EvaluateOptions(Command command)
        {
            command.Arguments.Add(model);
            IEnumerable<Option> shared = how.All.Where(o => o.Name is not ("--method" or "--layer"));
            foreach (
                var option in (Option[])
                    [methods, tensors, data, rows, sample, top, .. shared, background, seed, format, output]
            )
                command.Options.Add(option);
        }

        public EvaluateRequest Read(ParseResult parsed)
        {
            var explain = how.Settings(parsed, "feature-ablation") with { Seed = parsed.GetValue(seed) };
            var request = new EvaluateRequest
            {
                Model = parsed.GetRequiredValue(model),
                Tensors = parsed.GetValue(tensors),
                Dictionary = how.Dictionary(parsed),
                Data = parsed.GetValue(data),
                Rows = RowRange.Parse(parsed.GetValue(rows) ?? $"0..{EvaluateJob.MostRows}"),
                Baseline = how.Baseline(parsed),
                Groups = how.Groups(parsed),
                Background = parsed.GetValue(background),
                Sample = parsed.GetValue(sample) ?? 64,
                Format = Enum.Parse<TableFormat>(parsed.GetValue(format)!, ignoreCase: true),
                Out = parsed.GetValue(output),
                Settings = new JudgeSettings
                {
                    Explain = explain,
                    Methods = parsed.GetValue(methods) is { } ids
                        ? ids.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                        : null,
                    Top = parsed.GetValue(top),
                },
            };
            Require(request, parsed.GetValue(rows) is not null);
            return request;
        }

        private static void Require(EvaluateRequest request, bool hasRows)
        {
            if (request.Tensors is null && (request.Dictionary is null || request.Data is null))
                throw AssayException.Usage(
                    "Say which rows to judge by: --tensors FILE.json, or --dictionary FILE with --data FILE."
                );
            if (request.Tensors is not null && ((request.Dictionary ?? request.Data) is not null || hasRows))
                throw AssayException.Usage(
                    "Rows come from --tensors, or from --dictionary with --data and --rows, not from both."
                );
            if (request.Sample < 1)
                throw AssayException.Usage($"--sample must be at least 1, not {request.Sample}.");
            request.Settings.Validate();
        }
    }
}
