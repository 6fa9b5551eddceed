using System.Security.Cryptography;
using System.Text;
using Dbaas.Datastores.Contract;
using Dbaas.GuestProtocol.Commands;

namespace Dbaas.GuestAgent.Commands;

/// <summary>What a datastore found in its data, as it is said to the control plane: all of it in three numbers, and some of it.</summary>
internal static class Findings
{
    private const int MostFaults = 10;
    private const int LongestFault = 500;

    public static DataVerified ToResult(DataFindings found, int mostTables) => new(
        found.Tables.Count,
        found.Tables.Sum(table => table.Rows),
        ChecksumOf(found.Tables),
        [.. found.Tables.Take(Math.Max(0, mostTables)).Select(table => new VerifiedTable(table.Name, table.Rows, table.Checksum))],
        [.. found.Faults.Take(MostFaults).Select(fault => fault.Length > LongestFault ? fault[..LongestFault] : fault)],
        found.Faults.Count);

    /// <summary>Of the lines with name, rows and checksum of each, so that two that are equal say that all tables are.</summary>
    private static string ChecksumOf(IEnumerable<TableFinding> tables)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var table in tables)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{table.Name}\t{table.Rows}\t{table.Checksum}\n")));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
