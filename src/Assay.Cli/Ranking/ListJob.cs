using Assay.Attribution;
using Assay.Attribution.Ranking;
using Assay.Cli.Commands;
using Assay.Cli.Input;
using Assay.Cli.Output;
using Assay.Onnx;
using Assay.Runtime;
using Assay.Studies;

namespace Assay.Cli.Ranking;

/// <summary>Explains lists, request by request; NDCG once a request, places in the list row by row.</summary>
internal sealed class ListJob(ExplainRequest request, Explainer explainer, DataRows source, CancellationToken stop)
{
    // Lists whose rows are held at once.
    private const int PartLists = 256;

    private readonly RankingRequest asked = request.Ranking!;

    private int irrelevant;
    private int tooShort;

    public void Run(IReadOnlyList<FeatureSlot> players, AttributionWriter writer, Terminal terminal)
    {
        var table = RequestTable.Read(source.Data, source.Binding, asked.List!);
        var labels = asked.Label is { } label ? table.Numbers(label, "relevances") : [];
        table.RequestOf(request.Rows.First);
        var shared = Shared(players, source.Binding, table.Shared);
        var wanted = new List<long>();
        for (var row = request.Rows.First; row < Math.Min(request.Rows.End, table.Rows); row++)
            wanted.Add(row);
        foreach (var part in wanted.GroupBy(table.RequestOf).Chunk(PartLists))
        {
            long[] rows = [.. part.SelectMany(g => table.RowsOf(g.Key)).Order()];
            var feeds = table.Feeds(rows);
            foreach (var group in part)
            {
                long[] list = [.. table.RowsOf(group.Key)];
                int[] places = [.. list.Select(r => Array.BinarySearch(rows, r))];
                var candidates = new RowBatch().Take(feeds, places, places.Length);
                foreach (var (row, target, item) in Targets([.. group], list, labels))
                {
                    if (stop.IsCancellationRequested)
                        throw AssayException.Failed(
                            request.Out is { } path ? $"stopped; '{path}' is not written." : "stopped."
                        );
                    var scope = asked.OwnOnly ? new ListScope(item, shared) : null;
                    writer.Write(row, explainer.ExplainList(candidates, target, scope));
                }
            }
        }
        if (irrelevant > 0)
            terminal.Note($"{irrelevant} lists hold nothing relevant and have no NDCG; they are left out.");
        if (tooShort > 0)
            terminal.Note($"{tooShort} lists hold at most {asked.Cut} candidates, all of them in; they are left out.");
    }

    // NDCG once, under the list's first row; a place in the list for each row asked for.
    private IEnumerable<(long Row, ListTarget Target, int Item)> Targets(long[] group, long[] list, double[] labels)
    {
        if (asked.Measure != ListMeasure.Ndcg)
        {
            if (list.Length > asked.Cut)
                return group.Select(row => (row, asked.Target(Array.IndexOf(list, row), []), Array.IndexOf(list, row)));
            tooShort++;
            return [];
        }
        double[] relevances = [.. list.Select(r => labels[r])];
        if (relevances.Any(r => r > 0))
            return [(list[0], asked.Target(0, relevances), 0)];
        irrelevant++;
        return [];
    }

    /// <summary>For each player whether the candidates of a request have all its members in common.</summary>
    public static bool[] Shared(
        IReadOnlyList<FeatureSlot> players,
        DictionaryBinding binding,
        IReadOnlyList<bool> shared
    )
    {
        var local = binding.Slots.Where((_, i) => !shared[i]).SelectMany(s => s.Elements).ToHashSet();
        return [.. players.Select(s => !s.Elements.Any(local.Contains))];
    }
}
