using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Assay.Catalogue.Tests;
using Npgsql;

[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace Assay.Catalogue.Tests;

/// <summary>
/// A PostgreSQL server for one run of the tests, in a temporary folder, on a loopback port. It is started when first
/// wanted and never touches a server that the machine runs.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private readonly SemaphoreSlim gate = new(1);
    private string? folder;
    private string? bin;
    private int port;
    private string? reason;
    private string? template;
    private int databases;

    /// <summary>A database with or without tables; skips the test, saying why, where there is no server.</summary>
    public async Task<string> NewDatabaseAsync(bool isEmpty)
    {
        await gate.WaitAsync();
        try
        {
            if (folder is null && reason is null)
                reason = Start();
            Assert.SkipWhen(reason is not null, reason ?? "");
            if (isEmpty)
                return await CreateAsync("");
            if (template is null)
            {
                var made = await CreateAsync("");
                var options = CatalogueOptions.Postgres(made);
                await (await CatalogueStore.OpenAsync(options, TimeProvider.System)).DisposeAsync();
                template = new NpgsqlConnectionStringBuilder(made).Database;
            }
            return await CreateAsync($" TEMPLATE {template}");
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task<string> CreateAsync(string how)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"assay_{++databases}");
        await using var connection = new NpgsqlConnection(Connection("postgres"));
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = $"CREATE DATABASE {name}{how}";
        await command.ExecuteNonQueryAsync();
        return Connection(name);
    }

    public async ValueTask DisposeAsync()
    {
        gate.Dispose();
        NpgsqlConnection.ClearAllPools();
        if (folder is not null)
        {
            await Task.Run(() => Run("pg_ctl", ["stop", "-s", "-m", "immediate", "-w", "-t", "20", "-D", Data]));
            Directory.Delete(folder, true);
        }
    }

    private string Data => Path.Combine(folder!, "data");

    private string Connection(string database) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"Host=127.0.0.1;Port={port};Username=postgres;Database={database};Timeout=30;Maximum Pool Size=10"
        );

    // Says why there is none, null where it runs.
    private string? Start()
    {
        bin = Directory.Exists("/usr/lib/postgresql")
            ? Directory
                .GetDirectories("/usr/lib/postgresql")
                .Select(d => Path.Combine(d, "bin"))
                .Where(d => File.Exists(Path.Combine(d, "initdb")))
                .Order(StringComparer.Ordinal)
                .LastOrDefault()
            : null;
        if (bin is null)
            return "PostgreSQL is not installed (Debian: apt-get install postgresql).";
        var made = Directory.CreateTempSubdirectory("assay-postgres-");
        if (Environment.IsPrivilegedProcess && Tool("chown", ["postgres", made.FullName]) is { } problem)
            return $"PostgreSQL refuses to run as root, and there is no user postgres: {problem}";
        folder = made.FullName;
        port = FreePort();
        var options = string.Create(
            CultureInfo.InvariantCulture,
            $"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off -c max_connections=300"
        );
        var failed =
            Run("initdb", ["-D", Data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"])
            ?? Run(
                "pg_ctl",
                ["start", "-s", "-w", "-t", "60", "-D", Data, "-l", Path.Combine(folder, "data", "log"), "-o", options]
            );
        // Installed and not working is a failure, nothing to skip.
        return failed is null ? null : throw new InvalidOperationException(failed);
    }

    private string? Run(string program, string[] arguments)
    {
        var path = Path.Combine(bin!, program);
        return Environment.IsPrivilegedProcess
            ? Tool(
                "setpriv",
                ["--reuid=postgres", "--regid=postgres", "--clear-groups", path, .. arguments],
                program == "initdb"
            )
            : Tool(path, arguments, program == "initdb");
    }

    private static string? Tool(string program, string[] arguments, bool talks = false)
    {
        // The output of pg_ctl is not redirected: the server inherits it, and its end would never come.
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Path.GetTempPath(),
            RedirectStandardOutput = talks,
        };
        using var process = Process.Start(start)!;
        var said = talks ? process.StandardOutput.ReadToEnd() : "";
        process.WaitForExit();
        return process.ExitCode == 0 ? null : $"{program} {string.Join(' ', arguments)} failed. {said}";
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
