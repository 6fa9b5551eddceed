using System.Security.Cryptography;
using System.Text;
using Dbaas.GuestAgent.Files;

namespace Dbaas.GuestAgent.Transfer;

/// <summary>
/// Offers on disk, so that an offer made again after a restart of the agent is the same: its address may have been handed on.
/// </summary>
internal sealed class OfferRecords(string folder, Action<string> log)
{
    public OfferRecord FindOrMake(string offerId) =>
        PrivateFile.ReadJsonOrNone(PathOf(offerId), OfferContext.Default.OfferRecord, log)
            ?? new OfferRecord(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)), Port: 0);

    public void Keep(string offerId, OfferRecord record) =>
        PrivateFile.WriteJson(PathOf(offerId), record, OfferContext.Default.OfferRecord);

    public void Forget(string offerId) => File.Delete(PathOf(offerId));

    private string PathOf(string offerId) =>
        Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(offerId))) + ".json");
}
