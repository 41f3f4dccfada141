namespace Assay.Studies;

/// <summary>One finished refit in a run folder: each test row's loss. Written aside and renamed, so a file that exists is whole.</summary>
/// <param name="Key">Hash of all that decides the fit: model, rows, options, seed, what is left out.</param>
/// <param name="Losses">In nats, in row order.</param>
internal sealed record RefitFile(ulong Key, double[] Losses)
{
    private const uint Magic = 0x31465241;

    /// <summary>The finished refit, or null where there is none, or one of another key or row count.</summary>
    public static RefitFile? Find(string path, ulong key, int rows)
    {
        if (!File.Exists(path))
            return null;
        using var reader = new BinaryReader(File.OpenRead(path));
        if (reader.BaseStream.Length != 16L + 8L * rows)
            return null;
        if (reader.ReadUInt32() != Magic || reader.ReadUInt64() != key || reader.ReadInt32() != rows)
            return null;
        var losses = new double[rows];
        for (var i = 0; i < rows; i++)
            losses[i] = reader.ReadDouble();
        return new RefitFile(key, losses);
    }

    public void Write(string path)
    {
        var aside = path + ".part";
        using (var writer = new BinaryWriter(File.Create(aside)))
        {
            writer.Write(Magic);
            writer.Write(Key);
            writer.Write(Losses.Length);
            foreach (var loss in Losses)
                writer.Write(loss);
        }
        File.Move(aside, path, overwrite: true);
    }
}
