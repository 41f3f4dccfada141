using Assay.Onnx;

namespace Assay.Server;

/// <summary>From the id of a run to all that its views are made of.</summary>
internal sealed class ViewSource(ICatalogueFacts catalogue, RunFolders folders)
{
    // Histories longer than this are a matter for comparing runs, not for a dossier.
    private const int MostEarlier = 6;

    /// <summary>A run with its facts; null: no such run.</summary>
    public async ValueTask<ViewContext?> Find(string run, CancellationToken cancel)
    {
        if (await catalogue.Find(run, cancel).ConfigureAwait(false) is not { } known)
            return null;
        var facts = await catalogue.Of(run, cancel).ConfigureAwait(false);
        return new(folders.Open(known.Folder), facts, Earlier(facts));
    }

    /// <summary>A page of runs; one whose folder is gone or broken is left out.</summary>
    public async ValueTask<Paged<RunSummary>> Runs(int page, int pageSize, CancellationToken cancel)
    {
        var known = await catalogue.Runs(page, pageSize, cancel).ConfigureAwait(false);
        var shown = new List<RunSummary>();
        foreach (var run in known.Items)
        {
            cancel.ThrowIfCancellationRequested();
            var facts = await catalogue.Of(run.Id, cancel).ConfigureAwait(false);
            if (Open(run) is { } folder)
                shown.Add(
                    RunsView.Summary(new(folder, facts, Earlier(facts with { Earlier = [.. facts.Earlier.Take(1)] })))
                );
        }
        return new(shown, known.Total, known.Page, known.PageSize);
    }

    private List<(KnownRun, RunFolder)> Earlier(RunFacts facts)
    {
        var earlier = new List<(KnownRun, RunFolder)>();
        foreach (var run in facts.Earlier.Take(MostEarlier))
            if (Open(run) is { } folder)
                earlier.Add((run, folder));
        return earlier;
    }

    private RunFolder? Open(KnownRun run)
    {
        try
        {
            return folders.Open(run.Folder);
        }
        catch (AssayException)
        {
            return null;
        }
    }
}
