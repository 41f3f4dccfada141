using System.Globalization;
using Microsoft.EntityFrameworkCore;

namespace Assay.Catalogue;

/// <summary>Refuses what refers to nothing.</summary>
internal static class Existing
{
    public static async Task RequireAsync(WriteScope scope, SubjectRef subject)
    {
        var db = scope.Db;
        if (!await db.Runs.AnyAsync(r => r.Id == subject.Run, scope.Stop))
            throw CatalogueException.NotFound($"run {subject.Run}");
        var isThere = subject switch
        {
            { Item: { } kind } => await db.Items.AnyAsync(
                i => i.RunId == subject.Run && i.Subject == kind && i.ItemId == subject.Id,
                scope.Stop
            ),
            { Kind: "hypothesis" } => long.TryParse(subject.Id, CultureInfo.InvariantCulture, out var id)
                && await db.Hypotheses.AnyAsync(h => h.RunId == subject.Run && h.Id == id, scope.Stop),
            { Kind: "feature" } => await db
                .Runs.Where(r => r.Id == subject.Run)
                .AnyAsync(
                    r => db.Features.Any(f => f.ModelId == r.ModelVersion!.ModelId && f.Name == subject.Id),
                    scope.Stop
                ),
            { Kind: "row" } => subject.Id.Length > 0,
            _ => subject.Id.Length == 0,
        };
        if (!isThere)
            throw CatalogueException.NotFound($"{subject.Kind} '{subject.Id}' in run {subject.Run}");
    }

    public static async Task RequireUserAsync(WriteScope scope, string subject)
    {
        if (!await scope.Db.Users.AnyAsync(u => u.Subject == subject && !u.IsDisabled, scope.Stop))
            throw CatalogueException.NotFound($"user '{subject}'");
    }

    /// <summary>Text that a person wrote: not empty, not too long, nothing that a database cannot keep.</summary>
    public static string Text(string? text, string what, int longest = 10_000)
    {
        var trimmed = text?.Trim() ?? "";
        if (trimmed.Length == 0)
            throw CatalogueException.Invalid($"{what} is empty.");
        if (trimmed.Length > longest)
            throw CatalogueException.Invalid($"{what} has more than {longest} characters.");
        if (trimmed.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t')) || !IsWhole(trimmed))
            throw CatalogueException.Invalid($"{what} holds characters that are no text.");
        return trimmed;
    }

    private static bool IsWhole(string text)
    {
        for (var i = 0; i < text.Length; i++)
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                i++;
            else if (char.IsSurrogate(text[i]))
                return false;
        return true;
    }
}
