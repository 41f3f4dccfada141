using System.Globalization;
using Assay.Campaign;

if (args is ["--check", var scratch])
{
    var wrong = await Check.RunAsync(scratch, TimeProvider.System);
    Console.WriteLine(wrong.Count == 0 ? "The campaign measures what it says." : string.Join('\n', wrong));
    return wrong.Count == 0 ? 0 : 1;
}
if (Settings.Parse(args) is not { } settings)
{
    Console.WriteLine(Settings.Usage);
    return 2;
}
if (!settings.Owns())
{
    Console.Error.WriteLine(
        $"'{settings.Folder}' holds draws of another seed or population (campaign.txt); choose another folder."
    );
    return 2;
}
var clock = TimeProvider.System;
var started = clock.GetTimestamp();
void Say(string what) =>
    Console.WriteLine(
        string.Create(CultureInfo.InvariantCulture, $"{clock.GetElapsedTime(started).TotalSeconds, 8:F1} s  {what}")
    );
var families = Family.All;
var parallel = new ParallelOptions { MaxDegreeOfParallelism = settings.Threads };
if (settings.Worlds > 0)
{
    var populations = new Population[families.Count];
    await Parallel.ForAsync(
        0,
        families.Count,
        parallel,
        async (f, _) =>
        {
            var folder = Path.Combine(settings.Folder, families[f].Name);
            populations[f] = await Population.OpenAsync(families[f], folder, settings);
            Say($"population of {families[f].Name}");
        }
    );
    // World d belongs to family d mod their number, so that more worlds continue fewer.
    for (var first = 0; first < settings.Worlds; first += families.Count)
    {
        await Parallel.ForAsync(
            0,
            Math.Min(families.Count, settings.Worlds - first),
            parallel,
            async (f, _) =>
            {
                foreach (var users in settings.Users)
                    await populations[f].DrawAsync(users, first + f, clock);
            }
        );
        if (first / families.Count % 10 == 0)
            Say($"{Math.Min(first + families.Count, settings.Worlds)} worlds of {settings.Worlds}");
    }
}
if (settings.Worlds > 0 && !settings.Chain)
{
    var panel = new InteractionPanel(settings);
    Parallel.For(0, settings.Interactions, parallel, panel.Run);
    Say($"{settings.Interactions} worlds searched for interactions");
}
var text = new Summary(settings, families).Text();
if (settings.Report is { } report)
    await File.WriteAllTextAsync(report, text);
else
    Console.WriteLine(text);
return 0;
