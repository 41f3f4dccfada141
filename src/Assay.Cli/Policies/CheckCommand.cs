using System.CommandLine;
using System.Text.Json;
using Assay.Cli.Commands;
using Assay.Cli.Output;
using Assay.Onnx;
using Assay.Studies;

namespace Assay.Cli.Policies;

/// <summary><c>assay check</c>: a gate for evaluation pipelines.</summary>
internal static class CheckCommand
{
    public static Command Create(CommandContext context)
    {
        var run = new Argument<string>("RUN") { Description = "The folder of a finished study." };
        var policy = new Option<string>("--policy")
        {
            HelpName = "FILE",
            Description = "What is expected of the model, YAML.",
            Required = true,
        };
        var format = OptionForms.Choice("--format", "How to write the verdicts.", "table", "json");
        var command = new ExampleCommand(
            "check",
            "Check a finished study against declared expectations; exit code 1 where it breaks one.",
            "assay check runs/monday --policy policy.yaml",
            "assay check runs/monday --policy policy.yaml --format json"
        )
        {
            run,
            policy,
            format,
        };
        command.SetAction(parsed =>
        {
            var rules = Policy.Load(parsed.GetRequiredValue(policy));
            var verdicts = rules.Check(parsed.GetRequiredValue(run));
            if (parsed.GetValue(format) == "json")
                context.Terminal.Out.WriteLine(JsonSerializer.Serialize(verdicts.Select(v => Json(v, rules)), Options));
            else
                Table(verdicts).Write(context.Terminal);
            var failed = verdicts.Where(rules.Fails).ToArray();
            if (failed.Length > 0)
                throw AssayException.Failed(
                    $"'{parsed.GetValue(run)}' fails {failed.Length} of {verdicts.Count} expectations: {string.Join("; ", failed.Take(3).Select(Reason))}{(failed.Length > 3 ? "; …" : "")}."
                );
        });
        return command;
    }

    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static object Json(PolicyVerdict verdict, Policy policy) =>
        new
        {
            verdict.Rule,
            verdict.Subject,
            verdict.Segment,
            verdict.Asked,
            verdict.Measured,
            Outcome = Word(verdict.Outcome),
            Fails = policy.Fails(verdict),
            verdict.Reason,
        };

    private static TextTable Table(IReadOnlyList<PolicyVerdict> verdicts)
    {
        var table = new TextTable("outcome", "of", "asked", "measured", "where");
        foreach (var v in verdicts)
            table.Add(Word(v.Outcome), v.Subject, v.Asked, v.Measured, v.Segment);
        return table;
    }

    private static string Reason(PolicyVerdict v) =>
        $"{v.Subject}: {v.Asked}, but {v.Measured}{(v.Reason.Length > 0 ? $" ({v.Reason})" : "")}";

    private static string Word(PolicyOutcome outcome) =>
        outcome switch
        {
            PolicyOutcome.Holds => "holds",
            PolicyOutcome.Broken => "BROKEN",
            _ => "undecided",
        };
}
