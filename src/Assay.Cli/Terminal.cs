namespace Assay.Cli;

/// <summary>Where a command writes: results to <see cref="Out"/>, everything else to <see cref="Error"/>.</summary>
/// <param name="Out">Standard output.</param>
/// <param name="Error">Standard error.</param>
/// <param name="IsRich">Whether a person looks at <see cref="Out"/>: boxes and colour are for terminals only.</param>
/// <param name="ShowsProgress">Whether a person looks at <see cref="Error"/>.</param>
internal sealed record Terminal(TextWriter Out, TextWriter Error, bool IsRich, bool ShowsProgress)
{
    /// <summary>The terminal of this process. The conventions NO_COLOR and TERM=dumb are kept.</summary>
    public static Terminal OfProcess()
    {
        var plain =
            Environment.GetEnvironmentVariable("TERM") == "dumb"
            || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        return new(
            Console.Out,
            Console.Error,
            !Console.IsOutputRedirected && !plain,
            !Console.IsErrorRedirected && !plain
        );
    }

    /// <summary>A remark that is no result, as one line.</summary>
    public void Note(string text) => Error.WriteLine($"assay: {text}");
}
