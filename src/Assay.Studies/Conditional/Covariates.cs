namespace Assay.Studies;

/// <summary>What a player is drawn given: the values of the player itself, and the other features as columns.</summary>
internal sealed class Covariates
{
    private readonly StudyPlan plan;
    private readonly PreparedReader reader;
    private readonly Units units;
    private readonly Level level;
    private readonly BoundFeature[] others;

    public Covariates(StudyPlan plan, PreparedReader reader, Player player, Units units, IReadOnlyList<string>? given)
    {
        (this.plan, this.reader, this.units) = (plan, reader, units);
        level = plan.Level(player);
        var members = player.Members.Select(m => plan.Features[m]).ToArray();
        others = [.. plan.Features.Where(f => !members.Contains(f) && given?.Contains(f.Entry.Name) is not false)];
        var values = members.Select(Elements).ToArray();
        Values = [.. values.SelectMany(v => v.Select(units.Take))];
        Codes = Design.Of(
            members.SelectMany((m, i) => Coding.Columns(values[i], m.Entry, units, constant: true)),
            units.Count
        );
        IsCategorical = members is [{ Entry: { HasIds: true, IsList: false } }];
        IsNumber = members is [{ Entry.HasIds: false, Elements.Count: 1 }];
    }

    /// <summary>The player's elements, a value for each unit.</summary>
    public double[][] Values { get; }

    /// <summary>Codes of the player, a column each, standardised.</summary>
    public Design Codes { get; }

    /// <summary>The names of the others.</summary>
    public IReadOnlyList<string> Given => [.. others.Select(o => o.Entry.Name)];

    /// <summary>Whether the player is a single id.</summary>
    public bool IsCategorical { get; }

    /// <summary>Whether the player is a single number.</summary>
    public bool IsNumber { get; }

    /// <summary>
    /// The others as columns, made one after the other (not all need be held at once), with for each id of many values that is
    /// constant in units what <paramref name="means"/> makes of it.
    /// </summary>
    public IEnumerable<double[]> Columns(Func<double[], IEnumerable<double[]>> means)
    {
        foreach (var feature in others)
        {
            var elements = Elements(feature);
            var constant = plan.Splits.Min(s => s.Levels[feature.Entry.Name]) >= level;
            foreach (var column in Coding.Columns(elements, feature.Entry, units, constant))
                yield return column;
            if (!constant || !feature.Entry.HasIds || elements.Length > 1)
                continue;
            var ids = units.Take(elements[0]);
            if (ids.Distinct().Count() > Coding.MostCategories)
                foreach (var column in means(ids))
                    yield return column;
        }
    }

    private double[][] Elements(BoundFeature feature) =>
        [.. feature.Elements.Select((_, e) => reader.ReadAllValues(feature, e))];
}
