using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Assay.ServerLoad;

/// <summary>Readers of a server's views: one after the other first, then many at once.</summary>
internal sealed class Readers(Uri server, string key)
{
    private const int Alone = 40;

    private sealed record Answer(string View, double Milliseconds, long Bytes, bool IsError);

    /// <summary>Prints a table of calls: p50, p95 and size; returns 1 if any failed.</summary>
    public async Task<int> RunAsync(int readers, int seconds)
    {
        using var client = Client();
        var calls = await CallsAsync(client);
        foreach (var (_, path) in calls)
            await AskAsync(client, "warm", path);
        var alone = new List<Answer>();
        for (var k = 0; k < Alone; k++)
            foreach (var (view, path) in calls)
                alone.Add(await AskAsync(client, view, path));
        Console.WriteLine($"One reader, {Alone} calls of each:\n");
        Print(alone);
        var together = new ConcurrentBag<Answer>();
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(
            Enumerable
                .Range(0, readers)
                .Select(async reader =>
                {
                    using var own = Client();
                    for (var k = reader; clock.Elapsed.TotalSeconds < seconds; k++)
                    {
                        var (view, path) = calls[k % calls.Length];
                        together.Add(await AskAsync(own, view, path));
                    }
                })
        );
        Console.WriteLine($"\n{readers} readers for {seconds} s, {together.Count} calls:\n");
        Print(together);
        return alone.Concat(together).Any(a => a.IsError) ? 1 : 0;
    }

    private HttpClient Client()
    {
        var client = new HttpClient { BaseAddress = server };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    // What a reader's browser asks for: every view of every run, all dimensions of the heatmap, a few dossiers and effects.
    private static async Task<(string View, string Path)[]> CallsAsync(HttpClient client)
    {
        var calls = new List<(string, string)> { ("runs", "/api/v1/runs") };
        var runs = await client.GetFromJsonAsync<JsonElement>("/api/v1/runs");
        foreach (var run in runs.GetProperty("items").EnumerateArray())
        {
            var root = $"/api/v1/runs/{run.GetProperty("id").GetString()}";
            var detail = await client.GetFromJsonAsync<JsonElement>(root);
            calls.Add(("run", root));
            foreach (var view in (string[])["inbox", "graph", "journey", "layers", "trust", "leadership"])
                calls.Add((view, $"{root}/{view}"));
            foreach (var dimension in detail.GetProperty("dimensions").EnumerateArray())
                calls.Add(("heatmap", $"{root}/heatmap?dimension={dimension.GetProperty("name").GetString()}"));
            foreach (var feature in detail.GetProperty("features").EnumerateArray().Take(5))
            {
                var name = Uri.EscapeDataString(feature.GetProperty("name").GetString()!);
                calls.Add(("dossier", $"{root}/features/{name}"));
                if (detail.GetProperty("views").GetProperty("effects").GetBoolean())
                    calls.Add(("effects", $"{root}/effects/{name}"));
            }
        }
        return [.. calls];
    }

    private static async Task<Answer> AskAsync(HttpClient client, string view, string path)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            using var answer = await client.GetAsync(path);
            var body = await answer.Content.ReadAsByteArrayAsync();
            // A run without layers says so by 404; anything else that is no success is an error.
            var isError = !answer.IsSuccessStatusCode && answer.StatusCode != System.Net.HttpStatusCode.NotFound;
            return new(view, Stopwatch.GetElapsedTime(started).TotalMilliseconds, body.Length, isError);
        }
        catch (HttpRequestException)
        {
            return new(view, Stopwatch.GetElapsedTime(started).TotalMilliseconds, 0, true);
        }
    }

    private static void Print(IReadOnlyCollection<Answer> answers)
    {
        Console.WriteLine("| view | calls | errors | median, ms | p95, ms | largest, KB |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (var group in answers.GroupBy(a => a.View).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var times = group.Select(a => a.Milliseconds).Order().ToArray();
            string At(double share) =>
                times[(int)(share * (times.Length - 1))].ToString("F1", CultureInfo.InvariantCulture);
            Console.WriteLine(
                $"| {group.Key} | {times.Length} | {group.Count(a => a.IsError)} | {At(.5)} | {At(.95)} | {group.Max(a => a.Bytes) / 1024} |"
            );
        }
    }
}
