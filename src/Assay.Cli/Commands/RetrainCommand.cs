using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Assay.Cli.Retraining;
using Assay.Onnx;
using Assay.Training;

namespace Assay.Cli.Commands;

/// <summary><c>assay retrain</c> and <c>assay train</c>: a user's own network fitted again, from new values or its own.</summary>
internal static class RetrainCommand
{
    /// <summary>From new starting values.</summary>
    public static Command Create(CommandContext context) =>
        new RetrainOptionSet(
            new ExampleCommand(
                "retrain",
                "Fit a model's own network again from new starting values: with another seed, without features, with shuffled labels.",
                "assay retrain model.onnx --dictionary features.yaml --train train.parquet --valid valid.parquet --test test.parquet --label click --out refit.onnx",
                "assay retrain model.onnx --dictionary features.yaml --train train.parquet --valid valid.parquet --test test.parquet --label click --cluster user_id --drop price --seeds 5 --margin 0.0005 --out without.onnx",
                "assay retrain model.onnx --dictionary features.yaml --train train.parquet --valid valid.parquet --test test.parquet --label click --shuffle-labels --out null.onnx"
            ),
            hasWarm: true
        ).Build(context);

    /// <summary>From the values in the file.</summary>
    public static Command CreateTrain(CommandContext context) =>
        new RetrainOptionSet(
            new ExampleCommand(
                "train",
                "Go on fitting a model's network from the values in the file; the same as 'retrain --warm'.",
                "assay train model.onnx --dictionary features.yaml --train new.parquet --valid valid.parquet --label click --epochs 1 --out model-2.onnx"
            ),
            hasWarm: false
        ).Build(context);

    private sealed class RetrainOptionSet(ExampleCommand command, bool hasWarm)
    {
        private static readonly RetrainOptions Defaults = new();
        private readonly Argument<string> model = OptionForms.Model();
        private readonly Option<string> dictionary = Needed("--dictionary", "FILE", "The feature dictionary.");
        private readonly Option<string> train = Needed("--train", "DATA", "Rows to fit, Parquet or CSV.");
        private readonly Option<string> valid = Needed("--valid", "DATA", "Rows that decide when to stop.");
        private readonly Option<string> label = Needed("--label", "COLUMN", "The column of labels, 0 to 1.");
        private readonly Option<string> output = Needed(
            "--out",
            "FILE.onnx",
            "The new model; FILE.json is the result."
        );
        private readonly Option<string?> test = Text("--test", "DATA", "Rows on which both models are scored.");
        private readonly Option<string?> cluster = Text(
            "--cluster",
            "COLUMN",
            "Rows of equal values are one cluster in intervals: the user. Each row if not given."
        );
        private readonly Option<string?> head = Text(
            "--head",
            "NAME|NAME[k]",
            "The output to fit; the first if not given."
        );
        private readonly Option<string?> drop = Text(
            "--drop",
            "FEATURE,…",
            "Features to leave out; with --test set against fits with all features, of the same seeds."
        );
        private readonly Option<double?> margin = new("--margin")
        {
            HelpName = "X",
            Description =
                "For --drop: the loss increase that matters, in nats per row; 2 % of what the given model gains over a constant if not given.",
            CustomParser = result => NumberIn(result, "--margin", 0, 10),
        };
        private readonly Option<int?> seeds = StudyCommand.Count(
            "--seeds",
            "Fits of so many seeds, counted from --seed; 3 for --drop or --shuffle-labels with --test, else 1. The model of the first is written."
        );
        private readonly Option<int?> threads = StudyCommand.Threads();
        private readonly Option<string?> fit = Text(
            "--fit",
            "NAME,…",
            "Initialisers to fit that the list leaves alone."
        );
        private readonly Option<string?> freeze = Text("--freeze", "NAME,…", "Initialisers to leave alone.");
        private readonly Option<bool> warm = new("--warm") { Description = "Start from the values in the file." };
        private readonly Option<bool> shuffle = new("--shuffle-labels")
        {
            Description = "Fit labels in random order: what is learnt then is nothing.",
        };
        private readonly Option<ulong> seed = new("--seed")
        {
            HelpName = "N",
            Description = "Seed of starting values, order, shuffled labels and forgotten ids.",
            DefaultValueFactory = _ => 1,
            CustomParser = NumberOptions.Seed,
        };
        private readonly Option<double> epochs = Number(
            "--epochs",
            "Passes at most; 0 writes the starting values.",
            Defaults.Training.Epochs,
            0,
            10000
        );
        private readonly Option<double> batch = Number(
            "--batch",
            "Rows per step.",
            Defaults.Training.BatchRows,
            1,
            1 << 20
        );
        private readonly Option<double> rate = Number(
            "--learning-rate",
            "Step size in the first epoch.",
            Defaults.Training.LearningRate,
            1e-9,
            10
        );
        private readonly Option<string> optimiser = Optimisers();
        private readonly Option<double> slowing = Number(
            "--rate-decay",
            "What the step size is multiplied by after each epoch.",
            Defaults.Training.LearningRateDecay,
            0.01,
            1
        );
        private readonly Option<double> patience = Number(
            "--patience",
            "Epochs without a better validation loss after which fitting stops.",
            Defaults.Training.Patience,
            1,
            10000
        );
        private readonly Option<double> decay = Number(
            "--weight-decay",
            "Decoupled weight decay.",
            Defaults.Training.WeightDecay,
            0,
            1000
        );
        private readonly Option<double> oov = Number(
            "--oov-dropout",
            "Share of the ids made unknown in training.",
            0.02,
            0,
            1
        );

        private readonly Option<double> spread = Number(
            "--table-spread",
            "Standard deviation of new entries of lookup tables.",
            Defaults.TableSpread,
            0,
            10
        );

        public ExampleCommand Build(CommandContext context)
        {
            command.Arguments.Add(model);
            Option[] all =
            [
                dictionary,
                train,
                valid,
                test,
                label,
                cluster,
                head,
                drop,
                margin,
                shuffle,
                seed,
                seeds,
                epochs,
                batch,
                patience,
                optimiser,
                rate,
                slowing,
                decay,
                oov,
                spread,
                fit,
                freeze,
                threads,
                output,
            ];
            foreach (var option in all)
                command.Options.Add(option);
            if (hasWarm)
                command.Options.Add(warm);
            command.SetAction(parsed => RetrainJob.Run(Read(parsed), context));
            return command;
        }

        private RetrainRequest Read(ParseResult parsed)
        {
            return new RetrainRequest
            {
                Model = parsed.GetRequiredValue(model),
                Dictionary = parsed.GetRequiredValue(dictionary),
                Train = parsed.GetRequiredValue(train),
                Valid = parsed.GetRequiredValue(valid),
                Test = parsed.GetValue(test),
                Label = parsed.GetRequiredValue(label),
                Out = parsed.GetRequiredValue(output),
                Drop = List(parsed.GetValue(drop)),
                Cluster = parsed.GetValue(cluster),
                Seeds = parsed.GetValue(seeds),
                Margin = parsed.GetValue(margin),
                Threads = parsed.GetValue(threads) ?? Environment.ProcessorCount,
                ShuffleLabels = parsed.GetValue(shuffle),
                OovDropout = parsed.GetValue(oov),
                Options = new RetrainOptions
                {
                    Head = parsed.GetValue(head),
                    Warm = !hasWarm || parsed.GetValue(warm),
                    Seed = parsed.GetValue(seed),
                    Train = List(parsed.GetValue(fit)),
                    Freeze = List(parsed.GetValue(freeze)),
                    TableSpread = parsed.GetValue(spread),
                    Training = Defaults.Training with
                    {
                        Epochs = (int)parsed.GetValue(epochs),
                        BatchRows = (int)parsed.GetValue(batch),
                        LearningRate = parsed.GetValue(rate),
                        Optimiser = Enum.Parse<Optimiser>(parsed.GetValue(optimiser)!, ignoreCase: true),
                        LearningRateDecay = parsed.GetValue(slowing),
                        Patience = (int)parsed.GetValue(patience),
                        WeightDecay = parsed.GetValue(decay),
                    },
                },
            }.Checked();
        }

        private static string[] List(string? text) =>
            text?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

        private static Option<string> Needed(string name, string value, string description) =>
            new(name)
            {
                HelpName = value,
                Description = description,
                Required = true,
            };

        private static Option<string?> Text(string name, string value, string description) =>
            new(name) { HelpName = value, Description = description };

        private static Option<string> Optimisers()
        {
            var option = new Option<string>("--optimiser")
            {
                HelpName = "adam|sgd",
                Description = "How a gradient becomes a step; sgd wants a larger --learning-rate.",
                DefaultValueFactory = _ => "adam",
            };
            option.AcceptOnlyFromAmong("adam", "sgd");
            return option;
        }

        private static Option<double> Number(string name, string description, double usual, double low, double high) =>
            new(name)
            {
                HelpName = "X",
                Description = description,
                DefaultValueFactory = _ => usual,
                CustomParser = result => NumberIn(result, name, low, high) ?? 0,
            };

        private static double? NumberIn(ArgumentResult result, string name, double low, double high)
        {
            var text = result.Tokens[0].Value;
            if (
                double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var x)
                && x >= low
                && x <= high
            )
                return x;
            result.AddError(
                string.Create(CultureInfo.InvariantCulture, $"{name} '{text}' does not lie between {low} and {high}.")
            );
            return null;
        }
    }
}
