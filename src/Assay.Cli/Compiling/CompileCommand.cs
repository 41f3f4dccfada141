using System.CommandLine;
using System.Globalization;
using Assay.Attribution;
using Assay.Cli.Commands;
using Assay.Onnx;

namespace Assay.Cli.Compiling;

/// <summary><c>assay compile</c>: its options, which are a public contract.</summary>
internal static class CompileCommand
{
    public static Command Create(CommandContext context)
    {
        var command = new ExampleCommand(
            "compile",
            "Write an ONNX model that scores and explains in one call, or one with features suppressed or emphasised.",
            "assay compile model.onnx --method integrated-gradients --steps 16 --out explained.onnx",
            "assay compile model.onnx --dictionary features.yaml --method gradient-times-input --top-k 5 --out explained.onnx",
            "assay compile model.onnx --dictionary features.yaml --suppress price --emphasise recency=1.5 --out treatment.onnx"
        );
        var o = new CompileOptionSet(command);
        command.SetAction(parsed => CompileJob.Run(o.Read(parsed), context));
        return command;
    }

    private sealed class CompileOptionSet
    {
        private static readonly string[] Explaining =
        [
            "--method",
            "--steps",
            "--rule",
            "--epsilon",
            "--gamma",
            "--gates",
            "--tolerance",
            "--head",
            "--space",
        ];
        private readonly Argument<string> model = OptionForms.Model();
        private readonly Option<string?> output = OptionForms.Text(
            "--out",
            "FILE.onnx",
            "Where to write the model; beyond 2 GB its tensors go to FILE.onnx.data beside it."
        );
        private readonly MethodOptions how = new(
            "What features are compared with, the same for every row: zero vectors and numbers; the mean over the rows of --tensors or --data (the first 65536); the dictionary's replacement values; or a file with one row, each input to a nested array."
        );
        private readonly Option<string?> tensors = OptionForms.Text(
            "--tensors",
            "FILE.json",
            "Rows for the baseline mean: each input to a nested array."
        );
        private readonly Option<string?> data = OptionForms.Text(
            "--data",
            "FILE",
            "Rows for the baseline mean, Parquet or CSV; needs --dictionary."
        );
        private readonly Option<int?> topK = OptionForms.Count(
            "--top-k",
            "K",
            "Return only the K features of largest |attribution|, their numbers and values."
        );
        private readonly Option<bool> noGap = new("--no-gap")
        {
            Description = "Leave the completeness gap out, and with it what it costs.",
        };
        private readonly Option<string[]> suppress = new("--suppress")
        {
            HelpName = "FEATURE",
            Description = "Instead of explaining, replace a feature by its baseline where it enters; may be repeated.",
        };
        private readonly Option<string[]> emphasise = new("--emphasise")
        {
            HelpName = "FEATURE=scale",
            Description =
                "Instead of explaining, scale a feature's distance from its baseline where it enters; may be repeated.",
        };

        public CompileOptionSet(Command command)
        {
            command.Arguments.Add(model);
            foreach (var option in (Option[])[output, .. how.All, tensors, data, topK, noGap, suppress, emphasise])
                command.Options.Add(option);
        }

        public CompileRequest Read(ParseResult parsed)
        {
            var scales = Scales(parsed);
            if (scales.Count > 0)
                RequireTreatmentOnly(parsed);
            // A treatment has no method; any will do for what else the settings say.
            var method = scales.Count > 0 ? "gradient-times-input" : how.Method(parsed) ?? throw NameOne();
            var request = new CompileRequest
            {
                Model = parsed.GetRequiredValue(model),
                Out =
                    parsed.GetValue(output)
                    ?? throw AssayException.Usage("Say where to write the model: --out FILE.onnx."),
                Tensors = parsed.GetValue(tensors),
                Dictionary = how.Dictionary(parsed),
                Data = parsed.GetValue(data),
                Baseline = how.Baseline(parsed),
                Groups = how.Groups(parsed),
                TopK = parsed.GetValue(topK),
                Gap = !parsed.GetValue(noGap),
                Scales = scales,
                Settings = how.Settings(parsed, method),
            };
            if (request.Tensors is not null && (request.Dictionary ?? request.Data) is not null)
                throw AssayException.Usage(
                    "Rows come from --tensors, or from --dictionary with --data, not from both."
                );
            if (request is { Data: not null, Dictionary: null })
                throw AssayException.Usage("--data needs --dictionary, which says what its columns mean.");
            return request;
        }

        private Dictionary<string, double> Scales(ParseResult parsed)
        {
            var scales = new Dictionary<string, double>();
            void Add(string feature, double scale)
            {
                if (!scales.TryAdd(feature, scale))
                    throw AssayException.Usage($"Feature '{feature}' is named twice among --suppress and --emphasise.");
            }
            foreach (var feature in parsed.GetValue(suppress) ?? [])
                Add(feature, 0);
            foreach (var text in parsed.GetValue(emphasise) ?? [])
            {
                // Names may hold an equals sign; numbers do not.
                var at = text.LastIndexOf('=');
                if (
                    at < 1
                    || !double.TryParse(text[(at + 1)..], CultureInfo.InvariantCulture, out var scale)
                    || !double.IsFinite(scale)
                )
                    throw AssayException.Usage($"--emphasise '{text}' is not FEATURE=scale, such as price=1.5.");
                Add(text[..at], scale);
            }
            return scales;
        }

        private void RequireTreatmentOnly(ParseResult parsed)
        {
            Option[] own = [topK, noGap];
            var given =
                own.FirstOrDefault(o => parsed.GetResult(o) is { Implicit: false })?.Name
                ?? Array.Find(Explaining, name => how.IsGiven(parsed, name));
            if (given is not null)
                throw AssayException.Usage(
                    $"{given} belongs to explanations, which a model with --suppress or --emphasise does not return; leave it out."
                );
        }

        private static AssayException NameOne() =>
            AssayException.Usage(
                $"Name a method with --method: {string.Join(", ", MethodRegistry.Compilable)}; or a treatment with --suppress or --emphasise."
            );
    }
}
