using Assay.Attribution;
using Assay.Attribution.Counterfactuals;
using Assay.Attribution.Games;
using Assay.Attribution.Ranking;
using Assay.Cli.Commands;
using Assay.Cli.Input;
using Assay.Cli.Services;
using Assay.Onnx;
using Assay.Runtime;
using Assay.Statistics;
using Assay.Studies;

namespace Assay.Cli.Counterfactual;

/// <summary>Carries out <c>assay counterfactual</c>, request by request.</summary>
internal sealed class CounterfactualJob
{
    // Rows of the data that are held at once.
    private const int PartRows = 4096;

    private readonly CounterfactualRequest asked;
    private readonly IScorer scorer;
    private readonly Removables removables;
    private readonly IReadOnlyDictionary<string, TensorData> replacement;
    private readonly RequestTable? requests;
    private readonly (long Row, IReadOnlyDictionary<string, TensorData> Values)[] references;

    private CounterfactualJob(CounterfactualRequest asked, ModelSource model, IScorer scorer)
    {
        (this.asked, this.scorer) = (asked, scorer);
        Binding = model.Bind(asked.Dictionary);
        Source = DataSource.FromFile(asked.Data);
        requests = asked.Request is { } key ? RequestTable.Read(Source, Binding, key) : null;
        removables = new Removables(asked, Binding, requests?.Shared ?? [.. Binding.Features.Select(_ => true)]);
        replacement = Replacement(model.Model);
        references = References();
    }

    private DictionaryBinding Binding { get; }

    private DataSource Source { get; }

    public static int Run(CounterfactualRequest asked, CommandContext context)
    {
        using var model = ModelSource.Open(asked.Model, asked.Head, asked.Service, context.Stop);
        var (scorer, owner) = model.Scorer(asked.Head, asked.Space);
        using var _ = owner;
        var job = new CounterfactualJob(asked, model, scorer);
        using var writer = CounterfactualWriter.Create(asked, context.Terminal);
        foreach (var result in job.Results())
        {
            if (context.Stop.IsCancellationRequested)
                throw AssayException.Failed("stopped.");
            writer.Write(result);
        }
        writer.Finish();
        return 0;
    }

    private IEnumerable<CounterfactualRow> Results() => requests is null ? Alone() : InLists(requests);

    private IEnumerable<CounterfactualRow> Alone()
    {
        foreach (var part in new DataRows(Binding, Source, asked.Rows).Parts(PartRows))
            for (var r = 0; r < RowCount(part.Rows); r++)
                yield return Explain(Taken(part.Rows, [r]), 0, part.First + r);
    }

    private IEnumerable<CounterfactualRow> InLists(RequestTable table)
    {
        table.RequestOf(asked.Rows.First);
        var wanted = new List<long>();
        for (var row = asked.Rows.First; row < Math.Min(asked.Rows.End, table.Rows); row++)
            wanted.Add(row);
        foreach (var part in wanted.GroupBy(table.RequestOf).Chunk(PartRows / 16))
        {
            long[] rows = [.. part.SelectMany(g => table.RowsOf(g.Key)).Order()];
            var feeds = table.Feeds(rows);
            foreach (var request in part)
            {
                var list = table.RowsOf(request.Key);
                var candidates = Taken(feeds, [.. list.Select(r => Array.BinarySearch(rows, r))]);
                foreach (var row in request)
                    yield return Explain(candidates, list.ToList().IndexOf(row), row);
            }
        }
    }

    private CounterfactualRow Explain(IReadOnlyDictionary<string, TensorData> candidates, int item, long row)
    {
        var count = RowCount(candidates);
        var (names, slots, shared) = removables.Of(candidates, item);
        if (slots.Length == 0 || asked.Top >= count)
            return Plain(
                candidates,
                item,
                row,
                slots.Length == 0 ? CounterfactualStatus.NoPlayers : CounterfactualStatus.AlwaysIn
            ) with
            {
                Players = names,
            };
        var target = asked.Top is { } top ? ListTarget.Margin(item, top) : ListTarget.Above(item, asked.Below!.Value);
        ListGames Games(IReadOnlyDictionary<string, TensorData> other) =>
            new(new ReplacedInputGames(scorer, slots, candidates, [other]), target, new ListScope(item, shared));
        var games = Games(replacement);
        var scores = games.Scores.ToArray();
        var margin = target.Of(scores);
        var result = new CounterfactualRow
        {
            Row = row,
            Status = CounterfactualStatus.Out,
            Score = scores[item],
            Candidates = count,
            Rank = asked.Top is null ? null : ListTarget.Rank(scores, item),
            Players = names,
            Margin = margin,
            Evaluations = games.Evaluations,
        };
        if (margin < 0)
            return result;
        var removed = CounterfactualSearch.Removed(games, asked.Search);
        result = result with
        {
            Status = removed.IsFound ? CounterfactualStatus.Found : CounterfactualStatus.NotFound,
            Removed = removed,
            Kept = CounterfactualSearch.Kept(games, asked.Search),
        };
        if (removed.IsFound)
            result = Measured(result, games, removed, item, row, Games);
        return result with { Evaluations = result.Evaluations + games.Evaluations };
    }

    private CounterfactualRow Measured(
        CounterfactualRow result,
        ListGames games,
        FoundSet removed,
        int item,
        long row,
        Func<IReadOnlyDictionary<string, TensorData>, ListGames> gamesOf
    )
    {
        var without = new Coalitions(games.Players);
        without.AddAll();
        foreach (var player in removed.Players)
            without[0, player] = false;
        var (_, alone) = CounterfactualSearch.Values(games, removed.Players);
        ListGames[] byReference =
        [
            .. references
                .Where(r => requests is null || requests.RequestOf(r.Row) != requests.RequestOf(row))
                .Select(r => gamesOf(r.Values)),
        ];
        return result with
        {
            RankWithout = asked.Top is null ? null : ListTarget.Rank(games.Score(without), item),
            IsSufficientAlone = alone >= 0,
            Measured = byReference.Length == 0 ? null : NecessitySufficiency.Of(byReference, removed.Players),
            Evaluations = byReference.Sum(g => g.Evaluations),
        };
    }

    private CounterfactualRow Plain(
        IReadOnlyDictionary<string, TensorData> candidates,
        int item,
        long row,
        CounterfactualStatus status
    )
    {
        var scores = scorer.Score(candidates);
        return new CounterfactualRow
        {
            Row = row,
            Status = status,
            Score = scores[item],
            Candidates = scores.Length,
            Rank = asked.Top is null ? null : ListTarget.Rank(scores, item),
            Evaluations = scores.Length,
        };
    }

    private IReadOnlyDictionary<string, TensorData> Replacement(OnnxModel model)
    {
        if (asked.Baseline == "padding")
            return Binding.ReplacementRow();
        if (!File.Exists(asked.Baseline))
            throw AssayException.Usage($"--baseline '{asked.Baseline}' is not padding, and no such file exists.");
        var rows = TensorsFile.Read(asked.Baseline, model.Graph.Inputs, "baseline");
        LookupCheck.Require(model, rows);
        return RowCount(rows) == 1
            ? rows
            : throw AssayException.Input(
                $"'{asked.Baseline}' has {RowCount(rows)} rows; what stands for something removed is one row."
            );
    }

    // The same rows for all candidates, so that a candidate's numbers do not depend on which others are asked for.
    private (long, IReadOnlyDictionary<string, TensorData>)[] References()
    {
        if (asked.References == 0)
            return [];
        var rows = requests?.Rows ?? InputAssembler.Count(Source);
        var drawn = new SortedSet<long>();
        var random = new CounterRandom(asked.Seed, "reference rows of counterfactuals");
        while (drawn.Count < Math.Min(asked.References, rows))
            drawn.Add(random.NextInt((int)Math.Min(rows, int.MaxValue)));
        var feeds = InputAssembler.Read(Source, Binding, drawn);
        return [.. drawn.Select((row, i) => (row, Taken(feeds, [i])))];
    }

    private static int RowCount(IReadOnlyDictionary<string, TensorData> rows) => (int)rows.Values.First().Dims[0];

    private static IReadOnlyDictionary<string, TensorData> Taken(
        IReadOnlyDictionary<string, TensorData> rows,
        int[] numbers
    ) => new RowBatch().Take(rows, numbers, numbers.Length);
}
