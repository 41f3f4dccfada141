using Assay.Statistics;

namespace Assay.Worlds.Simulation;

/// <summary>Fills a world's rows: users in order, their requests in time, candidates from the top position down.</summary>
internal sealed class Simulator
{
    // Requests by part of the day.
    private static readonly double[] HourShares = [0.06, 0.16, 0.19, 0.19, 0.26, 0.14];
    private static readonly int[] HourStarts = [0, 6, 10, 14, 18, 22];
    private static readonly int[] HourLengths = [6, 4, 4, 4, 4, 2];

    // The explained and the last period then each see two seasons.
    private const int StartDayOfYear = 70;
    private static readonly DateTime Start = new DateTime(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddDays(
        StartDayOfYear
    );

    private readonly WorldOptions options;
    private readonly Item[] items;
    private readonly Exposure exposure;
    private readonly double periodDays;

    public Simulator(WorldOptions options)
    {
        this.options = options;
        items = [.. Enumerable.Range(0, options.Items).Select(i => new Item(options, i))];
        exposure = new Exposure(items, options);
        // The training periods cover a year, so that no season is new later.
        periodDays = 365.0 / (options.RequestsPerUser - 2);
    }

    /// <summary>Simulates every row; labels are drawn from <paramref name="logit"/> of the row.</summary>
    public WorldLog Run(Func<WorldRow, double> logit)
    {
        var first = FirstPeriods();
        var rows = first.Sum(f => options.RequestsPerUser - f) * options.CandidatesPerRequest;
        var log = new WorldLog(rows);
        var row = 0;
        for (var u = 0; u < options.Users; u++)
        {
            var user = new User(options.Seed, u, periodDays * options.RequestsPerUser);
            for (var period = first[u]; period < options.RequestsPerUser; period++, row += options.CandidatesPerRequest)
                Request(log, row, u, user, period);
        }
        for (var r = 0; r < rows; r++)
        {
            var key = StableHash.Combine((ulong)log.RequestIds[r], (ulong)log.ItemIds[r]);
            var click = 1 / (1 + Math.Exp(-logit(new WorldRow(log.Table, r))));
            log.Labels[r] = new CounterRandom(options.Seed, "click", key).NextBool(click) ? 1 : 0;
        }
        return log;
    }

    /// <summary>Each user's first period; untouched users appear in the last only.</summary>
    private int[] FirstPeriods() =>
        [
            .. Enumerable
                .Range(0, options.Users)
                .Select(u =>
                    new CounterRandom(options.Seed, "user untouched", (ulong)u).NextBool(options.UntouchedShare)
                )
                .Select(untouched => untouched ? options.RequestsPerUser - 1 : 0),
        ];

    private void Request(WorldLog log, int firstRow, int u, User user, int period)
    {
        var id = (ulong)u * 1000 + (ulong)period;
        var random = new CounterRandom(options.Seed, "request", id);
        var hour = Draw.From(HourShares, random.NextDouble());
        var clock = HourStarts[hour] + HourLengths[hour] * random.NextDouble();
        var day = Math.Floor((period + random.NextDouble()) * periodDays) + clock / 24;
        var noise = (float)random.NextNormal();
        Span<int> history = stackalloc int[WorldFeatures.HistoryLength];
        user.History(day, history);
        var shown = exposure.Candidates(user, options.CandidatesPerRequest, period, random);
        for (var position = 0; position < shown.Length; position++)
        {
            var row = firstRow + position;
            var item = items[shown[position]];
            log.UserIds[row] = u;
            log.RequestIds[row] = (long)id;
            log.ItemIds[row] = shown[position];
            log.Times[row] = Start.AddSeconds(Math.Round(day * 86400));
            log.Splits[row] = Split(period);
            var write = new RowWriter(log.Table, row);
            WriteUser(write, user);
            WriteItem(write, item, period);
            write.Label(WorldFeatures.Hour, hour);
            write.Label(WorldFeatures.Season, (int)((day + StartDayOfYear) % 365 / 91.25));
            write.Number(WorldFeatures.Position, position);
            write.Number(WorldFeatures.Recency, (float)Math.Round(user.Recency(item.Category, day), 2));
            write.Number(WorldFeatures.Frequency, user.Frequency(item.Category, day));
            write.Sequence(WorldFeatures.History, history);
            write.Number(WorldFeatures.NoiseRequest, noise);
            WriteLots(write, id, shown[position]);
        }
    }

    private static void WriteUser(RowWriter write, User user)
    {
        write.Label(WorldFeatures.Region, user.Region);
        write.Label(WorldFeatures.Device, user.Device);
        write.Label(WorldFeatures.AgeBand, user.Age);
        write.Label(WorldFeatures.Lifecycle, user.Lifecycle);
        write.Label(WorldFeatures.NoiseUser, user.Cohort);
    }

    private static void WriteItem(RowWriter write, Item item, int period)
    {
        write.Label(WorldFeatures.Category, item.Category);
        write.Number(WorldFeatures.Price, item.Price);
        write.Number(WorldFeatures.Popularity, item.Popularity(period));
        write.Number(WorldFeatures.Quality, item.Quality);
        write.Number(WorldFeatures.Badge, item.Badge(period));
    }

    /// <summary>What is drawn per row: the coupon and the noise.</summary>
    private void WriteLots(RowWriter write, ulong request, int item)
    {
        var random = new CounterRandom(options.Seed, "row", StableHash.Combine(request, (ulong)item));
        write.Label(WorldFeatures.Coupon, random.NextBool(options.CouponShare) ? 1 : 0);
        write.Number(WorldFeatures.NoiseRow, (float)random.NextNormal());
        write.Label(WorldFeatures.NoiseCode, random.NextInt(8));
    }

    private WorldSplit Split(int period) =>
        period == options.RequestsPerUser - 1 ? WorldSplit.Holdout
        : period == options.RequestsPerUser - 2 ? WorldSplit.Explain
        : WorldSplit.Train;
}
