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
        private readonly Argument<string> model = OptionForms.Model();
        private readonly Option<string?> methods = OptionForms.Text(
            "--methods",
            "NAME,…",
            "The methods to judge; every method of rows that the model allows if not given."
        );
        private readonly Option<string?> tensors = OptionForms.Tensors();
        private readonly Option<string?> data = OptionForms.Data();
        private readonly Option<string?> rows = OptionForms.Rows("to sample from; the first 65536 if not given.");
        private readonly Option<int?> sample = OptionForms.Count(
            "--sample",
            "N",
            "Rows to judge, drawn by the seed; 64 if not given."
        );
        private readonly Option<int?> top = OptionForms.Count(
            "--top",
            "K",
            "Features that count as important; a quarter of them if not given."
        );
        private readonly MethodOptions how = new(
            "What features are compared with: zero vectors and numbers; the mean over the rows given (of data, the first 65536); the dictionary's replacement values; or a file like --tensors with one row."
        );
        private readonly Option<string?> background = OptionForms.Background();
        private readonly Option<ulong> seed = OptionForms.Seed(
            "Seed of the sample, of sampled methods, and of the judge's own draws."
        );
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
            OptionForms.RequireRows("judge by", request.Tensors, request.Dictionary, request.Data, hasRows);
            if (request.Sample < 1)
                throw AssayException.Usage($"--sample must be at least 1, not {request.Sample}.");
            request.Settings.Validate();
        }
    }
}
