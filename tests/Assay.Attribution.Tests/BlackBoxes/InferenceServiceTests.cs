using System.Globalization;
using System.Text.Json;
using Assay.Attribution.BlackBoxes;
using Assay.Onnx;
using Assay.Tests;
using Shouldly;

namespace Assay.Attribution.Tests.BlackBoxes;

/// <summary>A served model score = 2a + b, and servers that do everything wrong.</summary>
public class InferenceServiceTests
{
    private const string Metadata = """
        {"name": "m", "versions": ["1"], "platform": "onnxruntime_onnx",
         "inputs": [{"name": "x", "datatype": "FP32", "shape": [-1, 2]}],
         "outputs": [{"name": "other", "datatype": "FP32", "shape": [-1]}, {"name": "score", "datatype": "FP32", "shape": [-1, 1]}]}
        """;

    private static readonly Dictionary<string, TensorData> Rows = new()
    {
        ["x"] = TensorData.From([1f, 0.1f, 2, 0, -1, 3, 0.25f, 0.5f, 4, 1], 5, 2),
    };

    // A clock whose waits are over at once, and noted.
    private sealed class Clock : TimeProvider
    {
        public List<double> Waits { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Waits.Add(dueTime.TotalSeconds);
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }

    private static (int, string)? Right(JsonElement call)
    {
        var input = call.GetProperty("inputs")[0];
        input.GetProperty("datatype").GetString().ShouldBe("FP32");
        var x = input.GetProperty("data").EnumerateArray().Select(v => v.GetSingle()).ToArray();
        var scores = Enumerable.Range(0, x.Length / 2).Select(r => 2 * x[2 * r] + x[2 * r + 1]);
        return (
            200,
            Answer(
                $"[{scores.Count()}, 1]",
                string.Join(", ", scores.Select(s => s.ToString("R", CultureInfo.InvariantCulture)))
            )
        );
    }

    private static string Answer(string shape, string data, string type = "FP32", string name = "score") =>
        $$"""{"model_name": "m", "outputs": [{"name": "{{name}}", "datatype": "{{type}}", "shape": {{shape}}, "data": [{{data}}]}]}""";

    private static InferenceService Open(
        InferenceServer server,
        ServiceSettings? settings = null,
        Clock? clock = null
    ) => InferenceService.Open(new Uri(server.Address), "score", settings, clock);

    [Fact]
    public void Scores_are_those_of_the_model_to_the_last_bit_in_batches_of_the_size_asked_for()
    {
        using var server = new InferenceServer(Metadata, Right);
        using var service = Open(server, new ServiceSettings { BatchRows = 2 });
        service.Score(Rows).ShouldBe([2f + 0.1f, 4, 1, 1, 9]);
        (server.Calls, server.LargestCall, service.RowsSent).ShouldBe((3, 2, 5));
        service.Inputs.Single().ShapeText().ShouldContain("2");
    }

    [Fact]
    public void A_service_that_fixes_its_rows_is_sent_so_many()
    {
        using var server = new InferenceServer(Metadata.Replace("[-1, 2]", "[4, 2]"), Right);
        using var service = Open(server);
        service.Score(Rows).ShouldBe([2f + 0.1f, 4, 1, 1, 9]);
        (server.Calls, service.RowsSent).ShouldBe((2, 8));
    }

    // 200 ms, doubled each time; longer where the service asks for it.
    [Fact]
    public void Calls_that_may_succeed_later_are_made_again()
    {
        var failures = 2;
        using var server = new InferenceServer(
            Metadata,
            call => failures-- > 0 ? (503, """{"error": "loading"}""") : Right(call)
        );
        var clock = new Clock();
        using var service = Open(server, clock: clock);
        service.Score(Rows)[4].ShouldBe(9);
        clock.Waits.ShouldBe([0.2, 0.4]);
        service.RowsSent.ShouldBe(15);
        failures = 1;
        server.RetryAfter = 7;
        service.Score(Rows);
        clock.Waits.Last().ShouldBe(7);
    }

    [Fact]
    public void A_service_that_hangs_up_midway_fails_with_one_line_after_its_retries()
    {
        var good = 1;
        using var server = new InferenceServer(Metadata, call => good-- > 0 ? Right(call) : null);
        using var service = Open(server, new ServiceSettings { BatchRows = 2, Retries = 2 }, new Clock());
        var error = Should.Throw<AssayException>(() => service.Score(Rows));
        error.Fault.ShouldBe(Fault.Failed);
        error.Message.ShouldContain("broke off");
        error.Message.ShouldContain("3 times");
        server.Calls.ShouldBeGreaterThanOrEqualTo(4);
    }

    [Fact]
    public void A_service_that_does_not_answer_in_time_fails()
    {
        using var over = new ManualResetEventSlim();
        using var server = new InferenceServer(
            Metadata,
            call =>
            {
                over.Wait(TimeSpan.FromSeconds(20));
                return Right(call);
            }
        );
        using var service = Open(server, new ServiceSettings { Timeout = TimeSpan.FromSeconds(0.2), Retries = 0 });
        var error = Should.Throw<AssayException>(() => service.Score(Rows));
        over.Set();
        error.Fault.ShouldBe(Fault.Failed);
        error.Message.ShouldContain("did not answer within 0.2 s");
    }

    [Fact]
    public void A_service_that_is_not_there_fails()
    {
        string address;
        using (var server = new InferenceServer(Metadata, Right))
            address = server.Address;
        var error = Should.Throw<AssayException>(() =>
            InferenceService.Open(new Uri(address), null, new ServiceSettings { Retries = 1 }, new Clock())
        );
        error.Fault.ShouldBe(Fault.Failed);
        error.Message.ShouldContain("cannot be reached");
        error.Message.ShouldContain("2 times");
    }

    // Repetitions count: they are what the service has to compute.
    [Fact]
    public void The_budget_of_rows_is_never_exceeded()
    {
        using var server = new InferenceServer(Metadata, Right);
        using var service = Open(server, new ServiceSettings { BatchRows = 2, MaxRows = 4 });
        var error = Should.Throw<AssayException>(() => service.Score(Rows));
        error.Fault.ShouldBe(Fault.Failed);
        error.Message.ShouldContain("budget of 4 rows");
        server.Rows.ShouldBe(4);
    }

    public static TheoryData<int, string, string> Wrong =>
        new()
        {
            { 200, "no json", "is no JSON of the protocol" },
            { 200, "[]", "is no JSON of the protocol" },
            { 200, "{}", "has no outputs" },
            { 200, Answer("[5, 1]", "1, 2, 3, 4, 5", name: "else"), "lacks output 'score'" },
            { 200, Answer("[5, 1]", "1, 2, 3, 4"), "the shape [5, 1] with 4 numbers for 5 rows" },
            { 200, Answer("[4, 1]", "1, 2, 3, 4"), "the shape [4, 1] with 4 numbers for 5 rows" },
            { 200, Answer("[0, 1]", ""), "for 5 rows" },
            { 200, Answer("[]", "1"), "for 5 rows" },
            { 200, Answer("[5]", "\"a\", \"b\", \"c\", \"d\", \"e\"", "BYTES"), "which are no numbers" },
            { 200, Answer("[5]", "1, 2, \"NaN\", 4, 5"), "gives row 2 of a batch no finite number" },
            { 200, Answer("[5]", "1, 2, null, 4, 5"), "gives row 2 of a batch no finite number" },
            { 200, Answer("[5]", "1, 2, 1e99, 4, 5"), "gives row 2 of a batch no finite number" },
            { 400, """{"error": "unexpected shape for input 'x'"}""", "answered 400 Bad Request: unexpected shape" },
            { 401, "", "wants credentials" },
            { 404, "", "knows no such model (404)" },
        };

    [Theory, MemberData(nameof(Wrong))]
    public void Answers_that_are_wrong_are_named_in_one_line(int status, string body, string expected)
    {
        using var server = new InferenceServer(Metadata, _ => (status, body));
        using var service = Open(server);
        var error = Should.Throw<AssayException>(() => service.Score(Rows));
        error.Fault.ShouldBe(Fault.Input);
        error.Message.ShouldContain(expected);
        error.Message.ShouldNotContain('\n');
        server.Calls.ShouldBe(1);
    }

    [Theory]
    [InlineData("{}", "names no inputs")]
    [InlineData("""{"inputs": [{"name": "x"}], "outputs": []}""", "gives 'x' no type")]
    [InlineData("""{"inputs": [{"name": "x", "datatype": "FP32"}], "outputs": []}""", "gives 'x' no shape")]
    [InlineData("""{"inputs": [{"name": "x", "datatype": "FP32", "shape": [-1]}]}""", "names no outputs")]
    [InlineData("<html>", "is no JSON")]
    public void Metadata_that_are_none_are_named(string metadata, string expected)
    {
        using var server = new InferenceServer(metadata, Right);
        var error = Should.Throw<AssayException>(() => InferenceService.Open(new Uri(server.Address)));
        error.Fault.ShouldBe(Fault.Input);
        error.Message.ShouldContain(expected);
    }

    [Fact]
    public void Log_odds_are_taken_of_probabilities_and_of_nothing_else()
    {
        var answer = Answer("[5]", "0.5, 0.25, 0.5, 0.5, 0.5", "FP64");
        using var server = new InferenceServer(Metadata, _ => (200, answer));
        using var service = Open(server, new ServiceSettings { AsLogit = true });
        service.Score(Rows)[1].ShouldBe(Math.Log(1.0 / 3), 1e-12);
        answer = Answer("[5]", "0.5, 1.25, 0.5, 0.5, 0.5");
        Should.Throw<AssayException>(() => service.Score(Rows)).Message.ShouldContain("1.25, which has no log-odds");
    }

    [Fact]
    public void Methods_that_look_inside_and_baselines_of_vectors_are_refused()
    {
        using var server = new InferenceServer(Metadata, Right);
        using var service = Open(server);
        FeatureSlot[] players = [new("a", [new("x", 0)]), new("b", [new("x", 1)])];
        var settings = new ExplainSettings { Method = "integrated-gradients", Baseline = Baseline.Rows(Rows) };
        var error = Should.Throw<AssayException>(() => Explainer.Open(service, "score", players, settings));
        error.Fault.ShouldBe(Fault.Usage);
        error.Message.ShouldContain("choose one of: feature-ablation");
        Should
            .Throw<AssayException>(() =>
                Explainer.Open(
                    service,
                    "score",
                    players,
                    settings with
                    {
                        Method = "shapley",
                        Baseline = Baseline.Zero,
                    }
                )
            )
            .Message.ShouldContain("--baseline padding");
    }

    // Linear: φ = weight · (x − mean of the background).
    [Fact]
    public void Shapley_values_over_a_background_are_within_the_budget()
    {
        using var server = new InferenceServer(Metadata, Right);
        using var service = Open(server);
        FeatureSlot[] players = [new("a", [new("x", 0)]), new("b", [new("x", 1)])];
        var background = new Dictionary<string, TensorData> { ["x"] = TensorData.From([1f, 1, 3, 0], 2, 2) };
        var settings = new ExplainSettings { Method = "shapley", Background = background };
        using var explainer = Explainer.Open(service, "score", players, settings);
        var explained = explainer.Explain(Rows);
        explained.Attributions[2].ShouldBe(2 * (2 - 2), 1e-6);
        explained.Attributions[3].ShouldBe(0 - 0.5, 1e-6);
        explained.Evaluations!.ShouldAllBe(e => e == 8);
        server.Rows.ShouldBe(5 * 8);
    }
}
