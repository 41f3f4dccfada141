using Microsoft.EntityFrameworkCore;

namespace Assay.Catalogue;

/// <summary>Comments. They are added, never changed.</summary>
public sealed class CommentStore
{
    private readonly CatalogueDatabase database;

    internal CommentStore(CatalogueDatabase database) => this.database = database;

    /// <summary>Comments on a subject, oldest first.</summary>
    /// <param name="subject">What they are about.</param>
    /// <param name="withEarlierRuns">Also those on the same item in earlier runs of the study.</param>
    /// <param name="stop">Ends the query.</param>
    public async Task<IReadOnlyList<Comment>> ListAsync(
        SubjectRef subject,
        bool withEarlierRuns = false,
        CancellationToken stop = default
    )
    {
        await using var db = database.Read();
        var same = db.Comments.Where(c => c.SubjectKind == subject.Kind && c.SubjectId == subject.Id);
        if (!withEarlierRuns)
            same = same.Where(c => c.RunId == subject.Run);
        else
        {
            var run = await db.Runs.SingleOrDefaultAsync(r => r.Id == subject.Run, stop);
            if (run is null)
                return [];
            var runs = db
                .Runs.Where(r => r.Id == run.Id || (r.StudyId == run.StudyId && r.Created < run.Created))
                .Select(r => r.Id);
            same = same.Where(c => runs.Contains(c.RunId));
        }
        return await same.OrderBy(c => c.Id).ToListAsync(stop);
    }

    /// <summary>Comments in which a user is mentioned, newest first.</summary>
    public async Task<Page<Comment>> MentionsAsync(
        string user,
        int page = 1,
        int pageSize = 50,
        CancellationToken stop = default
    )
    {
        await using var db = database.Read();
        var query = db.Comments.Where(c => c.Mentions.Contains(user)).OrderByDescending(c => c.Id);
        return await query.PageAsync(page, pageSize, stop);
    }

    /// <summary>Adds a comment; <c>@name</c> of a user mentions that user.</summary>
    /// <exception cref="CatalogueException">No such subject; no text, or more than 10,000 characters.</exception>
    public Task<Comment> AddAsync(SubjectRef subject, string text, string actor, CancellationToken stop = default) =>
        database.WriteAsync(
            actor,
            async scope =>
            {
                await Existing.RequireAsync(scope, subject);
                var written = Existing.Text(text, "The comment");
                var users = await scope.Db.Users.AsNoTracking().Where(u => !u.IsDisabled).ToListAsync(scope.Stop);
                var comment = new Comment
                {
                    SubjectKind = subject.Kind,
                    RunId = subject.Run,
                    SubjectId = subject.Id,
                    By = actor,
                    At = scope.Now,
                    Text = written,
                    Mentions = Mentioned.In(written, users),
                };
                scope.Db.Add(comment);
                scope.Record(
                    "comment.add",
                    () => subject.ToString(),
                    null,
                    () =>
                        new
                        {
                            comment.Id,
                            comment.Text,
                            comment.Mentions,
                        }
                );
                return comment;
            },
            stop
        );
}
