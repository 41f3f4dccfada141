using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Assay.Catalogue;

/// <summary>One line of the append-only audit trail.</summary>
public sealed class AuditEntry
{
    /// <summary>1, 2, 3, … without gaps.</summary>
    public long Number { get; set; }

    /// <summary>When.</summary>
    public DateTimeOffset At { get; set; }

    /// <summary>Who: a user's subject id, or the program's part that acted.</summary>
    public required string Actor { get; set; }

    /// <summary>What was done, such as <c>comment.add</c>.</summary>
    public required string Action { get; set; }

    /// <summary>To what.</summary>
    public required string Subject { get; set; }

    /// <summary>What it was before (JSON); null where there was nothing.</summary>
    public string? Before { get; set; }

    /// <summary>What it is since (JSON); null where nothing is left.</summary>
    public string? After { get; set; }

    /// <summary><see cref="Hash"/> of the entry before; empty for the first.</summary>
    public required string PreviousHash { get; set; }

    /// <summary>SHA-256 of all fields above, each led by its length in bytes; hexadecimal.</summary>
    public required string Hash { get; set; }

    internal string ComputeHash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[4];
        string?[] fields =
        [
            Number.ToString(CultureInfo.InvariantCulture),
            Timestamps.Text(At),
            Actor,
            Action,
            Subject,
            Before,
            After,
            PreviousHash,
        ];
        foreach (var field in fields)
        {
            var bytes = field is null ? [] : Encoding.UTF8.GetBytes(field);
            BinaryPrimitives.WriteInt32LittleEndian(length, field is null ? -1 : bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
