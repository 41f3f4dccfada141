using Assay.Attribution;

namespace Assay.Studies;

/// <summary>
/// Writes the permuted columns of one player, all blocks of a split in one file: each row has the values of its donor. Rows
/// are exchanged at the level at which the player varies. Memory: the columns of one player.
/// </summary>
internal static class PermutedColumns
{
    /// <summary>The key of a file's metadata that is there where its values are those of plain permutation.</summary>
    public const string Usual = "assay.usual";

    public static void Write(StudyPlan plan, PreparedSplit split, Exchange exchange, Player who, int repeat)
    {
        var path = plan.PermutedPath(split, exchange, who, repeat);
        if (IsWritten(path, plan.Hash))
            return;
        using var reader = new PreparedReader(plan, split);
        var (donors, usual) = Find(plan, reader, exchange, who, repeat);
        var elements = who.Elements(plan.Features).ToArray();
        var columns = elements.Select(x => Column(reader, x.Feature, x.Element)).ToArray();
        var specs = elements
            .Select(
                (x, i) =>
                    new ColumnSpec(
                        PreparedColumns.Element(x.Feature, x.Element),
                        columns[i].GetType().GetElementType()!
                    )
            )
            .ToArray();
        var metadata = new Dictionary<string, string> { ["assay.plan"] = plan.Hash };
        if (usual)
            metadata[Usual] = "yes";
        Files.Write(
            path,
            stream =>
            {
                using var writer = ColumnWriter.Create(stream, specs, metadata);
                foreach (var block in split.Blocks)
                    writer.WriteGroup([.. columns.Select(c => Gather(c, donors.AsSpan(block.Start, block.Rows)))]);
            }
        );
    }

    // For each row of the split the row whose values it gets, and whether these are the donors of plain permutation.
    private static (int[] Donors, bool Usual) Find(
        StudyPlan plan,
        PreparedReader reader,
        Exchange exchange,
        Player who,
        int repeat
    )
    {
        var kind = exchange.Donors;
        if (exchange.Held is { } held && HeldDonors.Find(plan, reader, held, who, repeat) is { } alike)
            return (alike, false);
        if (kind == DonorKind.Conditional)
            return (ConditionalDonors.Find(plan, reader, who, repeat), false);
        var units = Units(reader, plan.Level(who));
        // A position is exchanged among the rows that have it, so that lists keep their lengths.
        if (kind != DonorKind.Present && who.Position is null)
            return (Donors.Assign(units, plan.Study.Seed, who.Name, repeat), true);
        // An entry that is unknown to the model is an entry of its list all the same.
        var least = who.Position is null ? Presence.Present : Presence.Default;
        var present = Array.ConvertAll(PresenceReader.Of(reader, plan.Features, who), p => p >= least);
        return (Among(present, units, plan.Study.Seed, who.Name, repeat), who.Position is null && present.All(p => p));
    }

    private static int[] Among(bool[] takesPart, ulong[] units, ulong seed, string name, int repeat)
    {
        var rows = Enumerable.Range(0, units.Length).Where(r => takesPart[r]).ToArray();
        var donors = Donors.Assign(Array.ConvertAll(rows, r => units[r]), seed, name, repeat);
        var all = Enumerable.Range(0, units.Length).ToArray();
        for (var i = 0; i < rows.Length; i++)
            all[rows[i]] = rows[donors[i]];
        return all;
    }

    private static bool IsWritten(string path, string hash)
    {
        if (!File.Exists(path))
            return false;
        using var reader = ColumnReader.Open(path);
        return reader.Metadata.GetValueOrDefault("assay.plan") == hash;
    }

    internal static ulong[] Units(PreparedReader reader, Level level)
    {
        if (level == Level.Row)
        {
            var rows = new ulong[reader.Split.Rows];
            for (var i = 0; i < rows.Length; i++)
                rows[i] = (ulong)i;
            return rows;
        }
        var keys = reader.ReadAll<long>(
            level == Level.Cluster ? PreparedColumns.ClusterKey : PreparedColumns.RequestKey
        );
        return Array.ConvertAll(keys, k => unchecked((ulong)k));
    }

    private static Array Column(PreparedReader reader, BoundFeature feature, int element)
    {
        var name = PreparedColumns.Element(feature, element);
        return feature.Entry.HasIds ? reader.ReadAll<long>(name) : reader.ReadAll<double>(name);
    }

    private static Array Gather(Array column, ReadOnlySpan<int> donors)
    {
        if (column is long[] ids)
        {
            var taken = new long[donors.Length];
            for (var i = 0; i < taken.Length; i++)
                taken[i] = ids[donors[i]];
            return taken;
        }
        var numbers = (double[])column;
        var result = new double[donors.Length];
        for (var i = 0; i < result.Length; i++)
            result[i] = numbers[donors[i]];
        return result;
    }
}
