using Assay.Attribution;
using Assay.Cli.Commands;
using Assay.Cli.Output;
using Assay.Onnx;
using Assay.Studies;

namespace Assay.Cli.Surrogates;

/// <summary>Carries out <c>assay surrogate</c>.</summary>
internal static class SurrogateJob
{
    private const long MostRows = 1_000_000;

    public static int Run(SurrogateRequest request, CommandContext context)
    {
        request.Settings.Validate();
        if (request.Out is { } path)
            OutputFile.RequireWritable(path);
        var model = OnnxModel.Load(request.Model);
        var binding = FeatureDictionary.Load(request.Dictionary).Bind(model);
        var source = DataSource.FromFile(request.Data);
        var count = (int)Math.Min(MostRows, request.Rows.End - request.Rows.First);
        var rows = InputAssembler.Read(source, binding, request.Rows.First, count);
        using var scorer = Scorer.Open(model, request.Head, request.Space);
        var surrogate = SurrogateFitter.Fit(binding, rows, scorer.Score(rows), request.Settings);
        using var text = new StringWriter { NewLine = "\n" };
        var to = request.Out is null ? context.Terminal : context.Terminal with { Out = text, IsRich = false };
        if (request.Json)
            to.Out.WriteLine(SurrogateJson.Of(request, scorer.Head.Name, surrogate));
        else
            SurrogateText.Write(request, scorer.Head.Name, surrogate, to);
        if (request.Out is null)
            return 0;
        using var file = new OutputFile(request.Out);
        file.Write(() => file.Stream.Write(System.Text.Encoding.UTF8.GetBytes(text.ToString())));
        file.Finish();
        return 0;
    }
}
