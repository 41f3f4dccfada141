using System.CommandLine;
using Assay.Attribution;
using Assay.Cli.Input;
using Assay.Cli.Ranking;
using Assay.Cli.Sequences;
using Assay.Cli.Services;
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
            "assay explain model.onnx --dictionary features.yaml --data log.parquet --rows 0..1000 --method saliency --format parquet --out a.parquet",
            "assay explain model.onnx --dictionary features.yaml --data log.parquet --rows 0..100 --method shapley --positions history --recent 5",
            "assay explain http://localhost:8000/v2/models/ranker --dictionary features.yaml --data log.parquet --rows 0..10 --method shapley --budget 500",
            "assay explain model.onnx --dictionary features.yaml --data log.parquet --rows 3..4 --against 7 --method shapley",
            "assay explain model.onnx --dictionary features.yaml --data log.parquet --rows 0..100 --method shapley --list request_id --list-target ndcg@10 --label clicked"
        );
        var o = new ExplainOptions(command);
        command.SetAction(parsed => ExplainJob.Run(o.Read(parsed), context));
        return command;
    }

    private sealed class ExplainOptions
    {
        private readonly Argument<string> model = new("MODEL")
        {
            Description = "The ONNX file, or the address of a served model.",
        };
        private readonly Option<string?> tensors = OptionForms.Tensors();
        private readonly Option<string?> data = OptionForms.Data();
        private readonly Option<string?> rows = OptionForms.Rows("all if not given.");
        private readonly MethodOptions how = new(
            "What features are compared with: zero vectors and numbers; the mean over the rows given (of data, the first 65536); the dictionary's replacement values; or a file like --tensors with one row for all or one for each."
        );
        private readonly Option<string?> background = OptionForms.Background();
        private readonly Option<ulong> seed = OptionForms.Seed("Seed of sampled methods.");
        private readonly RankingOptions ranking = new();
        private readonly SequenceOptions sequences = new();
        private readonly ServiceOptions service = new();
        private readonly Option<string> format = OptionForms.Choice(
            "--format",
            "How to write the result.",
            "table",
            "jsonl",
            "parquet"
        );
        private readonly Option<string?> output = OptionForms.Output();

        public ExplainOptions(Command command)
        {
            command.Arguments.Add(model);
            foreach (
                var option in (Option[])
                    [
                        tensors,
                        data,
                        rows,
                        .. how.All,
                        background,
                        seed,
                        .. sequences.All,
                        .. ranking.All,
                        .. service.All,
                        format,
                        output,
                    ]
            )
                command.Options.Add(option);
        }

        public ExplainRequest Read(ParseResult parsed)
        {
            var request = new ExplainRequest
            {
                Model = parsed.GetRequiredValue(model),
                Service = service.Read(
                    parsed,
                    parsed.GetRequiredValue(model),
                    how.IsGiven(parsed, "--space") && how.Space(parsed) == Space.Logit
                ),
                Tensors = parsed.GetValue(tensors),
                Dictionary = how.Dictionary(parsed),
                Data = parsed.GetValue(data),
                Rows = parsed.GetValue(rows) is { } range ? RowRange.Parse(range) : RowRange.All,
                Baseline = Baseline(parsed),
                Groups = how.Groups(parsed),
                Background = parsed.GetValue(background),
                Ranking = ranking.Read(parsed, how.IsGiven(parsed, "--baseline"), parsed.GetValue(data) is not null),
                Sequences = sequences.Read(parsed, parsed.GetValue(data) is not null),
                Format = Enum.Parse<ResultFormat>(parsed.GetValue(format)!, ignoreCase: true),
                Out = parsed.GetValue(output),
                Settings = how.Settings(parsed, how.Method(parsed) ?? throw MethodOptions.NameOne()) with
                {
                    Seed = parsed.GetValue(seed),
                },
            };
            Require(request, parsed.GetValue(rows) is not null);
            return request;
        }

        // Of a black box there are no looked-up vectors that could be zero.
        private string Baseline(ParseResult parsed) =>
            ModelSource.IsAddress(parsed.GetRequiredValue(model))
            && !how.IsGiven(parsed, "--baseline")
            && how.Dictionary(parsed) is not null
                ? "padding"
                : how.Baseline(parsed);

        private static void Require(ExplainRequest request, bool hasRows)
        {
            if (!MethodRegistry.Get(request.Settings.Method).PerRow)
                throw AssayException.Usage(
                    $"Method '{request.Settings.Method}' measures a population and has no answer for single rows; run it with 'assay study'."
                );
            if (request.Service is not null && (request.Settings.Float64 || request.Settings.At != EntryPoint.Raw))
                throw AssayException.Usage(
                    "A model behind an address computes as it does; leave out --precision float64 and --at."
                );
            OptionForms.RequireRows("explain", request.Tensors, request.Dictionary, request.Data, hasRows);
            if (request is { Format: ResultFormat.Parquet, Out: null })
                throw AssayException.Usage("--format parquet needs --out FILE.");
        }
    }
}
