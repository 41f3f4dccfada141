using System.Security.Cryptography;

namespace Assay.Catalogue;

/// <summary>Folders of runs, relative to the catalogue's root where they are below it.</summary>
internal sealed class RunFolders(string? root)
{
    private readonly string? root = root is null ? null : Path.GetFullPath(root);

    public string Stored(string folder)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (root is null)
            return full;
        var relative = Path.GetRelativePath(root, full);
        return
            relative == ".."
            || relative.StartsWith(".." + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            || Path.IsPathRooted(relative)
            ? full
            : relative.Replace(Path.DirectorySeparatorChar, '/');
    }

    public string Full(Run run) =>
        root is null || Path.IsPathRooted(run.Folder) ? run.Folder : Path.GetFullPath(Path.Combine(root, run.Folder));

    /// <summary>Whether the folder still has this run, not a later one or none.</summary>
    public bool Holds(Run run)
    {
        try
        {
            var bytes = File.ReadAllBytes(Path.Combine(Full(run), "run.json"));
            return Convert.ToHexStringLower(SHA256.HashData(bytes)) == run.Sha256;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
