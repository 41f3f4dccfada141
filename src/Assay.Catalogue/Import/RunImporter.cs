using Assay.Onnx;
using Microsoft.EntityFrameworkCore;

namespace Assay.Catalogue;

/// <summary>Writes what a run folder says, in the transaction of a scope.</summary>
internal static class RunImporter
{
    /// <summary>Imports, or finds that the run is there; then nothing changes, unless its folder has moved.</summary>
    public static async Task<ImportResult> ImportAsync(WriteScope scope, RunContent content, RunFolders folders)
    {
        var db = scope.Db;
        if (await db.Runs.FindAsync([content.Run.Id], scope.Stop) is { } known)
            return await KnownAsync(scope, known, content.Run, folders);
        var study = await StudyAsync(scope, content.Study);
        var version = await VersionAsync(scope, content);
        var run = content.Run;
        (run.StudyId, run.ModelVersionId) = (study.Id, version.Id);
        (run.Imported, run.ImportedBy) = (scope.Now, scope.Actor);
        db.Add(run);
        db.AddRange(content.Items);
        foreach (var hypothesis in content.Hypotheses)
        {
            hypothesis.At = scope.Now;
            db.Add(hypothesis);
        }
        await db.SaveChangesAsync(scope.Stop);
        await RunRelations.UpdateAsync(scope, run, version.ModelId);
        await FeaturesAsync(scope, content, run, version.ModelId);
        var carried = await CarryAsync(scope, run, content.Items);
        scope.Record(
            "run.import",
            $"run:{run.Id}:",
            null,
            new
            {
                run.Sha256,
                run.Folder,
                study = study.Name,
                model = content.Model,
                version.Number,
                findings = content.Items.Count(i => i.Subject == ItemKind.Finding),
                run.Actions,
                hypotheses = content.Hypotheses.Count,
                carried,
            }
        );
        return new(run.Id, true);
    }

    private static async Task<ImportResult> KnownAsync(WriteScope scope, Run known, Run read, RunFolders folders)
    {
        if (known.Sha256 != read.Sha256)
            throw AssayException.Input(
                $"The run in '{read.Folder}' begins with the same hash as another run, {known.Id}; study again."
            );
        if (known.Folder == read.Folder || folders.Holds(known))
            return new(known.Id, false);
        scope.Record("run.move", $"run:{known.Id}:", new { known.Folder }, new { read.Folder });
        known.Folder = read.Folder;
        await scope.Db.SaveChangesAsync(scope.Stop);
        return new(known.Id, false);
    }

    private static async Task<Study> StudyAsync(WriteScope scope, string name)
    {
        var study = await scope.Db.Studies.SingleOrDefaultAsync(s => s.Name == name, scope.Stop);
        if (study is null)
            scope.Db.Add(study = new Study { Name = name });
        await scope.Db.SaveChangesAsync(scope.Stop);
        return study;
    }

    private static async Task<ModelVersion> VersionAsync(WriteScope scope, RunContent content)
    {
        var db = scope.Db;
        var model = await db.Models.SingleOrDefaultAsync(m => m.Name == content.Model, scope.Stop);
        if (model is null)
            db.Add(model = new Model { Name = content.Model });
        await db.SaveChangesAsync(scope.Stop);
        var versions = await db.ModelVersions.Where(v => v.ModelId == model.Id).ToListAsync(scope.Stop);
        if (versions.Find(v => v.Sha256 == content.ModelSha256) is { } known)
            return known;
        var version = new ModelVersion
        {
            ModelId = model.Id,
            Number = versions.Count == 0 ? 1 : versions.Max(v => v.Number) + 1,
            Sha256 = content.ModelSha256,
            Seen = scope.Now,
        };
        db.Add(version);
        await db.SaveChangesAsync(scope.Stop);
        return version;
    }

    // The dictionary of a model is that of its latest run; an older run that comes in late adds only what is missing.
    private static async Task FeaturesAsync(WriteScope scope, RunContent content, Run run, long model)
    {
        var db = scope.Db;
        var isLatest = !await db.Runs.AnyAsync(
            r => r.ModelVersion!.ModelId == model && r.Created > run.Created,
            scope.Stop
        );
        var known = await db.Features.Where(f => f.ModelId == model).ToDictionaryAsync(f => f.Name, scope.Stop);
        foreach (var feature in content.Features)
        {
            feature.ModelId = model;
            if (!known.TryGetValue(feature.Name, out var old))
                db.Add(feature);
            else if (isLatest)
                (old.DisplayName, old.Group, old.Kind, old.Owner, old.Description) = (
                    feature.DisplayName,
                    feature.Group ?? old.Group,
                    feature.Kind ?? old.Kind,
                    feature.Owner ?? old.Owner,
                    feature.Description ?? old.Description
                );
        }
        await db.SaveChangesAsync(scope.Stop);
    }

    // What people made of an item holds in the next run of the study too, until they change it there.
    private static async Task<int> CarryAsync(WriteScope scope, Run run, IReadOnlyList<RunItem> items)
    {
        var db = scope.Db;
        if (run.PreviousRunId is not { } previous)
            return 0;
        if (!await db.Runs.AnyAsync(r => r.Id == previous && r.StudyId == run.StudyId, scope.Stop))
            return 0;
        var states = await db.States.AsNoTracking().Where(s => s.RunId == previous).ToListAsync(scope.Stop);
        var now = items.Select(i => (i.Subject, i.ItemId)).ToHashSet();
        var carried = states.Where(s => now.Contains((s.Subject, s.ItemId))).ToList();
        foreach (var state in carried)
        {
            state.CarriedFrom ??= previous;
            (state.RunId, state.Version) = (run.Id, 0);
            db.Add(state);
        }
        await db.SaveChangesAsync(scope.Stop);
        return carried.Count;
    }
}
