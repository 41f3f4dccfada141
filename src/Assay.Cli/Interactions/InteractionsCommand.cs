using System.CommandLine;
using Assay.Attribution.Interactions;
using Assay.Cli.Commands;
using Assay.Cli.Input;
using Assay.Onnx;

namespace Assay.Cli.Interactions;

/// <summary><c>assay interactions</c>: its options, which are a public contract.</summary>
internal static class InteractionsCommand
{
    public static Command Create(CommandContext context)
    {
        var command = new ExampleCommand(
            "interactions",
            "Find features that act together: pairs and triples, ranked, with intervals.",
            "assay interactions model.onnx --dictionary features.yaml --data log.parquet --method interaction-detection --cluster user_id",
            "assay interactions model.onnx --tensors rows.json --method shapley-interactions --order 3 --index fsii --format jsonl",
            "assay interactions model.onnx --dictionary features.yaml --data log.parquet --rows 0..500 --method h-statistic --top 10"
        );
        var o = new Options(command);
        command.SetAction(parsed => InteractionsJob.Run(o.Read(parsed), context));
        return command;
    }

    private sealed class Options
    {
        private readonly Argument<string> model = OptionForms.Model();
        private readonly Option<string?> tensors = OptionForms.Tensors();
        private readonly Option<string?> data = OptionForms.Data();
        private readonly Option<string?> rows = OptionForms.Rows("the first 65536 if not given.");
        private readonly MethodOptions how = new(
            "What features are compared with: zero vectors and numbers; the mean over the rows given; the dictionary's replacement values; or a file like --tensors. Methods of a population compare rows with other rows; interaction-detection with a baseline if one is given."
        );
        private readonly Option<string?> background = OptionForms.Text(
            "--background",
            "FILE.json",
            "Rows like those of --tensors that features are compared with."
        );
        private readonly Option<int?> order = OptionForms.Count(
            "--order",
            "2|3",
            "The most features in a set, 2 if not given."
        );
        private readonly Option<string> index = OptionForms.Choice(
            "--index",
            "Which Shapley interaction index.",
            "k-sii",
            "sii",
            "stii",
            "fsii"
        );
        private readonly Option<int?> top = OptionForms.Count(
            "--top",
            "K",
            "How many sets to show, 20 if not given; 0 for all."
        );
        private readonly Option<int?> sample = OptionForms.Count(
            "--sample",
            "N",
            "The most rows used; if not given, 64 under h-statistic, 2000 under interaction-detection, else 100."
        );
        private readonly Option<string?> cluster = OptionForms.Text(
            "--cluster",
            "COLUMN",
            "The column whose equal values are one cluster (a user), which intervals resample whole."
        );
        private readonly Option<double?> level = Fraction(
            "--level",
            "The false discovery rate of the test, and 1 less the level of the intervals; 0.05 if not given."
        );
        private readonly Option<double?> leastShare = Fraction(
            "--least-share",
            "Under interaction-detection: the share of the score's variation up to which an interaction counts as none; 0.01 if not given."
        );
        private readonly Option<double?> sharpness = Fraction(
            "--sharpness",
            "Under integrated-hessians: ReLUs are replaced by softplus(βx)/β with this β, 10 if not given."
        );
        private readonly Option<ulong> seed = OptionForms.Seed("Seed of what is sampled.");
        private readonly Option<string> format = OptionForms.Choice(
            "--format",
            "How to write the result.",
            "table",
            "jsonl",
            "json"
        );
        private readonly Option<string?> output = OptionForms.Output();

        public Options(Command command)
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
                        order,
                        index,
                        top,
                        sample,
                        cluster,
                        level,
                        leastShare,
                        sharpness,
                        seed,
                        format,
                        output,
                    ]
            )
                command.Options.Add(option);
        }

        public InteractionsRequest Read(ParseResult parsed)
        {
            var method = how.Method(parsed) ?? throw NameOne();
            InteractionRegistry.Get(method);
            var defaults = new InteractionSettings
            {
                Explain = how.Settings(parsed, method) with { Seed = parsed.GetValue(seed) },
            };
            var settings = defaults with
            {
                Order = parsed.GetValue(order) ?? defaults.Order,
                Index = parsed.GetValue(index)!,
                Level = parsed.GetValue(level) ?? defaults.Level,
                LeastShare = parsed.GetValue(leastShare) ?? defaults.LeastShare,
                Sharpness = parsed.GetValue(sharpness) ?? defaults.Sharpness,
                SampleRows = parsed.GetValue(sample),
                AgainstRows = !how.IsGiven(parsed, "--baseline"),
            };
            settings.Validate();
            var request = new InteractionsRequest
            {
                Model = parsed.GetRequiredValue(model),
                Tensors = parsed.GetValue(tensors),
                Dictionary = how.Dictionary(parsed),
                Data = parsed.GetValue(data),
                Rows = parsed.GetValue(rows) is { } range ? RowRange.Parse(range) : RowRange.All,
                Baseline = how.Baseline(parsed),
                Groups = how.Groups(parsed),
                Background = parsed.GetValue(background),
                Cluster = parsed.GetValue(cluster),
                Top =
                    parsed.GetValue(top) is not { } k ? 20
                    : k > 0 ? k
                    : int.MaxValue,
                RowSample = parsed.GetValue(sample) ?? 100,
                Format = Enum.Parse<InteractionsFormat>(parsed.GetValue(format)!, ignoreCase: true),
                Out = parsed.GetValue(output),
                Settings = settings,
            };
            Require(request, parsed.GetValue(rows) is not null);
            return request;
        }

        private static void Require(InteractionsRequest request, bool hasRows)
        {
            OptionForms.RequireRows("measure", request.Tensors, request.Dictionary, request.Data, hasRows);
            if (request is { Cluster: not null, Data: null })
                throw AssayException.Usage("--cluster names a column of --data.");
        }

        private static AssayException NameOne() =>
            AssayException.Usage(
                $"Name a method with --method: {string.Join(", ", InteractionRegistry.All.Select(m => m.Id))}."
            );

        private static Option<double?> Fraction(string name, string description) =>
            new(name) { HelpName = "E", Description = description };
    }
}
