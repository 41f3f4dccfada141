using Assay.Attribution;
using Assay.Onnx;
using Assay.Statistics;

namespace Assay.Studies;

/// <summary>From which rows a player's values come.</summary>
internal enum DonorKind
{
    /// <summary>Any.</summary>
    Marginal,

    /// <summary>Rows that are like the row in its other features.</summary>
    Conditional,

    /// <summary>Among rows that have the feature, all of which it is asked of.</summary>
    Present,

    /// <summary>Rows in the same stratum of a declared confounder.</summary>
    Held,
}

/// <summary>
/// One way in which a population method replaces values: by which donors, for which players, how often. It gives a column
/// of scores for each player and repeat, and a loss of each quality.
/// </summary>
internal sealed record Exchange
{
    public const string Permutation = "permutation";
    public const string Taylor = "taylor-permutation";
    public const string Conditional = "conditional-permutation";

    /// <summary>The population method that exchanges nothing.</summary>
    public const string Sage = "sage";

    /// <summary>Id of the method.</summary>
    public required string Method { get; init; }

    /// <summary>What the names of its estimands begin with.</summary>
    public required string Estimand { get; init; }

    public required DonorKind Donors { get; init; }

    /// <summary>Whether the scores are those to first order, all players from one pass.</summary>
    public bool FirstOrder { get; init; }

    /// <summary>The confounder within whose strata values are exchanged.</summary>
    public ConfounderDefinition? Held { get; init; }

    /// <summary>What the files of its donors' values begin with; exchanges with the same donors share them.</summary>
    public string DonorName => Held is null ? $"{Donors}".ToLowerInvariant() : $"held{StableHash.Of(Held.Name):x}";

    public required IReadOnlyList<Player> Players { get; init; }
    public required int Repeats { get; init; }

    /// <summary>What its columns of scores are called.</summary>
    public string Column(Player player, int repeat) =>
        BlockColumns.Permuted(
            this switch
            {
                { FirstOrder: true } => $"{Method}:{player.Name}",
                { Held: not null } => $"{Method}:{player.Name}",
                { Donors: DonorKind.Marginal } => player.Name,
                _ => $"{Donors.ToString().ToLowerInvariant()}:{player.Name}",
            },
            repeat
        );

    /// <summary>The exchanges that a study asks for, in the order of its methods.</summary>
    /// <exception cref="AssayException">Input: an unknown group or feature, or an option the method does not have.</exception>
    public static IReadOnlyList<Exchange> For(StudyDefinition study, FeatureDictionary dictionary)
    {
        var exchanges = new List<Exchange>();
        foreach (var method in study.Methods)
        {
            var id = method.Id;
            if (id != Sage && !IsExchange(id) && MethodRegistry.Get(id) is { PerRow: false })
                throw AssayException.Input($"The method '{id}' is not one a study runs; take it out of 'methods'.");
            RequireOptions(method);
            RequireFeatures(method, dictionary);
            if (!IsExchange(id))
                continue;
            exchanges.Add(
                new Exchange
                {
                    Method = id,
                    Estimand = id == Conditional ? Estimands.Conditional : Estimands.Permutation,
                    Donors = id == Conditional ? DonorKind.Conditional : DonorKind.Marginal,
                    FirstOrder = id == Taylor,
                    Players = Player.For(dictionary, method),
                    Repeats = method.Repeats,
                }
            );
            if (id == Permutation && method.GivenPresence != false)
                exchanges.Add(
                    new Exchange
                    {
                        Method = id,
                        Estimand = Estimands.GivenPresence,
                        Donors = DonorKind.Present,
                        // Of these, once the rows are read, the features that some row lacks.
                        Players = [.. Player.Features(dictionary).Where(p => PresenceReader.MayLack(dictionary, p))],
                        Repeats = method.Repeats,
                    }
                );
        }
        var repeats = exchanges.FirstOrDefault(e => e.Method == Permutation)?.Repeats ?? 1;
        exchanges.AddRange(
            study
                .Confounders.Where(c => c.IsHeld)
                .Select(c => new Exchange
                {
                    Method = ConfounderDefinition.Conditioned + c.Name,
                    Estimand = Estimands.Adjusted,
                    Donors = DonorKind.Held,
                    Held = c,
                    Players = [.. Player.Features(dictionary)],
                    Repeats = repeats,
                })
        );
        return exchanges;
    }

    private static bool IsExchange(string id) => id is Permutation or Taylor or Conditional;

    private static void RequireFeatures(MethodDefinition method, FeatureDictionary dictionary)
    {
        var names = dictionary.Features.Select(f => f.Name).ToArray();
        foreach (var given in method.Given ?? [])
            if (!names.Contains(given))
                throw AssayException.Input(
                    $"The study's '{method.Id}' is given '{given}', which is no feature of the dictionary."
                        + Nearest.Hint(given, names)
                );
    }

    private static void RequireOptions(MethodDefinition method)
    {
        void Only(bool given, string option, params string[] ids)
        {
            if (given && !ids.Contains(method.Id))
                throw AssayException.Input(
                    $"The method '{method.Id}' of the study has no '{option}'; only {Text.List([.. ids])} has."
                );
        }
        Only(method.Groups.Count > 0, "groups", Permutation, Conditional);
        Only(method.Positions.Count > 0, "positions", Permutation);
        Only(method.GivenPresence == true, "given_presence", Permutation);
        Only(
            method.Budget is not null,
            "budget",
            [
                .. MethodRegistry
                    .All.Where(m => m is { PerRow: true, Sampled: true, Layer: LayerUse.None })
                    .Select(m => m.Id),
            ]
        );
        Only(method.By is not null, "by", Conditional);
        Only(method.Given is not null, "given", Conditional);
        Only(method.Strata.Count > 0, "strata", Conditional);
    }
}
