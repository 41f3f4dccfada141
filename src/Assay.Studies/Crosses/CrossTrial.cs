namespace Assay.Studies;

/// <summary>
/// One cross added to the network: as a table fitted with the rest held, and in whole refits of several seeds with and
/// without it. Gains are positive where the cross helps.
/// </summary>
internal sealed class CrossTrial(ChainContext context, RetrainingWork work, string first, string second, int most)
{
    private readonly TrialRows training = new(work.Rows.Training);

    public string Name => $"{first}*{second}";
    public double Penalty { get; private set; } = double.NaN;

    /// <summary>The network with the table, in the run folder.</summary>
    public string ModelPath => Path.Combine(context.Plan.Folder, "crosses", $"{Safe(first)}--{Safe(second)}.onnx");

    public IReadOnlyList<Estimate> Run()
    {
        var a = training.Coding(context.Plan.Binding.Feature(first), most);
        var b = training.Coding(context.Plan.Binding.Feature(second), most);
        var firstRow = CrossedModel.FirstRow(context.Plan.Dictionary.Features);
        var head = context.Study.Head;
        var (effects, penalty) = CrossTable.Fit(
            training.Cells(context.Model, head, a, b),
            new TrialRows(work.Rows.Validation).Cells(context.Model, head, a, b),
            a.Levels * b.Levels
        );
        Penalty = penalty;
        Files.MakeFolder(Path.GetDirectoryName(ModelPath)!);
        var fitted = CrossedModel.From(context.Model, head, a, b, firstRow, effects);
        var bytes = RefitModels.Whole(fitted).ToBytes();
        Files.Write(ModelPath, s => s.Write(bytes));
        return [.. context.Splits.SelectMany(s => OfTable(s, a, b, effects)), .. OfRefits(a, b, firstRow)];
    }

    private IEnumerable<Estimate> OfTable(SplitData data, CrossCoding a, CrossCoding b, double[] effects)
    {
        using var reader = new PreparedReader(context.Plan, data.Split);
        var (x, y) = (a.Of(reader.ReadAllValues(a.Feature, 0)), b.Of(reader.ReadAllValues(b.Feature, 0)));
        var crossed = new double[x.Length];
        for (var i = 0; i < x.Length; i++)
            crossed[i] = data.Score[i] + effects[x[i] * b.Levels + y[i]];
        var maker = new EstimateMaker(data, context.Head);
        var segment = data.Segments[0];
        var gain = MetricSums.Loss(MetricSums.Of(segment, crossed), MetricSums.Of(segment, data.Score));
        var drawn = gain.Drawn(data, segment);
        return Estimands.Qualities.Select(
            (q, i) =>
                maker.Make(segment, CrossEstimands.Gain + q, CrossEstimands.Table, drawn[i], tested: true) with
                {
                    Feature = Name,
                }
        );
    }

    private IEnumerable<Estimate> OfRefits(CrossCoding a, CrossCoding b, int firstRow)
    {
        var model = CrossedModel.From(context.Model, context.Study.Head, a, b, firstRow);
        var bytes = RefitModels.Whole(model).ToBytes();
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));
        var pool = new RefitPool(
            model,
            hash,
            work.Rows,
            Path.Combine(context.Plan.Folder, RetrainingWork.Folder, $"cross-{hash[..12]}"),
            context.Threads,
            work.Definition.Memory,
            work.Progress,
            context.Options.Cancellation
        );
        // The table starts at 0, so that a fit starts where its partner without the cross does.
        WantedRefit Wanted(ulong seed)
        {
            var plain = work.Variant(seed);
            var options = plain.Options with { Train = [.. plain.Options.Train, CrossedModel.TableOf(a, b)] };
            return new($"seed-{seed}", plain with { Title = $"seed {seed} with {Name}", Options = options });
        }
        WantedRefit[] wanted = [.. work.Seeds().Select(Wanted)];
        var with = pool.Run(wanted);
        var without = work.FitWithout([]);
        foreach (var over in (TestRows[])[work.Explained, work.Test])
        {
            Estimate Row(string quality) =>
                work.Row(over, CrossEstimands.Gain + quality, CrossEstimands.Refit) with
                {
                    Feature = Name,
                };
            yield return over.AucLost(with, without).In(Row(Estimands.Auc));
            yield return over.LogLossAdded(with, without).In(Row(Estimands.LogLoss));
        }
    }

    private static string Safe(string name) =>
        string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' ? c : '_'));
}
