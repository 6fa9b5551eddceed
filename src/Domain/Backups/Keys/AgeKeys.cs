namespace Dbaas.Domain.Backups.Keys;

/// <summary>
/// What the keys of <c>age</c> look like. Their last six letters are a checksum (BIP 173), so that one which was typed or cut wrongly is
/// seen before something is encrypted for it that nobody can open.
/// </summary>
public static class AgeKeys
{
    private const string RecipientPrefix = "age";
    private const string IdentityPrefix = "age-secret-key-";
    private const string Letters = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

    // 32 bytes in groups of five bits, and the checksum.
    private const int DataLength = 52 + 6;

    private static readonly uint[] Generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

    /// <summary>A public key.</summary>
    public static bool IsRecipient(string text) => IsKey(text, RecipientPrefix);

    /// <summary>A file of private keys as <c>age-keygen</c> writes it: one in each line, and lines that begin with <c>#</c>.</summary>
    public static bool IsIdentityFile(string text)
    {
        var keys = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith('#')).ToList();
        return keys.Count > 0 && keys.All(key => !key.Any(char.IsAsciiLetterLower) && IsKey(key.ToLowerInvariant(), IdentityPrefix));
    }

    private static bool IsKey(string text, string prefix)
    {
        var start = $"{prefix}1";
        if (!text.StartsWith(start, StringComparison.Ordinal) || text.Length != start.Length + DataLength)
        {
            return false;
        }

        var data = text[start.Length..].Select(letter => Letters.IndexOf(letter, StringComparison.Ordinal)).ToList();
        var check = prefix.Select(letter => letter >> 5).Append(0).Concat(prefix.Select(letter => letter & 31)).Concat(data)
            .Aggregate(1u, Step);
        return data.All(value => value >= 0) && check == 1;
    }

    private static uint Step(uint sum, int value)
    {
        var top = sum >> 25;
        sum = ((sum & 0x1ffffff) << 5) ^ (uint)value;
        for (var bit = 0; bit < Generator.Length; bit++)
        {
            sum ^= (top >> bit & 1) == 1 ? Generator[bit] : 0;
        }

        return sum;
    }
}
