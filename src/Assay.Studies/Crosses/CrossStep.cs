namespace Assay.Studies;

/// <summary>Crosses that the model lacks: found in its residuals, added to the network, fitted, measured on untouched rows.</summary>
internal sealed class CrossStep : IChainStep
{
    public string Name => "crosses";

    public string Gives => "crosses: which pairs of features the model should look at together and does not";

    public bool IsAsked(StudyDefinition study) => study.Crosses is not null;

    public ChainResult Run(ChainContext context)
    {
        var definition = context.Study.Crosses!;
        foreach (var (a, b) in definition.Try)
            _ = (context.Plan.Binding.Feature(a), context.Plan.Binding.Feature(b));
        var scan = new CrossScan(context.Plan, context.Splits[0], definition.Levels);
        var scanned = scan.Estimates(scan.Run(context.Threads, context.Options.Cancellation), context.Head);
        var missing = scanned
            .Where(e => e.PAdjusted < Grading.Level && e.Value > 0)
            .OrderByDescending(e => e.Value)
            .ToArray();
        var wanted = definition
            .Try.Select(p => (p.A, p.B))
            .Concat(missing.Take(definition.Missing).Select(e => Pair(e.Feature)))
            .Distinct()
            .ToArray();
        var trials = new List<CrossTrial>();
        var rows = new List<Estimate>();
        if (context.Study.Retrain is not null && wanted.Length > 0)
        {
            var work = new RetrainingWork(context);
            work.Progress.Expect(wanted.Length * work.Seeds().Count);
            foreach (var (a, b) in wanted)
            {
                var trial = new CrossTrial(context, work, a, b, definition.Levels);
                rows.AddRange(trial.Run());
                trials.Add(trial);
            }
        }
        Estimate[] tried = [.. Families.Adjusted(Replication.Mark(rows, context.Splits.Count > 1))];
        return new ChainResult
        {
            Estimates = [.. scanned, .. tried],
            Section = CrossSection.Write(context, scan, scanned, missing, tried),
            Facts = new
            {
                scan.Rows,
                pairs = scanned.Length,
                not_scanned = scan.Left,
                missing = missing.Length,
                tried = trials.Select(t => new
                {
                    t.Name,
                    t.Penalty,
                    model = Path.GetFileName(t.ModelPath),
                }),
            },
        };

        (string A, string B) Pair(string name)
        {
            var star = Enumerable
                .Range(0, name.Length)
                .First(i =>
                    name[i] == '*'
                    && context.Plan.Features.Any(f => f.Entry.Name == name[..i])
                    && context.Plan.Features.Any(f => f.Entry.Name == name[(i + 1)..])
                );
            return (name[..star], name[(star + 1)..]);
        }
    }
}
