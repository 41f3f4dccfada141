using System.Globalization;
using Assay.Campaign;

if (Settings.Parse(args) is not { } settings)
{
    Console.WriteLine(Settings.Usage);
    return 2;
}
var clock = TimeProvider.System;
var families = Family.All;
for (var f = 0; f < families.Count && settings.Worlds > 0; f++)
{
    var started = clock.GetTimestamp();
    void Say(string what) =>
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{clock.GetElapsedTime(started).TotalSeconds, 7:F1} s  {families[f].Name}: {what}"
            )
        );
    var population = await Population.OpenAsync(families[f], Path.Combine(settings.Folder, families[f].Name), settings);
    Say("population ready");
    foreach (var users in settings.Users)
    {
        // World d belongs to family d mod their number, so that more worlds continue fewer.
        for (var d = f; d < settings.Worlds; d += families.Count)
            await population.DrawAsync(users, d);
        Say($"draws of {users} users done");
    }
}
var text = new Summary(settings, families).Text();
if (settings.Report is { } report)
    await File.WriteAllTextAsync(report, text);
else
    Console.WriteLine(text);
return 0;
