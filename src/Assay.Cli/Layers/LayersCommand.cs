using System.CommandLine;
using Assay.Cli.Commands;
using Assay.Cli.Input;
using Assay.Gradients;
using Assay.Onnx;

namespace Assay.Cli.Layers;

/// <summary><c>assay layers</c>: its options.</summary>
internal static class LayersCommand
{
    public static Command Create(CommandContext context)
    {
        var command = new ExampleCommand(
            "layers",
            "Find a model's layers; with data also what flows through them, what they know, which units idle, and what that means.",
            "assay layers model.onnx",
            "assay layers model.onnx --dictionary features.yaml --data test.parquet --label click --cluster user_id",
            "assay layers model.onnx --dictionary features.yaml --data test.parquet --label click --format json --out layers.json"
        );
        var o = new LayersOptions(command);
        command.SetAction(parsed => LayersJob.Run(o.Read(parsed), context));
        return command;
    }

    private sealed class LayersOptions
    {
        private readonly Argument<string> model = OptionForms.Model();
        private readonly Option<string?> dictionary = OptionForms.Dictionary();
        private readonly Option<string?> data = OptionForms.Text(
            "--data",
            "FILE",
            "Logged rows, Parquet or CSV, half of which are kept for measuring; needs --dictionary. Without, layers are only listed."
        );
        private readonly Option<string?> label = OptionForms.Text(
            "--label",
            "COLUMN",
            "The column of labels, 0 or 1; without it nothing is said of noise and unused signal."
        );
        private readonly Option<string?> cluster = OptionForms.Text(
            "--cluster",
            "COLUMN",
            "Rows of equal values are one cluster: the user. Each row if not given."
        );
        private readonly Option<string?> rows = OptionForms.Rows("all if not given.");
        private readonly Option<int?> sample = OptionForms.Count(
            "--sample",
            "N",
            "At most so many of the rows, spread evenly over them; 8192 if not given."
        );
        private readonly Option<int?> flow = OptionForms.Count(
            "--flow-rows",
            "N",
            "Rows whose paths are followed; 256 if not given."
        );
        private readonly Option<int?> steps = OptionForms.Count(
            "--steps",
            "N",
            "Intervals of a path; 16 if not given."
        );
        private readonly Option<string?> head = OptionForms.Head();
        private readonly Option<string> space = OptionForms.Space();
        private readonly Option<string> baseline = OptionForms.Choice(
            "--baseline",
            "Where paths start: the mean over the rows, zero, or the dictionary's replacement values.",
            "mean",
            "zero",
            "padding"
        );
        private readonly Option<ulong> seed = OptionForms.Seed(
            "Seed of the split, the control tasks and the permutations."
        );
        private readonly Option<string> format = OptionForms.Choice(
            "--format",
            "How to write the result.",
            "table",
            "json"
        );
        private readonly Option<string?> output = OptionForms.Output();

        public LayersOptions(Command command)
        {
            command.Arguments.Add(model);
            foreach (
                var option in (Option[])
                    [
                        dictionary,
                        data,
                        label,
                        cluster,
                        rows,
                        sample,
                        flow,
                        steps,
                        head,
                        space,
                        baseline,
                        seed,
                        format,
                        output,
                    ]
            )
                command.Options.Add(option);
        }

        public LayersRequest Read(ParseResult parsed)
        {
            var request = new LayersRequest
            {
                Model = parsed.GetRequiredValue(model),
                Dictionary = parsed.GetValue(dictionary),
                Data = parsed.GetValue(data),
                Label = parsed.GetValue(label),
                Cluster = parsed.GetValue(cluster),
                Rows = parsed.GetValue(rows) is { } range ? RowRange.Parse(range) : RowRange.All,
                Sample = AtLeast(parsed.GetValue(sample) ?? 8192, 64, "--sample"),
                FlowRows = AtLeast(parsed.GetValue(flow) ?? 256, 1, "--flow-rows"),
                Steps = AtLeast(parsed.GetValue(steps) ?? 16, 1, "--steps"),
                Head = parsed.GetValue(head),
                Space = Enum.Parse<Space>(parsed.GetValue(space)!, ignoreCase: true),
                Baseline = parsed.GetValue(baseline)!,
                Seed = parsed.GetValue(seed),
                Json = parsed.GetValue(format) == "json",
                Out = parsed.GetValue(output),
            };
            if (request.Data is not null && request.Dictionary is null)
                throw AssayException.Usage("--data needs --dictionary FILE, which says what its columns are.");
            if (request.Data is null && (request.Label ?? request.Cluster) is not null)
                throw AssayException.Usage("--label and --cluster name columns of --data FILE.");
            return request;
        }

        private static int AtLeast(int value, int least, string name) =>
            value >= least && value <= 1 << 20
                ? value
                : throw AssayException.Usage($"{name} must lie between {least} and {1 << 20}, not {value}.");
    }
}
