namespace Assay.Cli.Tests;

/// <summary>Runs the command line in this process, in a folder of its own that is removed afterwards.</summary>
internal sealed class Workspace : IDisposable
{
    public Workspace() => Folder = Directory.CreateTempSubdirectory("assay-cli-").FullName;

    public string Folder { get; }

    public string Path(string name) => System.IO.Path.Combine(Folder, name);

    /// <summary>Writes a file and returns its path.</summary>
    public string Text(string name, string text)
    {
        File.WriteAllText(Path(name), text);
        return Path(name);
    }

    /// <summary>Writes a model's wire form, valid or not.</summary>
    public string Model(string name, SmallModel model)
    {
        File.WriteAllBytes(Path(name), Google.Protobuf.MessageExtensions.ToByteArray(model.Proto));
        return Path(name);
    }

    public static Outcome Run(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = Application.Run(args, new Terminal(output, error, IsRich: false, ShowsProgress: false));
        return new Outcome(code, output.ToString(), error.ToString());
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}

/// <summary>What a command did.</summary>
internal sealed record Outcome(int Code, string Out, string Error)
{
    /// <summary>Asserts an exit code and one line on standard error without a stack; returns the line.</summary>
    public string ShouldFail(int code)
    {
        Error.ShouldEndWith("\n");
        var line = Error.TrimEnd('\n');
        line.ShouldNotContain('\n');
        line.ShouldStartWith("assay: ");
        line.ShouldNotContain("   at ");
        line.ShouldNotContain("Exception");
        Code.ShouldBe(code, line);
        Out.ShouldBeEmpty();
        return line;
    }

    public string ShouldSucceed()
    {
        Error.ShouldBeEmpty();
        Code.ShouldBe(0);
        return Out;
    }
}
