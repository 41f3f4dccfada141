namespace Assay.Studies;

/// <summary>Seconds by stage.</summary>
internal sealed class StageClock(TimeProvider clock)
{
    private readonly Dictionary<string, double> seconds = [];
    private long started = clock.GetTimestamp();
    private string stage = "open";

    public IReadOnlyDictionary<string, double> Seconds => seconds;

    public void Next(string name)
    {
        seconds[stage] = clock.GetElapsedTime(started).TotalSeconds;
        (stage, started) = (name, clock.GetTimestamp());
    }
}

/// <summary>The resolved head's name, kept so that a start with nothing left to do need not open the model.</summary>
internal static class HeadFile
{
    private static string Path(string folder) => System.IO.Path.Combine(folder, "prepared", "head.txt");

    public static string Read(string folder) => File.Exists(Path(folder)) ? File.ReadAllText(Path(folder)) : "";

    public static void Write(string folder, string head) => Files.WriteText(Path(folder), head);
}
