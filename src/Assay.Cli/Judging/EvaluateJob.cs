using Assay.Attribution;
using Assay.Attribution.Judging;
using Assay.Cli.Commands;
using Assay.Cli.Input;
using Assay.Cli.Output;
using Assay.Onnx;

namespace Assay.Cli.Judging;

/// <summary>Carries out <c>assay evaluate</c>.</summary>
internal static class EvaluateJob
{
    public const int MostRows = 65_536;

    public static int Run(EvaluateRequest request, CommandContext context)
    {
        if (request.Out is { } path)
            OutputFile.RequireWritable(path);
        var model = OnnxModel.Load(request.Model);
        IRowSource source = request.Tensors is { } tensors
            ? new TensorRows(model, tensors)
            : new DataRows(model, request.Dictionary!, request.Data!, request.Rows);
        var features = request.Groups is { } groups
            ? FeatureSlot.Grouped(source.Features, GroupsFile.Read(groups))
            : source.Features;
        var baseline = BaselineChoice.Read(request.Baseline, model, source);
        if (baseline.PerRow)
            throw AssayException.Usage("The judge compares all rows with one baseline; give a file with one row.");
        var settings = request.Settings with
        {
            Explain = request.Settings.Explain with
            {
                Baseline = baseline.Baseline,
                Background = request.Background is { } file ? BaselineChoice.Background(file, model) : null,
            },
        };
        var (rows, _) = RowSample.Draw(source, request.Sample, settings.Explain.Seed);
        using var progress = new ProgressLine(context.Terminal);
        var judgement = Judge.Run(
            model,
            features,
            settings,
            rows,
            TimeProvider.System,
            context.Terminal.ShowsProgress ? progress.Say : null,
            context.Stop
        );
        progress.Dispose();
        Write(request, judgement, context.Terminal);
        return 0;
    }

    private static void Write(EvaluateRequest request, Judgement judgement, Terminal terminal)
    {
        using var text = new StringWriter { NewLine = "\n" };
        var to = request.Out is null ? terminal : terminal with { Out = text, IsRich = false };
        switch (request.Format)
        {
            case TableFormat.Json:
                to.Out.WriteLine(JudgementJson.Of(request, judgement));
                break;
            case TableFormat.Markdown:
                JudgementTables.Write(request, judgement, new MarkdownTables(to.Out));
                break;
            default:
                JudgementTables.Write(request, judgement, new PlainTables(to));
                break;
        }
        if (request.Out is not { } path)
            return;
        using var file = new OutputFile(path);
        file.Write(() => file.Stream.Write(System.Text.Encoding.UTF8.GetBytes(text.ToString())));
        file.Finish();
    }
}
