namespace Assay.Studies;

/// <summary>What a player is drawn given: the other features as columns, and the values of the player itself.</summary>
internal sealed class Covariates
{
    public const int MostColumns = 128;

    /// <summary>The player's elements, a value for each unit.</summary>
    public required double[][] Values { get; init; }

    /// <summary>Codes of the player, a column each, standardised.</summary>
    public required Design Codes { get; init; }

    /// <summary>The others as columns.</summary>
    public required Design Others { get; init; }

    /// <summary>For each other single id that is constant in units: the ids.</summary>
    public required IReadOnlyList<double[]> Ids { get; init; }

    /// <summary>The names of the others.</summary>
    public required IReadOnlyList<string> Given { get; init; }

    /// <summary>Whether the player is a single id.</summary>
    public required bool IsCategorical { get; init; }

    /// <summary>Whether the player is a single number.</summary>
    public required bool IsNumber { get; init; }

    public static Covariates Of(
        StudyPlan plan,
        PreparedReader reader,
        Player player,
        Units units,
        IReadOnlyList<string>? given
    )
    {
        var level = plan.Level(player);
        double[][] Elements(BoundFeature feature) =>
            [.. feature.Elements.Select((_, e) => reader.ReadAllValues(feature, e))];
        var members = player.Members.Select(m => plan.Features[m]).ToArray();
        var values = members.Select(Elements).ToArray();
        var codes = members.SelectMany((m, i) => Coding.Columns(values[i], m.Entry, units, constant: true));
        var (columns, ids, names) = (new List<double[]>(), new List<double[]>(), new List<string>());
        for (var f = 0; f < plan.Features.Count; f++)
        {
            var feature = plan.Features[f];
            if (player.Members.Contains(f) || given?.Contains(feature.Entry.Name) is false)
                continue;
            names.Add(feature.Entry.Name);
            var elements = Elements(feature);
            var constant = plan.Splits.Min(s => s.Levels[feature.Entry.Name]) >= level;
            columns.AddRange(Coding.Columns(elements, feature.Entry, units, constant));
            if (constant && feature.Entry.HasIds && elements.Length == 1)
                ids.Add(units.Take(elements[0]));
        }
        return new()
        {
            Values = [.. values.SelectMany(v => v.Select(units.Take))],
            Codes = Design.Of(codes, units.Count),
            Others = Design.Of(columns, units.Count),
            Ids = ids,
            Given = names,
            IsCategorical = members is [{ Entry: { HasIds: true, IsList: false } }],
            IsNumber = members is [{ Entry.HasIds: false, Elements.Count: 1 }],
        };
    }
}
