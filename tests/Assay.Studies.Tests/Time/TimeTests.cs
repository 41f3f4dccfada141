using System.Globalization;
using Assay.Onnx;
using Assay.Statistics;

namespace Assay.Studies.Tests;

/// <summary>Periods against .NET's calendar, tests against their definition and null rates, and a planted world.</summary>
public sealed class TimeTests
{
    private static string?[] Labels(
        string part,
        string column,
        string? unit = null,
        string? predicate = null,
        int offset = 0
    )
    {
        using var folder = new TempFolder();
        using var duck = Duck.Open(folder.Path);
        var rows =
            "SELECT ts, CAST(ts AS DATE) AS dt, CAST(ts AS VARCHAR) AS txt, epoch(ts) AS s, epoch_ms(ts) AS ms, hour(ts) AS the_hour, 5 AS price "
            + "FROM (SELECT unnest([TIMESTAMP '2017-01-01 23:30:00', TIMESTAMP '2017-10-09 08:00:00', TIMESTAMP '2020-12-31 18:15:00', NULL]) AS ts)";
        var table = new DataTable(duck, new DataSource { Format = DataFormat.Sql, Query = rows });
        var period = PeriodSql.Resolve(
            new()
            {
                Part = part,
                Column = column,
                Unit = unit,
                Predicate = predicate,
                OffsetMinutes = offset,
            },
            duck,
            table
        );
        return [.. duck.Texts($"SELECT {PeriodSql.Expression(period, table)} FROM {table.Relation} ORDER BY __row")];
    }

    private static readonly DateTime[] Times =
    [
        new(2017, 1, 1, 23, 30, 0),
        new(2017, 10, 9, 8, 0, 0),
        new(2020, 12, 31, 18, 15, 0),
    ];

    private static string?[] Of(Func<DateTime, string> label) => [.. Times.Select(label), null];

    [Theory]
    [InlineData("ts")]
    [InlineData("txt")]
    [InlineData("s")]
    [InlineData("ms")]
    public void Periods_are_those_of_the_calendar_whatever_the_column_holds(string column)
    {
        var c = CultureInfo.InvariantCulture;
        Labels("hour", column).ShouldBe(Of(t => t.ToString("HH", c)));
        Labels("weekday", column).ShouldBe(Of(t => t.DayOfWeek.ToString()));
        // ISO 8601 weeks: 2017-01-01 lies in week 52 of 2016, 2020-12-31 in week 53.
        Labels("week", column).ShouldBe(Of(t => $"{ISOWeek.GetYear(t)}-W{ISOWeek.GetWeekOfYear(t):00}"));
        Labels("month", column).ShouldBe(Of(t => t.ToString("yyyy-MM", c)));
        Labels("season", column).ShouldBe(["December–February", "September–November", "December–February", null]);
        Labels("weekend", column).ShouldBe(["weekend", "working day", "working day", null]);
        Labels("when", column, predicate: "hour >= 18 AND price = 5").ShouldBe(["yes", "no", "yes", null]);
        Labels("hour", column, offset: 60).ShouldBe(Of(t => t.AddHours(1).ToString("HH", c)));
    }

    [Fact]
    public void Dates_and_plain_numbers_are_taken_for_what_they_are()
    {
        Labels("weekday", "dt").ShouldBe(["Sunday", "Monday", "Thursday", null]);
        Labels("hour", "the_hour").ShouldBe(["23", "8", "18", null]);
        Labels("when", "the_hour", predicate: "hour >= 18").ShouldBe(["yes", "no", "yes", null]);
        Should
            .Throw<AssayException>(() => Labels("season", "the_hour"))
            .Message.ShouldContain("taken as 'hour', which have no season");
    }

    private static Estimate Cell(
        string name,
        double value,
        double error,
        int clusters = 100,
        double adjusted = 0.001
    ) =>
        new()
        {
            Split = "explain",
            Dimension = "week",
            Segment = name,
            SegmentLabel = name,
            Feature = "f",
            Estimand = "permutation_auc",
            Method = "permutation",
            Head = "h",
            Value = value,
            StandardError = error,
            PAdjusted = adjusted,
            Rows = 1000,
            Clusters = clusters,
        };

    [Fact]
    public void The_weakest_cell_decides_what_is_persistent()
    {
        var found = Persistence.Of([Cell("a", 0.1, 0.01), Cell("b", 0.02, 0.01), Cell("c", 0.05, 0.01)], 0.002)!;
        // One-sided p of t = 2 with 99 degrees of freedom: 0.0241 (R: pt(-2, 99) = 0.02412).
        found.PValue.ShouldBe(0.02412, 5e-5);
        found.Weakest.Segment.ShouldBe("b");
        // 0.02 − 0.01 · qt(0.975, 99) = 0.02 − 0.0198422.
        found.Low.ShouldBe(0.0001578, 1e-6);
        found.Standing(0.03).ShouldBe(Standing.Persistent);
        found.Standing(0.06).ShouldBe(Standing.Open);
        var passing = Persistence.Of([Cell("a", 0.1, 0.01), Cell("b", 0, 0.0001, adjusted: 1)], 0.002)!;
        passing.PValue.ShouldBe(0.5, 1e-12);
        passing.Standing(0.5).ShouldBe(Standing.Passing);
        passing.Negligible.Single().Segment.ShouldBe("b");
    }

    [Fact]
    public void A_driver_missing_in_one_period_is_seldom_called_persistent()
    {
        // Eleven periods with a strong effect, one with none: the least favourable null of the test.
        const int worlds = 2000;
        var called = 0;
        for (var w = 0; w < worlds; w++)
        {
            var random = new CounterRandom(11, "persistent", (ulong)w);
            var cells = Enumerable
                .Range(0, 12)
                .Select(k => Cell($"{k}", (k == 4 ? 0 : 1) + 0.05 * random.NextNormal(), 0.05, 2000))
                .ToArray();
            called += Persistence.Of(cells, 0.002)!.PValue < 0.05 ? 1 : 0;
        }
        // Binomial: 5 % ± 3 standard errors of 0.49 %.
        ((double)called / worlds).ShouldBeInRange(0.035, 0.065);
    }

    [Fact]
    public void A_trend_is_the_weighted_line_from_first_to_last()
    {
        // A line is found exactly whatever the weights; weighted least squares by hand for 0, 0, 3 with weights 1, 1, 2: mean place 1.25,
        // slope (1·−1.25·0 + 1·−.25·0 + 2·.75·3) / (1.5625 + .0625 + 1.125) = 4.5 / 2.75.
        var line = Trend.Contrast([5, 1, 2, 7]);
        line.Select((c, k) => c * (3 + 2 * k)).Sum().ShouldBe(6, 1e-12);
        var bent = Trend.Contrast([1, 1, 2]);
        (3 * bent[2]).ShouldBe(2 * 4.5 / 2.75, 1e-12);
        line.Sum().ShouldBe(0, 1e-12);
    }

    [Fact]
    public void A_driver_of_the_first_weeks_only_is_told_from_lasting_ones()
    {
        // From week 43 on labels are drawn from the logit without the price; the model still uses it.
        const string rows =
            "SELECT *, TIMESTAMP '2017-10-02 08:00:00' + to_days(CAST(7 * (visit % 6) AS INTEGER)) AS ts FROM (SELECT * EXCLUDE (label), CASE WHEN visit % 6 < 3 "
            + "THEN label ELSE CAST((hash(visit, price, product) % 1000000) / 1e6 < 1 / (1 + exp(-([0, -0.8, 0.1, 0.9][country + 1] + "
            + "[0, -1, -0.5, 0, 0.5, 1][product + 1] - 1))) AS INTEGER) END AS label FROM '%.parquet')";
        using var world = new TinyWorld();
        var study = world.With(
            "data: {explain: explain.parquet, holdout: holdout.parquet}",
            $$"""
            data:
              explain: {sql: "{{rows.Replace("%.", "explain.")}}"}
              holdout: {sql: "{{rows.Replace("%.", "holdout.")}}"}
            time: {column: ts, periods: [week, {late: week >= 43}]}
            margin: 0.02
            """
        );
        study = study with { Segments = [.. study.Segments.Where(s => s.Period is not null)] };
        var result = world.Run(study: study);
        Estimate Find(string estimand, string feature) =>
            result.Estimates.First(e => e.Estimand == estimand && e.Feature == feature && e.Split == "explain");
        Find("persistent_permutation_auc", "product").PAdjusted.ShouldBeLessThan(0.05);
        Find("persistent_permutation_auc", "product").Replicated.ShouldBe("yes");
        Find("persistent_permutation_auc", "price").PAdjusted.ShouldBeGreaterThan(0.05);
        var trend = Find("trend_permutation_auc", "price");
        trend.Value.ShouldBeLessThan(0);
        trend.PAdjusted.ShouldBeLessThan(0.05);
        trend.SegmentLabel.ShouldBe("2017-W40 to 2017-W45");
        Find("trend_permutation_auc", "product").PAdjusted.ShouldBeGreaterThan(0.05);
        result.Report.ShouldContain("Time is column `ts`, taken as timestamp; periods: week and late (`week >= 43`)");
        result.Report.ShouldContain("| price | ");
        result.Report.ShouldContain("- From 2017-W40 to 2017-W45 the importance of price by permutation fell by");
    }
}
