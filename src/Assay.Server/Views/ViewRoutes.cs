using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Assay.Server;

/// <summary>The routes that only read, and only aggregates.</summary>
internal static class ViewRoutes
{
    /// <summary>What views need; the host registers its own <see cref="ICatalogueFacts"/>.</summary>
    public static IServiceCollection AddViews(this IServiceCollection services)
    {
        services.TryAddSingleton<RunFolders>(_ => new RunFolders());
        services.TryAddScoped<ICatalogueFacts>(_ => new NoCatalogue([]));
        services.TryAddScoped<ViewSource>();
        return services;
    }

    /// <summary>Maps <c>/runs…</c> below the given group, which brings prefix, authorisation and limits.</summary>
    public static IEndpointRouteBuilder MapViews(this IEndpointRouteBuilder routes)
    {
        var runs = routes.MapGroup("/runs").WithTags("Views");
        runs.MapGet("/", Runs)
            .WithName("Runs")
            .WithSummary("Studies that have run, newest first")
            .Produces<Paged<RunSummary>>();
        Map<RunDetail>(
            runs,
            "",
            "Run",
            "What a run is about and what may be asked of it",
            (v, _) => RunsView.Detail(v)
        );
        Map<InboxPage>(
            runs,
            "/inbox",
            "Inbox",
            "Findings and actions, with what people made of them",
            (v, q) => Inbox(v, q)
        );
        Map<JsonObject>(
            runs,
            "/findings/{**id}",
            "Finding",
            "One finding in full",
            (v, q) => InboxView.Finding(v, q.Route("id"))
        );
        Map<JsonObject>(
            runs,
            "/actions/{**id}",
            "Action",
            "One action in full",
            (v, q) => InboxView.Action(v, q.Route("id"))
        );
        Map<Heatmap>(
            runs,
            "/heatmap",
            "Heatmap",
            "Features × segments of one quantity",
            (v, q) =>
                HeatmapView.Of(
                    v.Run,
                    new(
                        q.Text("estimand"),
                        q.Text("method"),
                        q.Text("dimension"),
                        q.Text("split"),
                        q.Whole("segmentPage") ?? 1,
                        q.Whole("featurePage") ?? 1
                    )
                )
        );
        Map<Dossier>(
            runs,
            "/features/{feature}",
            "Feature",
            "All that is known about a feature",
            (v, q) => DossierView.Of(v, q.Route("feature"))
        );
        Map<DependencyGraph>(
            runs,
            "/graph",
            "Graph",
            "Which features depend on each other",
            (v, q) => GraphView.Of(v.Run, q.Number("threshold") ?? 0)
        );
        Map<EffectsList>(
            runs,
            "/effects",
            "Effects",
            "Features whose effects were measured",
            (v, _) => EffectsView.List(v.Run)
        );
        Map<FeatureEffectDocument>(
            runs,
            "/effects/{feature}",
            "Effect",
            "How the score goes with a feature",
            (v, q) => EffectsView.Of(v.Run, q.Route("feature"), q.Text("segment"))
        );
        Map<JourneyDocument>(
            runs,
            "/journey",
            "Journey",
            "What the model leans on as users come further",
            (v, q) => JourneyView.Of(v.Run, q.Text("dimension"))
        );
        Map<LayersDocument>(
            runs,
            "/layers",
            "Layers",
            "Where in its depth the model uses what",
            (v, _) => LayersView.Of(v.Run)
        );
        Map<TrustDocument>(
            runs,
            "/trust",
            "Trust",
            "Whether the explanations may be believed",
            (v, _) => TrustView.Of(v)
        );
        Map<LeadershipDocument>(
            runs,
            "/leadership",
            "Leadership",
            "What was learnt, decided and gained",
            (v, _) => LeadershipView.Of(v)
        );
        return routes;
    }

    private static InboxPage Inbox(ViewContext view, ViewQuery q) =>
        InboxView.Page(
            view,
            new(q.Text("kind"), q.Text("grade"), q.Text("status"), q.Text("assignee"), q.Text("feature"), q.Text("q")),
            q.Whole("page") ?? 1,
            q.Whole("pageSize") ?? 50
        );

    private static async Task<IResult> Runs(
        ViewSource source,
        CancellationToken cancel,
        [FromQuery] int page = 1,
        [FromQuery] int pageSize = 50
    ) => Results.Json(await source.Runs(Math.Max(1, page), Math.Clamp(pageSize, 1, 100), cancel), ViewJson.Options);

    private static void Map<T>(
        RouteGroupBuilder runs,
        string path,
        string name,
        string summary,
        Func<ViewContext, ViewQuery, object?> make
    ) =>
        runs.MapGet(
                "/{run}" + path,
                async (string run, HttpContext http, ViewSource source, CancellationToken cancel) =>
                    await Answer(run, http, source, make, cancel)
            )
            .WithName(name)
            .WithSummary(summary)
            .Produces<T>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .Produces(StatusCodes.Status304NotModified);

    private static async Task<IResult> Answer(
        string run,
        HttpContext http,
        ViewSource source,
        Func<ViewContext, ViewQuery, object?> make,
        CancellationToken cancel
    )
    {
        if (await source.Find(run, cancel) is not { } view)
            return Missing("There is no such run", $"The catalogue knows no run '{run}'.");
        var tag = ViewTag.Of(view, http.Request);
        http.Response.Headers.ETag = tag;
        http.Response.Headers.CacheControl = "private, no-cache";
        if (ViewTag.Matches(http.Request, tag))
            return Results.StatusCode(StatusCodes.Status304NotModified);
        return make(view, new(http.Request)) is { } document
            ? Results.Json(document, ViewJson.Options)
            : Missing(
                "The run does not have this",
                $"Run '{run}' holds nothing for {http.Request.Path.Value}{http.Request.QueryString}."
            );
    }

    private static IResult Missing(string title, string detail) =>
        Results.Problem(detail, statusCode: StatusCodes.Status404NotFound, title: title);
}
