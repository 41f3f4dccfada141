namespace Assay.Studies;

/// <summary>One finished refit in a run folder: what it says of the rows. Written aside and renamed, so a file that exists is whole.</summary>
/// <param name="Key">Hash of all that decides the fit: model, rows, options, seed, what is left out.</param>
/// <param name="BestEpoch">The epoch kept.</param>
/// <param name="Test">The logit of each test row.</param>
/// <param name="Validation">The logit of each validation row.</param>
/// <param name="Explained">The logit of each explained row; the validation rows' where these are the same.</param>
internal sealed record RefitFile(string Key, int BestEpoch, double[] Test, double[] Validation, double[] Explained)
{
    private const uint Magic = 0x32465241;

    /// <summary>The finished refit, or null where there is none, or one of another key.</summary>
    public static RefitFile? Find(string path, string key)
    {
        if (!File.Exists(path))
            return null;
        using var reader = new BinaryReader(File.OpenRead(path));
        try
        {
            if (reader.ReadUInt32() != Magic || reader.ReadString() != key)
                return null;
            return new RefitFile(key, reader.ReadInt32(), Numbers(reader), Numbers(reader), Numbers(reader));
        }
        catch (EndOfStreamException)
        {
            return null;
        }
    }

    public void Write(string path) =>
        Files.Write(
            path,
            stream =>
            {
                using var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true);
                writer.Write(Magic);
                writer.Write(Key);
                writer.Write(BestEpoch);
                foreach (var numbers in (double[][])[Test, Validation, Explained])
                {
                    writer.Write(numbers.Length);
                    foreach (var x in numbers)
                        writer.Write(x);
                }
            }
        );

    private static double[] Numbers(BinaryReader reader)
    {
        var numbers = new double[reader.ReadInt32()];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = reader.ReadDouble();
        return numbers;
    }
}
