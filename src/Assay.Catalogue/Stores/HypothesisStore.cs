using Microsoft.EntityFrameworkCore;

namespace Assay.Catalogue;

/// <summary>Hypotheses: those that runs scored, and those that people wrote for the next one.</summary>
public sealed class HypothesisStore
{
    private readonly CatalogueDatabase database;

    internal HypothesisStore(CatalogueDatabase database) => this.database = database;

    /// <summary>A run's hypotheses in the order of its file, then those that people wrote, oldest first.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="feature">About this feature only; null: all.</param>
    /// <param name="stop">Ends the query.</param>
    public async Task<IReadOnlyList<Hypothesis>> ListAsync(
        string runId,
        string? feature = null,
        CancellationToken stop = default
    )
    {
        await using var db = database.Read();
        return await db
            .Hypotheses.Where(h => h.RunId == runId && (feature == null || h.Feature == feature))
            .OrderBy(h => h.Ordinal == null)
            .ThenBy(h => h.Ordinal)
            .ThenBy(h => h.Id)
            .ToListAsync(stop);
    }

    /// <summary>Adds a hypothesis that somebody wrote.</summary>
    /// <exception cref="CatalogueException">No such run or feature; no text.</exception>
    public Task<Hypothesis> AddAsync(
        string runId,
        string? feature,
        string expected,
        string? reason,
        string actor,
        CancellationToken stop = default
    ) =>
        database.WriteAsync(
            actor,
            async scope =>
            {
                await Existing.RequireAsync(
                    scope,
                    feature is null ? new("run", runId, "") : new("feature", runId, feature)
                );
                var hypothesis = new Hypothesis
                {
                    RunId = runId,
                    Feature = feature,
                    Expected = Existing.Text(expected, "The hypothesis", 2_000),
                    Reason = string.IsNullOrWhiteSpace(reason) ? null : Existing.Text(reason, "The reason"),
                    Author = actor,
                    At = scope.Now,
                };
                scope.Db.Add(hypothesis);
                scope.Record(
                    "hypothesis.add",
                    () => FormattableString.Invariant($"hypothesis:{runId}:{hypothesis.Id}"),
                    null,
                    () =>
                        new
                        {
                            hypothesis.Feature,
                            hypothesis.Expected,
                            hypothesis.Reason,
                        }
                );
                return hypothesis;
            },
            stop
        );
}
