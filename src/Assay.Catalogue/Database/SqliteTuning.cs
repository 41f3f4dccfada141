using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Assay.Catalogue;

/// <summary>Each connection waits for the writer, and a commit is on the disk when it returns.</summary>
internal sealed class SqliteTuning(TimeSpan patience) : DbConnectionInterceptor
{
    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = Pragmas(connection);
        command.ExecuteNonQuery();
    }

    public override async Task ConnectionOpenedAsync(
        DbConnection connection,
        ConnectionEndEventData eventData,
        CancellationToken cancellationToken = default
    )
    {
        await using var command = Pragmas(connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private DbCommand Pragmas(DbConnection connection)
    {
        var command = connection.CreateCommand();
        command.CommandText = FormattableString.Invariant(
            $"PRAGMA busy_timeout={(int)patience.TotalMilliseconds}; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
        );
        return command;
    }
}
