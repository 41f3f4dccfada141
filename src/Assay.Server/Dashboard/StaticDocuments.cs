using System.Text.Json;

namespace Assay.Server;

/// <summary>
/// The documents that the dashboard asks for where there is no server: aggregates only. A value that is a text is the name of
/// the document that answers in its place.
/// </summary>
internal sealed class StaticDocuments
{
    // Beyond the first few quantities a table is worth its bytes only while there is room.
    private static readonly string[] Usual =
    [
        "permutation_auc",
        "conditional_permutation_auc",
        "mean_abs_attribution",
        "mean_attribution",
        "coverage",
    ];

    private readonly SortedDictionary<string, byte[]> documents = new(StringComparer.Ordinal);
    private readonly ViewContext view;
    private readonly string at;
    private readonly long room;
    private long used;

    private StaticDocuments(ViewContext view, long room)
    {
        (this.view, this.room) = (view, room);
        at = $"/runs/{view.Run.Id}";
    }

    /// <summary>Every document by its path and query, in the spelling of web/src/data/key.ts.</summary>
    /// <param name="view">The run.</param>
    /// <param name="room">Bytes that the documents may take compressed, about; tables of quantities that are seldom asked for give way.</param>
    public static IReadOnlyDictionary<string, byte[]> Of(ViewContext view, long room)
    {
        var all = new StaticDocuments(view, room);
        all.Fixed();
        all.Features();
        all.Tables();
        return all.documents;
    }

    /// <summary>encodeURIComponent of JavaScript.</summary>
    public static string Encode(string text) =>
        Uri.EscapeDataString(text)
            .Replace("%21", "!", StringComparison.Ordinal)
            .Replace("%27", "'", StringComparison.Ordinal)
            .Replace("%28", "(", StringComparison.Ordinal)
            .Replace("%29", ")", StringComparison.Ordinal)
            .Replace("%2A", "*", StringComparison.Ordinal);

    private void Fixed()
    {
        var run = view.Run;
        Put(
            "/me",
            new
            {
                Name = "",
                Role = "viewer",
                CanSeeRows = false,
                CsrfToken = (string?)null,
            }
        );
        Put("/users", Array.Empty<object>());
        Put("/runs", new Paged<RunSummary>([RunsView.Summary(view)], 1, 1, 50));
        for (var page = 1; ; page++)
        {
            var inbox = InboxView.Page(view, new(), page, 100);
            Put($"{at}/inbox?page={page}&pageSize=100", inbox);
            if (page * 100 >= inbox.Total)
                break;
        }
        foreach (var finding in run.Findings)
            Put($"{at}/findings/{Path(finding.Id)}", InboxView.Finding(view, finding.Id));
        foreach (var action in run.Actions)
            Put($"{at}/actions/{Path(action.Id)}", InboxView.Action(view, action.Id));
        Put($"{at}/graph", GraphView.Of(run));
        Put($"{at}/journey", JourneyView.Of(run));
        foreach (var stages in JourneyView.Of(run).Dimensions)
            Put($"{at}/journey?dimension={Encode(stages.Id)}", JourneyView.Of(run, stages.Id));
        Put($"{at}/layers", LayersView.Of(run));
        Put($"{at}/trust", TrustView.Of(view));
        Put($"{at}/leadership", LeadershipView.Of(view));
    }

    private void Features()
    {
        foreach (var feature in view.Run.Names.Features)
            Put($"{at}/features/{Encode(feature.Name)}", DossierView.Of(view, feature.Name));
        var effects = EffectsView.List(view.Run);
        Put($"{at}/effects", effects);
        foreach (var feature in effects.Features)
            Put($"{at}/effects/{Encode(feature.Name)}", EffectsView.Of(view.Run, feature.Name));
    }

    // The run's own document offers only quantities that are here.
    private void Tables()
    {
        var run = view.Run;
        var detail = RunsView.Detail(view);
        var kept = new List<EstimandChoice>();
        Put($"{at}/heatmap", HeatmapView.Of(run, new()));
        foreach (
            var choice in detail.Estimands.OrderBy(e => Array.IndexOf(Usual, e.Id) is >= 0 and var i ? i : Usual.Length)
        )
        {
            var tables = TablesOf(choice, detail.Dimensions).ToArray();
            var size = tables.Sum(t => Packed(t.Document));
            if (used + size > room && !Usual.Contains(choice.Id))
                continue;
            foreach (var (query, document) in tables)
                Table(query, document);
            kept.Add(choice);
        }
        Put(at, detail with { Estimands = [.. detail.Estimands.Where(kept.Contains)] });
    }

    private IEnumerable<(HeatmapQuery Query, byte[] Document)> TablesOf(
        EstimandChoice choice,
        IReadOnlyList<DimensionInfo> dimensions
    )
    {
        foreach (var method in choice.Methods)
        foreach (var dimension in dimensions)
        {
            var query = new HeatmapQuery(choice.Id, method.Id, dimension.Name, "explain");
            if (HeatmapView.Of(view.Run, query) is { } map)
                yield return (query, JsonSerializer.SerializeToUtf8Bytes(map, ViewJson.Options));
        }
    }

    // One document under every question that it answers: parameters left out mean their defaults.
    private void Table(HeatmapQuery full, byte[] document)
    {
        var own = Name(full);
        Put(own, document);
        for (var mask = 0; mask < 15; mask++)
        {
            var part = new HeatmapQuery(
                (mask & 1) != 0 ? full.Estimand : null,
                (mask & 2) != 0 ? full.Method : null,
                (mask & 4) != 0 ? full.Dimension : null,
                (mask & 8) != 0 ? full.Split : null
            );
            if (
                HeatmapView.Choose(view.Run, part) is { } meant
                && meant == new BlockKey(full.Estimand!, full.Method!, full.Split!, full.Dimension!)
            )
                if (!documents.ContainsKey(Name(part)))
                    Put(Name(part), own);
        }
    }

    private string Name(HeatmapQuery q)
    {
        (string Name, string? Value)[] pairs =
        [
            ("dimension", q.Dimension),
            ("estimand", q.Estimand),
            ("method", q.Method),
            ("split", q.Split),
        ];
        var query = string.Join('&', pairs.Where(p => p.Value is not null).Select(p => $"{p.Name}={Encode(p.Value!)}"));
        return query.Length == 0 ? $"{at}/heatmap" : $"{at}/heatmap?{query}";
    }

    private static string Path(string id) => string.Join('/', id.Split('/').Select(Encode));

    private void Put(string name, object? document)
    {
        if (document is null)
            return;
        var bytes = document as byte[] ?? JsonSerializer.SerializeToUtf8Bytes(document, ViewJson.Options);
        if (documents.TryAdd(name, bytes))
            used += Packed(bytes);
    }

    private static long Packed(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (
            var gzip = new System.IO.Compression.GZipStream(
                packed,
                System.IO.Compression.CompressionLevel.Fastest,
                leaveOpen: true
            )
        )
            gzip.Write(bytes);
        return packed.Length;
    }
}
