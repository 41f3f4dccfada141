using System.CommandLine;
using Assay.Cli.Output;
using Assay.Onnx;
using Assay.Studies;

namespace Assay.Cli.Commands;

/// <summary><c>assay inspect</c>: what a model is made of and how it can be explained.</summary>
internal static class InspectCommand
{
    public static Command Create(CommandContext context)
    {
        var model = new Argument<string>("MODEL") { Description = "The ONNX file." };
        var data = new Option<string?>("--data")
        {
            HelpName = "FILE",
            Description = "Logged rows, Parquet or CSV, whose columns are matched with the inputs.",
        };
        var draft = new Option<string?>("--draft")
        {
            HelpName = "FILE",
            Description = "Write a first feature dictionary, to be completed by hand.",
        };
        var command = new ExampleCommand(
            "inspect",
            "Show a model's inputs, heads and operators, where its features enter, and which methods can explain it.",
            "assay inspect model.onnx",
            "assay inspect model.onnx --data log.parquet --draft features.yaml"
        )
        {
            model,
            data,
            draft,
        };
        command.SetAction(parsed =>
            Run(parsed.GetRequiredValue(model), parsed.GetValue(data), parsed.GetValue(draft), context.Terminal)
        );
        return command;
    }

    private static int Run(string path, string? data, string? draft, Terminal terminal)
    {
        if (File.Exists(draft))
            throw AssayException.Usage(
                $"'{draft}' exists and may have been completed by hand; name another file, or delete it."
            );
        var model = OnnxModel.Load(path);
        new ModelReport(path, model).Write(terminal);
        if (data is null && draft is null)
            return 0;
        var dictionary = FeatureDictionary.Draft(model, data is null ? null : DataSource.FromFile(data));
        if (data is not null)
            WriteFeatures(dictionary, data, terminal);
        if (draft is null)
            return 0;
        using var file = new OutputFile(draft);
        file.Write(() => file.Stream.Write(System.Text.Encoding.UTF8.GetBytes(dictionary.ToYaml())));
        file.Finish();
        terminal.Out.WriteLine();
        terminal.Out.WriteLine($"A first dictionary is in {draft}; complete names, kinds and padding ids by hand.");
        return 0;
    }

    private static void WriteFeatures(FeatureDictionary dictionary, string data, Terminal terminal)
    {
        terminal.Out.WriteLine();
        terminal.Out.WriteLine($"Features as the columns of {data} suggest them");
        var table = new TextTable("feature", "kind", "input", "places", "data column");
        foreach (var f in dictionary.Features)
            table.Add(
                f.Name,
                f.Kind.ToString().ToLowerInvariant(),
                f.Input,
                f.Columns is { } c ? string.Join(",", c) : "all",
                f.Source
            );
        table.Write(terminal);
    }
}
