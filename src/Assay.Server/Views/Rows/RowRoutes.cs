using Assay.Onnx;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Assay.Server;

/// <summary>Is told of every look at single rows, before the answer goes out.</summary>
internal interface IRowAudit
{
    /// <summary>Records who looked at what of a run.</summary>
    ValueTask Record(HttpContext http, string run, string what, CancellationToken cancel);
}

/// <summary>The routes of single rows and of ICE: analysts only, every request audited.</summary>
internal static class RowRoutes
{
    private const string Analyst = "analyst";
    private const int MostRows = 100;

    /// <summary>What the routes need; the host registers its own <see cref="IRowAudit"/>.</summary>
    public static IServiceCollection AddRows(this IServiceCollection services)
    {
        services.TryAddSingleton<RowModels>();
        return services;
    }

    /// <summary>Maps <c>/runs/{run}/rows…</c> and ICE below the given group.</summary>
    public static IEndpointRouteBuilder MapRows(this IEndpointRouteBuilder routes)
    {
        var rows = routes.MapGroup("/runs/{run}").RequireAuthorization(Analyst).WithTags("Rows");
        rows.MapGet(
                "/rows",
                (
                    string run,
                    RowAsk ask,
                    string? split,
                    string? q,
                    int? page,
                    int? pageSize,
                    CancellationToken cancel
                ) =>
                    ask.Answer(
                        run,
                        $"list of rows, page {page ?? 1}",
                        async (r, m) =>
                            await RowsView.Page(
                                r,
                                m,
                                split ?? "explain",
                                q,
                                Math.Max(1, page ?? 1),
                                Math.Clamp(pageSize ?? 50, 1, MostRows),
                                cancel
                            ),
                        cancel
                    )
            )
            .WithName("Rows")
            .WithSummary("Rows that were explained")
            .Produces<Paged<RowSummary>>();
        rows.MapGet(
                "/rows/{row:long}",
                (string run, long row, RowAsk ask, string? split, CancellationToken cancel) =>
                    ask.Answer(run, $"row {row}", (r, m) => RowsView.Of(r, m, split ?? "explain", row, cancel), cancel)
            )
            .WithName("Row")
            .WithSummary("One recommendation: its score and whose doing it is")
            .Produces<RowDetail>();
        rows.MapPost(
                "/rows/{row:long}/what-if",
                (string run, long row, WhatIfRequest asked, RowAsk ask, CancellationToken cancel) =>
                    ask.Answer(
                        run,
                        $"what if of row {row}",
                        (r, m) => RowsView.WhatIf(r, m, asked.Split ?? "explain", row, asked, cancel),
                        cancel
                    )
            )
            .WithName("WhatIf")
            .WithSummary("The score of a row with other values")
            .Produces<WhatIfAnswer>();
        rows.MapGet(
                "/effects/{feature}/ice",
                (string run, string feature, RowAsk ask, int? rows, CancellationToken cancel) =>
                    ask.Answer(
                        run,
                        $"effect of {feature} row by row",
                        (r, m) => RowsView.Ice(r, m, feature, rows ?? 50, cancel),
                        cancel
                    )
            )
            .WithName("Ice")
            .WithSummary("How the score of single rows goes with a feature")
            .Produces<IceDocument>();
        return routes;
    }

    /// <summary>What every such request does: find the run, audit, answer; what is wrong becomes a problem.</summary>
    internal readonly struct RowAsk(HttpContext http, ViewSource source, RowModels models, IRowAudit audit)
    {
        public static ValueTask<RowAsk> BindAsync(HttpContext http) =>
            ValueTask.FromResult(
                new RowAsk(
                    http,
                    http.RequestServices.GetRequiredService<ViewSource>(),
                    http.RequestServices.GetRequiredService<RowModels>(),
                    http.RequestServices.GetRequiredService<IRowAudit>()
                )
            );

        public async Task<IResult> Answer<T>(
            string run,
            string what,
            Func<RunFolder, RowModel, Task<T?>> make,
            CancellationToken cancel
        )
            where T : class
        {
            if (await source.Find(run, cancel) is not { } view)
                return Missing($"The catalogue knows no run '{run}'.");
            await audit.Record(http, run, what, cancel);
            try
            {
                var answer = await make(view.Run, models.Open(view.Run));
                http.Response.Headers.CacheControl = "no-store";
                return answer is null
                    ? Missing($"The run has no such row or feature ({what}).")
                    : Results.Json(answer, ViewJson.Options);
            }
            catch (AssayException e)
            {
                return Results.Problem(
                    e.Message,
                    statusCode: e.Fault == Fault.Usage
                        ? StatusCodes.Status400BadRequest
                        : StatusCodes.Status409Conflict,
                    title: e.Fault == Fault.Usage ? "The request cannot be met" : "The rows cannot be read"
                );
            }
        }

        private static IResult Missing(string detail) =>
            Results.Problem(detail, statusCode: StatusCodes.Status404NotFound, title: "There is no such row");
    }
}
