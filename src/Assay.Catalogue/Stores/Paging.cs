using Microsoft.EntityFrameworkCore;

namespace Assay.Catalogue;

internal static class Paging
{
    public static async Task<Page<T>> PageAsync<T>(
        this IQueryable<T> query,
        int page,
        int pageSize,
        CancellationToken stop
    )
    {
        if (page is < 1 or > 1_000_000 || pageSize is < 1 or > 500)
            throw CatalogueException.Invalid("A page is a number from 1, its size 1 to 500.");
        var total = await query.CountAsync(stop);
        var items = await query.Skip((page - 1) * pageSize).Take(pageSize).ToListAsync(stop);
        return new(items, total, page, pageSize);
    }
}
