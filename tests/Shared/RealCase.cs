namespace Assay.Tests;

/// <summary>The real models and data that lie in shared/realcase beside the checkout, on machines that have them.</summary>
internal static class RealCase
{
    /// <summary>The folder shared/realcase; skips the running test, saying so, where it is absent.</summary>
    public static string Folder
    {
        get
        {
            if (Find() is { } folder)
                return folder;
            Assert.Skip("shared/realcase is not beside the checkout.");
            throw new InvalidOperationException();
        }
    }

    /// <summary>The path of a model by its name without extension; skips where absent.</summary>
    public static string Model(string name)
    {
        var path = Path.Combine(Folder, "models", name + ".onnx");
        if (!File.Exists(path))
            Assert.Skip($"shared/realcase has no model {name}.");
        return path;
    }

    /// <summary>The names of the models, for theories over them.</summary>
    public static TheoryData<string> Models =>
        ["dcn_v2_seed1", "deepfm_seed1", "deepfm_shuffled", "din", "dlrm", "mmoe", "mmoe_noloop", "wide_deep"];

    private static string? Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Assay.slnx")))
            folder = folder.Parent;
        var shared = folder is null
            ? null
            : Path.GetFullPath(Path.Combine(folder.FullName, "..", "shared", "realcase"));
        return Directory.Exists(shared) ? shared : null;
    }
}
