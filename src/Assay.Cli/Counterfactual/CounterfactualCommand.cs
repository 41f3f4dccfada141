using System.CommandLine;
using Assay.Attribution.Counterfactuals;
using Assay.Cli.Commands;
using Assay.Cli.Input;
using Assay.Cli.Services;
using Assay.Gradients;
using Assay.Onnx;

namespace Assay.Cli.Counterfactual;

/// <summary><c>assay counterfactual</c>: its options, which are a public contract.</summary>
internal static class CounterfactualCommand
{
    public static Command Create(CommandContext context)
    {
        var command = new ExampleCommand(
            "counterfactual",
            "Find the fewest history items or features whose removal takes a candidate out of the top of its list.",
            "assay counterfactual model.onnx --dictionary features.yaml --data log.parquet --row 17 --request trip_id --top 5",
            "assay counterfactual model.onnx --dictionary features.yaml --data log.parquet --rows 0..500 --request trip_id --top 5 --over features --format jsonl",
            "assay counterfactual model.onnx --dictionary features.yaml --data log.parquet --row 17 --below 0.1 --space probability"
        );
        var o = new Options(command);
        command.SetAction(parsed => CounterfactualJob.Run(o.Read(parsed), context));
        return command;
    }

    private sealed class Options
    {
        private readonly Argument<string> model = new("MODEL")
        {
            Description = "The ONNX file, or the address of a served model.",
        };
        private readonly Option<string?> dictionary = OptionForms.Dictionary();
        private readonly Option<string?> data = OptionForms.Text("--data", "FILE", "Logged rows, Parquet or CSV.");
        private readonly Option<long?> row = new("--row")
        {
            HelpName = "N",
            Description = "The candidate: a row of the data, counting from 0.",
        };
        private readonly Option<string?> rows = OptionForms.Text(
            "--rows",
            "a..b",
            "Several candidates, rows a to b − 1; those that are not in are passed over."
        );
        private readonly Option<string?> request = OptionForms.Text(
            "--request",
            "COLUMN",
            "The column whose equal values are one request's list."
        );
        private readonly Option<int?> top = OptionForms.Count(
            "--top",
            "K",
            "The candidate is in while fewer than K others of its list score higher."
        );
        private readonly Option<double?> below = new("--below")
        {
            HelpName = "SCORE",
            Description = "Instead of a place in a list: the candidate is out when its score falls below this.",
        };
        private readonly Option<string> over = new("--over")
        {
            HelpName = "history|features|NAME",
            Description =
                "What may be removed: the items of all sequences, features, or the items of one sequence. What a request's candidates have in common is removed from all of them.",
            DefaultValueFactory = _ => CounterfactualRequest.History,
        };
        private readonly Option<string> baseline = new("--baseline")
        {
            HelpName = "padding|FILE.json",
            Description =
                "What stands for something removed: the dictionary's replacement values, or a file with one row.",
            DefaultValueFactory = _ => "padding",
        };
        private readonly Option<string?> groups = OptionForms.Text(
            "--groups",
            "FILE.json",
            "Groups of features, removed as one: {\"group\": [\"feature\", …]}."
        );
        private readonly Option<int?> maxSize = OptionForms.Count(
            "--max-size",
            "M",
            "The largest set looked for, 10 if not given."
        );
        private readonly Option<int?> exact = OptionForms.Count(
            "--exact",
            "M",
            "All sets of up to this size are tried, as the budget allows; 3 if not given."
        );
        private readonly Option<int?> budget = OptionForms.Count(
            "--budget",
            "N",
            "The most model evaluations of each of a row's two searches, 200000 if not given."
        );
        private readonly Option<int?> references = OptionForms.Count(
            "--references",
            "N",
            "Rows drawn from the data over which necessity and sufficiency are measured, 64 if not given."
        );
        private readonly Option<ulong> seed = OptionForms.Seed("Seed of that draw.");
        private readonly Option<string?> head = OptionForms.Text(
            "--head",
            "NAME|NAME[k]",
            "The output that ranks; the first, column 0, if not given."
        );
        private readonly Option<string> space = OptionForms.Choice(
            "--space",
            "Whether --below and margins are log-odds or probabilities.",
            "logit",
            "probability"
        );
        private readonly Option<string> format = OptionForms.Choice(
            "--format",
            "How to write the result.",
            "table",
            "jsonl"
        );
        private readonly Option<string?> output = OptionForms.Output();

        private readonly ServiceOptions service = new();

        public Options(Command command)
        {
            command.Arguments.Add(model);
            foreach (
                var option in (Option[])
                    [
                        dictionary,
                        data,
                        row,
                        rows,
                        request,
                        top,
                        below,
                        over,
                        baseline,
                        groups,
                        maxSize,
                        exact,
                        budget,
                        references,
                        seed,
                        head,
                        space,
                        .. service.All,
                        format,
                        output,
                    ]
            )
                command.Options.Add(option);
        }

        public CounterfactualRequest Read(ParseResult parsed)
        {
            var standard = new CounterfactualSettings();
            var asked = new CounterfactualRequest
            {
                Model = parsed.GetRequiredValue(model),
                Service = service.Read(
                    parsed,
                    parsed.GetRequiredValue(model),
                    parsed.GetResult(space) is { Implicit: false } && parsed.GetValue(space) == "logit"
                ),
                Dictionary = parsed.GetValue(dictionary) ?? throw Missing("--dictionary FILE"),
                Data = parsed.GetValue(data) ?? throw Missing("--data FILE"),
                Rows = Range(parsed.GetValue(row), parsed.GetValue(rows)),
                Request = parsed.GetValue(request),
                Top = parsed.GetValue(top),
                Below = parsed.GetValue(below),
                Over = parsed.GetValue(over)!,
                Baseline = parsed.GetValue(baseline)!,
                Groups = parsed.GetValue(groups),
                Head = parsed.GetValue(head),
                Space = Enum.Parse<Space>(parsed.GetValue(space)!, ignoreCase: true),
                References = parsed.GetValue(references) ?? 64,
                Seed = parsed.GetValue(seed),
                Format = Enum.Parse<ResultFormat>(parsed.GetValue(format)!, ignoreCase: true),
                Out = parsed.GetValue(output),
                Search = new()
                {
                    MaxSize = parsed.GetValue(maxSize) ?? standard.MaxSize,
                    ExactSize = parsed.GetValue(exact) ?? standard.ExactSize,
                    Budget = parsed.GetValue(budget) ?? standard.Budget,
                },
            };
            Require(asked);
            return asked;
        }

        private static void Require(CounterfactualRequest asked)
        {
            asked.Search.Validate();
            if (asked.Top is null == asked.Below is null)
                throw AssayException.Usage(
                    "Say when a candidate is out: --top K with --request COLUMN, or --below SCORE, one of them."
                );
            if (asked is { Top: not null, Request: null })
                throw AssayException.Usage("--top needs --request COLUMN, whose equal values are one list.");
            if (asked is { Below: not null, Request: not null })
                throw AssayException.Usage("--below looks at the candidate alone; leave out --request.");
            if (asked.Top is < 1)
                throw AssayException.Usage($"--top must be at least 1, not {asked.Top}.");
            if (asked.Below is { } threshold && !double.IsFinite(threshold))
                throw AssayException.Usage("--below must be a finite number.");
            if (asked.References is < 0 or > 100_000)
                throw AssayException.Usage($"--references must lie between 0 and 100000, not {asked.References}.");
            if (asked is { Groups: not null, Over: not CounterfactualRequest.Features })
                throw AssayException.Usage("--groups are groups of features; they need --over features.");
        }

        private static RowRange Range(long? one, string? several) =>
            (one, several) switch
            {
                ({ } n, null) when n >= 0 => new RowRange(n, n + 1),
                ({ } n, null) => throw AssayException.Usage($"--row counts from 0; there is no row {n}."),
                (null, { } range) => RowRange.Parse(range),
                (null, null) => throw AssayException.Usage("Say which candidate: --row N, or --rows a..b for several."),
                _ => throw AssayException.Usage("Rows come from --row or from --rows, not from both."),
            };

        private static AssayException Missing(string option) =>
            AssayException.Usage($"Counterfactuals are looked for in logged rows; give {option}.");
    }
}
