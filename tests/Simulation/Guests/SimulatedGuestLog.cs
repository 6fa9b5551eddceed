using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Commands;

namespace Dbaas.Simulation.Guests;

/// <summary>A guest's log for people: three pieces, always the same.</summary>
internal static class SimulatedGuestLog
{
    public const int Pieces = 3;
    public const int PieceBytes = 100;

    public static JsonElement Read(ReadLog read)
    {
        var next = Math.Min(read.From + PieceBytes, Pieces * PieceBytes);
        var text = read.From == next ? "" : $"from {read.From}\n";
        using var gzip = new MemoryStream();
        using (var stream = new GZipStream(gzip, CompressionLevel.Fastest, leaveOpen: true))
        {
            stream.Write(Encoding.ASCII.GetBytes(text));
        }

        return JsonSerializer.SerializeToElement(
            new LogText(read.From, next, Pieces * PieceBytes, gzip.ToArray()), ProtocolJson.Options);
    }
}
