using System.CommandLine;
using System.Globalization;
using Assay.Attribution;
using Assay.Gradients;
using Assay.Onnx;

namespace Assay.Cli.Commands;

/// <summary>What is explained, how and against what: the options that every command with an attribution method has.</summary>
internal sealed class MethodOptions
{
    private static readonly string[] PathRules = ["auto", "secant", "gauss-legendre"];
    private readonly Option<string?> method = OptionForms.Text(
        "--method",
        "NAME",
        "The attribution method; 'assay methods' lists them."
    );
    private readonly Option<string?> head = OptionForms.Head();
    private readonly Option<string?> layer = OptionForms.Text(
        "--layer",
        "VALUE|VALUE[k]",
        "For methods of layers: the graph value whose units are explained, or one unit of it; 'assay layers' lists them."
    );
    private readonly Option<int?> steps = OptionForms.Count(
        "--steps",
        "N",
        "Nodes or intervals of a path method, 32 if not given; with --tolerance the most, 1024 if not given."
    );
    private readonly Option<string> rule = OptionForms.Choice(
        "--rule",
        "How a path method integrates: slopes over intervals, nodes, or whichever the model allows.",
        PathRules
    );
    private readonly Option<double?> tolerance = new("--tolerance")
    {
        HelpName = "E",
        Description =
            "Refine each row until the estimated error of a path method is at most this share of the row's largest attribution; 0.01 is usual.",
    };
    private readonly Option<string> at = OptionForms.Choice(
        "--at",
        "Where numbers enter: at the input, or behind their own preprocessing in the graph.",
        "raw",
        "preprocessed"
    );
    private readonly Option<string> space = OptionForms.Space();
    private readonly Option<string[]> precision = PrecisionOption();
    private readonly Option<int?> budget = OptionForms.Count(
        "--budget",
        "N",
        "The most model evaluations that a sampled method spends on a row."
    );
    private readonly Option<double?> noise = new("--noise")
    {
        HelpName = "S",
        Description =
            "For smooth-grad: the noise's standard deviation, as a share of that of the background's values or of the distance from the baseline; 0.15 if not given.",
    };
    private readonly Option<double?> epsilon = new("--epsilon")
    {
        HelpName = "E",
        Description = "For lrp: what is added to the size of a sum before it is divided by; 1e-6 if not given.",
    };
    private readonly Option<double?> gamma = new("--gamma")
    {
        HelpName = "G",
        Description = "For lrp: by how much linear layers favour terms with the sign of their sum; 0 if not given.",
    };
    private readonly Option<string> gates = OptionForms.Choice(
        "--gates",
        "For lrp: whether what comes out of a sigmoid or a softmax shares the relevance of a product with what it scales.",
        "none",
        "share"
    );
    private readonly Option<string?> dictionary = OptionForms.Dictionary();
    private readonly Option<string?> groups = OptionForms.Text(
        "--groups",
        "FILE.json",
        "Groups of features, explained as one, or for owen as groups: {\"group\": [\"feature\", …]}."
    );
    private readonly Option<string> baseline;

    /// <summary>The options; <paramref name="baseline"/> says what those of <c>--baseline</c> mean to the command.</summary>
    public MethodOptions(string baseline) =>
        this.baseline = new("--baseline")
        {
            HelpName = "zero|mean|padding|FILE.json",
            Description = baseline,
            DefaultValueFactory = _ => "zero",
        };

    /// <summary>All of them, in the order of the help.</summary>
    public IReadOnlyList<Option> All =>
        [
            method,
            dictionary,
            baseline,
            head,
            layer,
            steps,
            rule,
            tolerance,
            at,
            space,
            budget,
            precision,
            noise,
            epsilon,
            gamma,
            gates,
            groups,
        ];

    /// <summary>The method that was named, or null.</summary>
    public string? Method(ParseResult parsed) => parsed.GetValue(method);

    /// <summary>The dictionary's file, or null.</summary>
    public string? Dictionary(ParseResult parsed) => parsed.GetValue(dictionary);

    /// <summary>What <c>--baseline</c> says.</summary>
    public string Baseline(ParseResult parsed) => parsed.GetValue(baseline)!;

    /// <summary>What <c>--space</c> says.</summary>
    public Space Space(ParseResult parsed) => Enum.Parse<Space>(parsed.GetValue(space)!, ignoreCase: true);

    /// <summary>The file of groups, or null.</summary>
    public string? Groups(ParseResult parsed) => parsed.GetValue(groups);

    /// <summary>Whether an option was given, by its name.</summary>
    public bool IsGiven(ParseResult parsed, string name) =>
        parsed.GetResult(All.Single(o => o.Name == name)) is { Implicit: false };

    /// <summary>Everything but the baseline, which needs the model to be read. Validated.</summary>
    public ExplainSettings Settings(ParseResult parsed, string methodId)
    {
        var settings = new ExplainSettings
        {
            Method = methodId,
            Head = parsed.GetValue(head),
            Layer = parsed.GetValue(layer),
            Space = Space(parsed),
            At = Enum.Parse<EntryPoint>(parsed.GetValue(at)!, ignoreCase: true),
            Rule = parsed.GetValue(rule)!,
            Tolerance = parsed.GetValue(tolerance),
            Steps = parsed.GetValue(tolerance) is null ? 32 : 1024,
            Float64 = parsed.GetValue(precision)!.LastOrDefault(IsArithmetic) == "float64",
            Precision = parsed.GetValue(precision)!.LastOrDefault(t => !IsArithmetic(t)) is { } share
                ? double.Parse(share, CultureInfo.InvariantCulture)
                : null,
            Budget = parsed.GetValue(budget),
        };
        settings = settings with
        {
            Noise = parsed.GetValue(noise) ?? settings.Noise,
            Relevance = new(
                parsed.GetValue(epsilon) ?? settings.Relevance.Epsilon,
                parsed.GetValue(gamma) ?? settings.Relevance.Gamma,
                parsed.GetValue(gates) == "share"
            ),
        };
        settings = parsed.GetValue(steps) is { } n ? settings with { Steps = n } : settings;
        settings.Validate();
        return settings;
    }

    private static bool IsArithmetic(string text) => text is "float32" or "float64";

    // Two things go by this name, and their values cannot be confused; given twice, it may say both.
    private static Option<string[]> PrecisionOption()
    {
        var option = new Option<string[]>("--precision")
        {
            HelpName = "float32|float64|E",
            Description =
                "Arithmetic, float32 if not given; or where a sampled method may stop: the largest standard error as a share of the row's largest attribution.",
            Arity = ArgumentArity.OneOrMore,
        };
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(t => !IsArithmetic(t.Value)))
                if (!double.TryParse(token.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
                    result.AddError($"--precision '{token.Value}' is none of float32, float64, and no number.");
        });
        return option;
    }

    /// <summary>A usage error that asks for a method and lists those of rows.</summary>
    public static AssayException NameOne() =>
        AssayException.Usage(
            $"Name a method with --method: {string.Join(", ", MethodRegistry.All.Where(m => m.PerRow).Select(m => m.Id))}."
        );
}
