using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.Local.Objects;

/// <summary>Tickets for one use of one object until a time: who has one may, and nobody else can make one.</summary>
public sealed class ObjectTickets(byte[] key, TimeProvider time)
{
    /// <summary>Carries a ticket.</summary>
    public const string Header = "X-Object-Ticket";

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    public string Issue(StoredName name, ObjectUse use, TimeSpan goodFor)
    {
        var until = (time.GetUtcNow() + (goodFor < Longest ? goodFor : Longest)).ToUnixTimeSeconds();
        return string.Create(CultureInfo.InvariantCulture, $"{until}.{Sign(name, use, until)}");
    }

    public bool IsGood(StoredName name, ObjectUse use, string? ticket)
    {
        if (ticket?.Split('.') is not [var end, var signature]
            || !long.TryParse(end, NumberStyles.None, CultureInfo.InvariantCulture, out var until)
            || time.GetUtcNow().ToUnixTimeSeconds() > until)
        {
            return false;
        }

        return CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(signature), Encoding.ASCII.GetBytes(Sign(name, use, until)));
    }

    private string Sign(StoredName name, ObjectUse use, long until) => Convert.ToHexStringLower(HMACSHA256.HashData(
        key, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{use}\n{name.Place}\n{name.Name}\n{until}"))));
}
