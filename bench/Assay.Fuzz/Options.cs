using System.Globalization;

namespace Assay.Fuzz;

/// <summary>What the command line says.</summary>
internal sealed record Options
{
    public int Cases { get; init; } = 20_000;

    public int First { get; init; }

    public ulong Seed { get; init; } = 1;

    public int Workers { get; init; } = 2;

    /// <summary>A folder of further models to mutate.</summary>
    public string? Folder { get; init; }

    /// <summary>The resident size that a child may reach.</summary>
    public long Megabytes { get; init; } = 2_048;

    /// <summary>The address space that a child may reserve.</summary>
    public long AddressMegabytes { get; init; } = 8_192;

    /// <summary>When to begin no further part.</summary>
    public int Minutes { get; init; } = int.MaxValue;

    /// <summary>Where the table of outcomes is written.</summary>
    public string? Out { get; init; }

    /// <summary>Where finished parts are noted; those noted there already are not run again.</summary>
    public string? Log { get; init; }

    /// <summary>One case to run in this process.</summary>
    public int? Case { get; init; }

    /// <summary>Where that case's file is written.</summary>
    public string? Save { get; init; }

    public (int From, int To)? Child { get; init; }

    public static Options Parse(string[] args)
    {
        var options = new Options();
        for (var i = 0; i < args.Length; i += 2)
        {
            string Next(int n) =>
                i + n < args.Length ? args[i + n] : throw new ArgumentException($"{args[i]} needs a value.");
            int Number(int n) => int.Parse(Next(n), CultureInfo.InvariantCulture);
            options = args[i] switch
            {
                "--cases" => options with { Cases = Number(1) },
                "--from" or "--first" => options with { First = Number(1) },
                "--seed" => options with { Seed = (ulong)Number(1) },
                "--workers" => options with { Workers = Number(1) },
                "--models" => options with { Folder = Next(1) },
                "--memory" => options with { Megabytes = Number(1) },
                "--address" => options with { AddressMegabytes = Number(1) },
                "--minutes" => options with { Minutes = Number(1) },
                "--out" => options with { Out = Next(1) },
                "--log" => options with { Log = Next(1) },
                "--case" => options with { Case = Number(1) },
                "--save" => options with { Save = Next(1) },
                "--child" => options with { Child = (Number(1), Number(2)) },
                var other => throw new ArgumentException($"There is no option '{other}'."),
            };
            if (args[i] == "--child")
                i++;
        }
        return options;
    }
}
