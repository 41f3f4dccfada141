using System.CommandLine;
using Assay.Attribution.Effects;
using Assay.Cli.Commands;
using Assay.Cli.Input;
using Assay.Gradients;
using Assay.Onnx;

namespace Assay.Cli.Effects;

/// <summary><c>assay effects</c>: its options, which are a public contract.</summary>
internal static class EffectsCommand
{
    public static Command Create(CommandContext context)
    {
        var command = new ExampleCommand(
            "effects",
            "Show how the score answers to a feature's value: partial dependence, curves of rows, accumulated local effects.",
            "assay effects model.onnx --dictionary features.yaml --data log.parquet --feature price",
            "assay effects model.onnx --dictionary features.yaml --data log.parquet --feature recency --kind ale --segment region --cluster user_id",
            "assay effects model.onnx --dictionary features.yaml --data log.parquet --feature device,hour --kind ale --format csv --out effects.csv"
        );
        var o = new Options(command);
        command.SetAction(parsed => EffectsJob.Run(o.Read(parsed), context));
        return command;
    }

    private sealed class Options
    {
        private readonly Argument<string> model = OptionForms.Model();
        private readonly Option<string?> tensors = OptionForms.Tensors();
        private readonly Option<string?> dictionary = OptionForms.Dictionary();
        private readonly Option<string?> data = OptionForms.Data();
        private readonly Option<string?> rows = OptionForms.Rows("the first 65536 if not given.");
        private readonly Option<string?> feature = OptionForms.Text(
            "--feature",
            "NAME[,NAME2]",
            "The feature, or two for their joint effect."
        );
        private readonly Option<string> kind = OptionForms.Choice(
            "--kind",
            "Accumulated local effects; partial dependence; or partial dependence with curves of single rows.",
            "ale",
            "pdp",
            "ice"
        );
        private readonly Option<string?> segment = OptionForms.Text(
            "--segment",
            "COLUMN",
            "Effects for each value of this column too."
        );
        private readonly Option<string?> cluster = OptionForms.Text(
            "--cluster",
            "COLUMN",
            "The column whose equal values are one cluster (a user), which intervals resample whole."
        );
        private readonly Option<string?> groups = OptionForms.Text(
            "--groups",
            "FILE.json",
            "Groups of features, set to values as one: {\"group\": [\"feature\", …]}."
        );
        private readonly Option<string?> head = OptionForms.Text(
            "--head",
            "NAME|NAME[k]",
            "The output; the first, column 0, if not given."
        );
        private readonly Option<string> space = OptionForms.Choice(
            "--space",
            "Effects on log-odds or on the probability.",
            "logit",
            "probability"
        );
        private readonly Option<int?> bins = OptionForms.Count(
            "--bins",
            "N",
            "Steps between the values of a number, at quantiles; 20 if not given, for two features 8."
        );
        private readonly Option<int?> levels = OptionForms.Count(
            "--levels",
            "N",
            "Levels of a category that are told apart, the most frequent; 12 if not given, for two features 8."
        );
        private readonly Option<int?> sample = OptionForms.Count(
            "--sample",
            "N",
            "The most rows of each segment; 1000 if not given, under ale 100000."
        );
        private readonly Option<int?> curves = OptionForms.Count(
            "--curves",
            "N",
            "Curves of single rows under ice, 50 if not given."
        );
        private readonly Option<ulong> seed = OptionForms.Seed("Seed of what is sampled.");
        private readonly Option<string> format = OptionForms.Choice(
            "--format",
            "How to write the result.",
            "table",
            "json",
            "csv"
        );
        private readonly Option<string?> output = OptionForms.Output();

        public Options(Command command)
        {
            command.Arguments.Add(model);
            foreach (
                var option in (Option[])
                    [
                        feature,
                        kind,
                        tensors,
                        dictionary,
                        data,
                        rows,
                        segment,
                        cluster,
                        groups,
                        head,
                        space,
                        bins,
                        levels,
                        sample,
                        curves,
                        seed,
                        format,
                        output,
                    ]
            )
                command.Options.Add(option);
        }

        public EffectsRequest Read(ParseResult parsed)
        {
            var features =
                parsed.GetValue(feature)?.Split(',', StringSplitOptions.TrimEntries)
                ?? throw AssayException.Usage("Name a feature with --feature, or two with a comma between.");
            var defaults = new EffectSettings
            {
                Kind = Enum.Parse<EffectKind>(parsed.GetValue(kind)!, ignoreCase: true),
                Seed = parsed.GetValue(seed),
            };
            // Two ways have as many cells as positions of one times those of the other.
            if (features.Length == 2)
                defaults = defaults with { Bins = 8, Levels = 8 };
            var settings = defaults with
            {
                Bins = parsed.GetValue(bins) ?? defaults.Bins,
                Levels = parsed.GetValue(levels) ?? defaults.Levels,
                SampleRows = parsed.GetValue(sample),
                Curves = parsed.GetValue(curves) ?? defaults.Curves,
            };
            settings.Validate();
            var request = new EffectsRequest
            {
                Model = parsed.GetRequiredValue(model),
                Tensors = parsed.GetValue(tensors),
                Dictionary = parsed.GetValue(dictionary),
                Data = parsed.GetValue(data),
                Rows = parsed.GetValue(rows) is { } range ? RowRange.Parse(range) : RowRange.All,
                Features = features,
                Groups = parsed.GetValue(groups),
                Segment = parsed.GetValue(segment),
                Cluster = parsed.GetValue(cluster),
                Head = parsed.GetValue(head),
                Space = Enum.Parse<Space>(parsed.GetValue(space)!, ignoreCase: true),
                Format = Enum.Parse<EffectsFormat>(parsed.GetValue(format)!, ignoreCase: true),
                Out = parsed.GetValue(output),
                Settings = settings,
            };
            Require(request, parsed.GetValue(rows) is not null);
            return request;
        }

        private static void Require(EffectsRequest request, bool hasRows)
        {
            OptionForms.RequireRows("use", request.Tensors, request.Dictionary, request.Data, hasRows);
            if (request.Data is null && (request.Cluster ?? request.Segment) is not null)
                throw AssayException.Usage("--cluster and --segment name columns of --data.");
        }
    }
}
