using System.Data.Common;
using Npgsql;

namespace Assay.Catalogue;

/// <summary>Where the catalogue is.</summary>
public sealed record CatalogueOptions
{
    private CatalogueOptions(bool isPostgres, string place) => (IsPostgres, Place) = (isPostgres, place);

    /// <summary>PostgreSQL rather than a file.</summary>
    public bool IsPostgres { get; }

    /// <summary>The file of a SQLite catalogue, the connection string of PostgreSQL.</summary>
    internal string Place { get; }

    /// <summary>The folder to which folders of runs are relative, so that it may be moved; null: they are absolute.</summary>
    public string? Root { get; init; }

    /// <summary>How long to wait for another writer.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A SQLite file; it and its folder are made where absent.</summary>
    public static CatalogueOptions Sqlite(string file) => new(false, Path.GetFullPath(file));

    /// <summary>A PostgreSQL database: <c>Host=…;Database=…</c> or <c>postgres://user:password@host:port/database</c>.</summary>
    /// <exception cref="CatalogueException">The connection string is none.</exception>
    public static CatalogueOptions Postgres(string connection)
    {
        try
        {
            return new(true, new NpgsqlConnectionStringBuilder(FromUri(connection)).ConnectionString);
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            throw CatalogueException.Invalid("The connection string of the catalogue is none of PostgreSQL's.");
        }
    }

    /// <summary>A connection string of PostgreSQL, else a file.</summary>
    public static CatalogueOptions Parse(string text) =>
        IsUri(text) || text.Contains("Host=", StringComparison.OrdinalIgnoreCase) ? Postgres(text) : Sqlite(text);

    private static bool IsUri(string text) =>
        text.StartsWith("postgres://", StringComparison.Ordinal)
        || text.StartsWith("postgresql://", StringComparison.Ordinal);

    private static string FromUri(string text)
    {
        if (!IsUri(text))
            return text;
        var uri = new Uri(text);
        var user = uri.UserInfo.Split(':', 2);
        var parts = new DbConnectionStringBuilder { ["Host"] = uri.Host };
        if (uri.Port > 0)
            parts["Port"] = uri.Port;
        if (user[0].Length > 0)
            parts["Username"] = Uri.UnescapeDataString(user[0]);
        if (user.Length > 1)
            parts["Password"] = Uri.UnescapeDataString(user[1]);
        parts["Database"] = Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/'));
        foreach (var pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
            if (pair.Split('=', 2) is [var key, var value])
                parts[Uri.UnescapeDataString(key)] = Uri.UnescapeDataString(value);
        return parts.ConnectionString;
    }
}
