using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace Assay.Server.Tests;

public sealed class ViewRouteTests(StudiedRegions studied) : IClassFixture<StudiedRegions>, IAsyncLifetime
{
    private readonly Audit audit = new();
    private WebApplication app = null!;
    private HttpClient client = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseTestServer();
        builder.Services.AddSingleton<ICatalogueFacts>(new NoCatalogue([new(studied.Run.Id, studied.Run.Path, "v1")]));
        builder.Services.AddSingleton<IRowAudit>(audit);
        builder.Services.AddViews().AddRows();
        builder.Services.AddAuthorization(o => o.AddPolicy("analyst", p => p.RequireAssertion(_ => true)));
        app = builder.Build();
        app.UseAuthorization();
        app.MapGroup("/api/v1").MapViews().MapRows();
        await app.StartAsync();
        client = app.GetTestClient();
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await app.DisposeAsync();
    }

    private string At(string path) => $"/api/v1/runs/{studied.Run.Id}{path}";

    [Theory]
    [InlineData("")]
    [InlineData("/inbox")]
    [InlineData("/heatmap")]
    [InlineData("/heatmap?dimension=device&estimand=mean_abs_attribution")]
    [InlineData("/features/recency")]
    [InlineData("/effects")]
    [InlineData("/graph?threshold=0.1")]
    [InlineData("/journey")]
    [InlineData("/layers")]
    [InlineData("/trust")]
    [InlineData("/leadership")]
    public async Task Every_view_answers_small_and_not_twice(string path)
    {
        var cancel = TestContext.Current.CancellationToken;
        var answer = await client.GetAsync(At(path), cancel);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsByteArrayAsync(cancel)).Length.ShouldBeLessThan(200_000);
        answer.Headers.ETag!.IsWeak.ShouldBeFalse();
        using var again = new HttpRequestMessage(HttpMethod.Get, At(path));
        again.Headers.IfNoneMatch.Add(answer.Headers.ETag);
        (await client.SendAsync(again, cancel)).StatusCode.ShouldBe(HttpStatusCode.NotModified);
    }

    [Theory]
    [InlineData("/api/v1/runs/nosuchrun")]
    [InlineData("/api/v1/runs/nosuchrun/trust")]
    public async Task What_is_not_there_is_a_problem(string path)
    {
        var answer = await client.GetAsync(path, TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        (await client.GetAsync(At("/features/none"), TestContext.Current.CancellationToken)).StatusCode.ShouldBe(
            HttpStatusCode.NotFound
        );
    }

    [Fact]
    public async Task Runs_are_listed_and_findings_found_by_ids_with_slashes()
    {
        var cancel = TestContext.Current.CancellationToken;
        var runs = await client.GetFromJsonAsync<JsonElement>("/api/v1/runs", cancel);
        runs.GetProperty("total").GetInt32().ShouldBe(1);
        runs.GetProperty("items")[0].GetProperty("id").GetString().ShouldBe(studied.Run.Id);
        var id = studied.Run.Findings[0].Id;
        var finding = await client.GetFromJsonAsync<JsonElement>(At($"/findings/{id}"), cancel);
        finding.GetProperty("id").GetString().ShouldBe(id);
    }

    [Fact]
    public async Task Looks_at_rows_are_audited_and_never_kept_by_a_browser()
    {
        var cancel = TestContext.Current.CancellationToken;
        var row = await client.GetAsync(At("/rows/3"), cancel);
        row.StatusCode.ShouldBe(HttpStatusCode.OK);
        row.Headers.CacheControl.ShouldBe(new CacheControlHeaderValue { NoStore = true });
        var whatIf = await client.PostAsJsonAsync(At("/rows/3/what-if"), new { changes = new { price = 2 } }, cancel);
        whatIf.StatusCode.ShouldBe(HttpStatusCode.OK);
        var bad = await client.PostAsJsonAsync(At("/rows/3/what-if"), new { changes = new { price = "dear" } }, cancel);
        bad.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await client.GetAsync(At("/effects/price/ice?rows=5"), cancel)).StatusCode.ShouldBe(HttpStatusCode.OK);
        audit.Said.ShouldBe(["row 3", "what if of row 3", "what if of row 3", "effect of price row by row"]);
    }

    [Fact]
    public async Task Many_readers_at_once_get_the_same_answer()
    {
        var cancel = TestContext.Current.CancellationToken;
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 50).Select(_ => client.GetStringAsync(At("/heatmap"), cancel))
        );
        answers.Distinct().Count().ShouldBe(1);
    }

    private sealed class Audit : IRowAudit
    {
        public List<string> Said { get; } = [];

        public ValueTask Record(HttpContext http, string run, string what, CancellationToken cancel)
        {
            lock (Said)
                Said.Add(what);
            return ValueTask.CompletedTask;
        }
    }
}
