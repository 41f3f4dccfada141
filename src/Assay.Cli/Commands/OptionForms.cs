using System.CommandLine;
using System.CommandLine.Parsing;
using Assay.Onnx;

namespace Assay.Cli.Commands;

/// <summary>The forms that options of several commands take.</summary>
internal static class OptionForms
{
    /// <summary>A text, absent if not given.</summary>
    public static Option<string?> Text(string name, string value, string description) =>
        new(name) { HelpName = value, Description = description };

    /// <summary>One of some words, the first being the default.</summary>
    public static Option<string> Choice(string name, string description, params string[] choices)
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

    /// <summary>The model.</summary>
    public static Argument<string> Model() => new("MODEL") { Description = "The ONNX file." };

    /// <summary>Rows as a caller would feed them.</summary>
    public static Option<string?> Tensors() => Text("--tensors", "FILE.json", "Rows: each input to a nested array.");

    /// <summary>Logged rows.</summary>
    public static Option<string?> Data() => Text("--data", "FILE", "Logged rows, Parquet or CSV; needs --dictionary.");

    /// <summary>The feature dictionary.</summary>
    public static Option<string?> Dictionary() =>
        Text("--dictionary", "FILE", "The feature dictionary (features.yaml).");

    /// <summary>A range of the data; <paramref name="otherwise"/> says what is used if it is not given.</summary>
    public static Option<string?> Rows(string otherwise) =>
        Text("--rows", "a..b", $"Rows a to b − 1 of the data, counting from 0; {otherwise}");

    /// <summary>Rows that stand for the population.</summary>
    public static Option<string?> Background() =>
        Text(
            "--background",
            "FILE.json",
            "Rows like those of --tensors over which methods average that draw their baselines from data."
        );

    /// <summary>The output to explain.</summary>
    public static Option<string?> Head() =>
        Text("--head", "NAME|NAME[k]", "The output to explain; the first, column 0, if not given.");

    /// <summary>Log-odds or probability.</summary>
    public static Option<string> Space() =>
        Choice("--space", "Explain log-odds or the probability.", "logit", "probability");

    /// <summary>Where the result goes.</summary>
    public static Option<string?> Output() => Text("--out", "FILE", "Where to write it; standard output if not given.");

    /// <summary>A seed, 1 if not given.</summary>
    public static Option<ulong> Seed(string description) =>
        new("--seed")
        {
            HelpName = "S",
            Description = description,
            DefaultValueFactory = _ => 1,
            CustomParser = NumberOptions.Seed,
        };

    /// <summary>A whole number, absent if not given.</summary>
    public static Option<int?> Count(string name, string value, string description) =>
        new(name)
        {
            HelpName = value,
            Description = description,
            CustomParser = NumberOptions.Count,
        };

    /// <summary>A usage error unless rows are given in exactly one way; <paramref name="use"/> says what for.</summary>
    public static void RequireRows(string use, string? tensors, string? dictionary, string? data, bool hasRange)
    {
        if (tensors is null && (dictionary is null || data is null))
            throw AssayException.Usage(
                $"Say which rows to {use}: --tensors FILE.json, or --dictionary FILE with --data FILE."
            );
        if (tensors is not null && (dictionary ?? data) is not null)
            throw AssayException.Usage("Rows come from --tensors, or from --dictionary with --data, not from both.");
        if (tensors is not null && hasRange)
            throw AssayException.Usage("--rows picks rows of --data; of --tensors all are used.");
    }

    private static void RequireChoice(OptionResult result, string name, string[] choices)
    {
        if (result.Tokens.Count == 1 && !choices.Contains(result.Tokens[0].Value))
            result.AddError($"{name} '{result.Tokens[0].Value}' is none of {string.Join(", ", choices)}.");
    }
}
