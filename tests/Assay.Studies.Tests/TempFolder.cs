namespace Assay.Studies.Tests;

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("assay-test-").FullName;

    public string File(string name, string text)
    {
        var path = System.IO.Path.Combine(Path, name);
        System.IO.File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Writes the rows of a query as Parquet.</summary>
    public string Parquet(string name, string query)
    {
        var path = System.IO.Path.Combine(Path, name);
        using var duck = Duck.Open();
        duck.Execute($"COPY ({query}) TO {Sql.Text(path)} (FORMAT parquet)");
        return path;
    }

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
