namespace Assay.Tests;

/// <summary>The checkout that the tests were built from, and files in it that are generated from code.</summary>
internal static class Checkout
{
    /// <summary>The folder with Assay.slnx.</summary>
    public static string Folder
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(System.IO.Path.Combine(folder.FullName, "Assay.slnx")))
                folder = folder.Parent ?? throw new InvalidOperationException("The tests run outside a checkout.");
            return folder.FullName;
        }
    }

    public static string Path(params string[] parts) => System.IO.Path.Combine([Folder, .. parts]);

    /// <summary>The text of a file, empty where there is none.</summary>
    public static string Text(string path) => File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "";

    /// <summary>Asserts that a generated file is fresh, or rewrites it where ASSAY_UPDATE_DOCS is 1.</summary>
    public static void ShouldBeFresh(string path, string expected)
    {
        if (Environment.GetEnvironmentVariable("ASSAY_UPDATE_DOCS") == "1" && Text(path) != expected)
            File.WriteAllText(path, expected);
        Text(path).ShouldBe(expected, $"{path} is stale; run the tests with ASSAY_UPDATE_DOCS=1 and commit it.");
    }
}
