using Assay.Onnx;

namespace Assay.Studies;

/// <summary>Works off blocks of one split: explains and scores their rows and writes the block's files.</summary>
internal sealed class BlockWorker(StudyPlan plan, PreparedSplit split, IModelRunner model) : IDisposable
{
    // Looking up rows and donors takes about as long as scoring a row so often.
    private const int FewestTogether = 4;

    private readonly PreparedReader prepared = new(plan, split);
    private readonly Dictionary<string, ColumnReader> permuted = [];

    public PreparedSplit Split => split;

    private Dictionary<string, string> Metadata => new() { ["assay.plan"] = plan.Hash };

    public void Run(int group, CancellationToken cancel)
    {
        var block = split.Blocks[group];
        var feeds = prepared.Feeds(group);
        if (plan.PerRow.Count > 0 && !IsDone(plan.AttributionPath(split, block), plan.Hash))
            Explain(group, block, feeds, cancel);
        if (!IsDone(plan.ScorePath(split, block), plan.Hash))
            Score(group, block, feeds, cancel);
    }

    /// <summary>Whether a block has all its files.</summary>
    public static bool IsDone(StudyPlan plan, PreparedSplit split, Block block) =>
        (plan.PerRow.Count == 0 || IsDone(plan.AttributionPath(split, block), plan.Hash))
        && IsDone(plan.ScorePath(split, block), plan.Hash);

    public void Dispose()
    {
        prepared.Dispose();
        foreach (var reader in permuted.Values)
            reader.Dispose();
    }

    private static bool IsDone(string path, string hash)
    {
        if (!File.Exists(path))
            return false;
        using var reader = ColumnReader.Open(path);
        return reader.Metadata.GetValueOrDefault("assay.plan") == hash;
    }

    private void Explain(int group, Block block, Dictionary<string, TensorData> feeds, CancellationToken cancel)
    {
        var specs = new List<ColumnSpec>
        {
            ColumnSpec.Of<long>(BlockColumns.Row),
            ColumnSpec.Of<int>(BlockColumns.Cluster),
            ColumnSpec.Of<int>(BlockColumns.Request),
        };
        var columns = new List<Array>
        {
            prepared.Read<long>(group, PreparedColumns.Row),
            prepared.Read<int>(group, PreparedColumns.Cluster),
            prepared.Read<int>(group, PreparedColumns.Request),
        };
        for (var m = 0; m < plan.PerRow.Count; m++)
        {
            cancel.ThrowIfCancellationRequested();
            var explanation = model.Explain(m, split, block, feeds);
            void Add(string name, Array values)
            {
                specs.Add(new ColumnSpec(name, values.GetType().GetElementType()!));
                columns.Add(values);
            }
            Add(BlockColumns.OfMethod(plan, m, BlockColumns.Target), explanation.Target);
            Add(BlockColumns.OfMethod(plan, m, BlockColumns.BaselineTarget), explanation.BaselineTarget);
            if (explanation.CompletenessGap is { } gap)
                Add(BlockColumns.OfMethod(plan, m, BlockColumns.Gap), gap);
            var features = plan.Features.Count;
            for (var f = 0; f < features; f++)
            {
                var column = new float[block.Rows];
                for (var r = 0; r < column.Length; r++)
                    column[r] = (float)explanation.Attributions[r * features + f];
                Add(BlockColumns.Attribution(plan, m, plan.Features[f].Entry.Name), column);
            }
        }
        Write(plan.AttributionPath(split, block), specs, columns);
    }

    private void Score(int group, Block block, Dictionary<string, TensorData> feeds, CancellationToken cancel)
    {
        var specs = new List<ColumnSpec> { ColumnSpec.Of<float>(BlockColumns.Score) };
        var columns = new List<Array> { Floats(model.Score(feeds), block) };
        var score = (float[])columns[0];
        var plain = new Dictionary<(string, int), double[]>();
        foreach (var exchange in plan.Exchanges)
            for (var repeat = 0; repeat < exchange.Repeats; repeat++)
            {
                var together = exchange.FirstOrder ? [] : Together(exchange, repeat, group, feeds, plain);
                var scores = exchange.FirstOrder
                    ? FirstOrder(exchange, repeat, group, feeds, score)
                    : exchange.Players.Select(p =>
                        together.GetValueOrDefault(p.Name) ?? Exchanged(exchange, p, repeat, group, feeds, plain)
                    );
                foreach (var (player, own) in exchange.Players.Zip(scores))
                {
                    cancel.ThrowIfCancellationRequested();
                    specs.Add(ColumnSpec.Of<float>(exchange.Column(player, repeat)));
                    columns.Add(Floats(own, block));
                }
            }
        if (plan.HasSage)
        {
            cancel.ThrowIfCancellationRequested();
            var labels = prepared.Read<double>(group, PreparedColumns.Label);
            var saved = model.Sage(split, block, feeds, labels);
            var count = plan.Features.Count;
            for (var f = 0; f < count; f++)
            {
                specs.Add(ColumnSpec.Of<float>(BlockColumns.Sage(plan.Features[f].Entry.Name)));
                columns.Add(Enumerable.Range(0, block.Rows).Select(r => (float)saved[r * count + f]).ToArray());
            }
        }
        Write(plan.ScorePath(split, block), specs, columns);
    }

    // Scores of players without common features, all at once where the model allows it: the donors of all side by side.
    private Dictionary<string, double[]> Together(
        Exchange exchange,
        int repeat,
        int group,
        Dictionary<string, TensorData> feeds,
        Dictionary<(string, int), double[]> plain
    )
    {
        var known = new Dictionary<string, double[]>();
        var left = exchange
            .Players.Where(p =>
                p.Position is null && !(IsUsual(exchange, p, repeat) && plain.ContainsKey((p.Name, repeat)))
            )
            .ToList();
        while (left.Count >= FewestTogether)
        {
            var (round, taken) = (new List<Player>(), new HashSet<int>());
            foreach (var player in left.Where(p => !p.Members.Any(taken.Contains)))
            {
                round.Add(player);
                taken.UnionWith(player.Members);
            }
            if (round.Count < FewestTogether)
                break;
            var donors = feeds.ToDictionary(f => f.Key, f => Copy(f.Value));
            foreach (var player in round)
                Fill(donors, exchange, player, repeat, group);
            if (model.Exchanged(feeds, donors, [.. round.Select(p => p.Members)]) is not { } scores)
                break;
            foreach (var (player, own) in round.Zip(scores))
            {
                known[player.Name] = own;
                if (IsUsual(exchange, player, repeat))
                    plain[(player.Name, repeat)] = own;
            }
            left.RemoveAll(round.Contains);
        }
        return known;
    }

    private double[] Exchanged(
        Exchange exchange,
        Player player,
        int repeat,
        int group,
        Dictionary<string, TensorData> feeds,
        Dictionary<(string, int), double[]> plain
    )
    {
        // Where every row has the feature, its scores are there already.
        var isUsual = IsUsual(exchange, player, repeat);
        if (isUsual && plain.TryGetValue((player.Name, repeat), out var known))
            return known;
        var rows = new Dictionary<string, TensorData>(feeds);
        foreach (var input in player.Members.Select(m => plan.Features[m].Input).Distinct())
            rows[input.Name] = Copy(feeds[input.Name]);
        Fill(rows, exchange, player, repeat, group);
        var scores = model.Score(rows);
        if (isUsual && plan.Exchanges.Any(e => e.Donors is DonorKind.Present or DonorKind.Held))
            plain[(player.Name, repeat)] = scores;
        return scores;
    }

    // Whether every row has the player, so that its donors are any row's.
    private bool IsUsual(Exchange exchange, Player player, int repeat) =>
        Permuted(plan.PermutedPath(split, exchange, player, repeat)).Metadata.ContainsKey(PermutedColumns.Usual);

    // One pass: the donors of all features side by side, as each feature's change asks for its own alone.
    private IEnumerable<double[]> FirstOrder(
        Exchange exchange,
        int repeat,
        int group,
        Dictionary<string, TensorData> feeds,
        float[] score
    )
    {
        var donors = feeds.ToDictionary(f => f.Key, f => Copy(f.Value));
        foreach (var player in exchange.Players)
            Fill(donors, exchange, player, repeat, group);
        var changes = model.Changes(feeds, donors);
        for (var f = 0; f < plan.Features.Count; f++)
        {
            var own = new double[score.Length];
            for (var r = 0; r < own.Length; r++)
                own[r] = score[r] + changes[r * plan.Features.Count + f];
            yield return own;
        }
    }

    private void Fill(Dictionary<string, TensorData> rows, Exchange exchange, Player player, int repeat, int group)
    {
        var from = Permuted(plan.PermutedPath(split, exchange, player, repeat));
        foreach (var (feature, element) in player.Elements(plan.Features))
            PreparedReader.Fill(rows[feature.Input.Name], from, group, feature, element);
    }

    private ColumnReader Permuted(string path)
    {
        if (!permuted.TryGetValue(path, out var reader))
            permuted[path] = reader = ColumnReader.Open(path);
        return reader;
    }

    private float[] Floats(double[] scores, Block block)
    {
        var floats = Array.ConvertAll(scores, s => (float)s);
        var bad = Array.FindIndex(floats, s => !float.IsFinite(s));
        return bad < 0
            ? floats
            : throw AssayException.Input(
                $"The model's output is {floats[bad]} for row {prepared.Read<long>(split.Blocks.ToList().IndexOf(block), PreparedColumns.Row)[bad]}"
                    + $" of the {split.Name} data; its weights or inputs overflow."
            );
    }

    private void Write(string path, List<ColumnSpec> specs, List<Array> columns) =>
        Files.Write(
            path,
            stream =>
            {
                using var writer = ColumnWriter.Create(stream, specs, Metadata);
                writer.WriteGroup(columns);
            }
        );

    private static TensorData Copy(TensorData tensor) =>
        TensorData.Create(tensor.Type, tensor.Dims, (Array)tensor.Values.Clone());
}
