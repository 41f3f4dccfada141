using System.CommandLine;
using System.CommandLine.Parsing;

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

    private static void RequireChoice(OptionResult result, string name, string[] choices)
    {
        if (result.Tokens.Count == 1 && !choices.Contains(result.Tokens[0].Value))
            result.AddError($"{name} '{result.Tokens[0].Value}' is none of {string.Join(", ", choices)}.");
    }
}
