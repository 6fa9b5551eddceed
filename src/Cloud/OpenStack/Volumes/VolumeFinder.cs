using Dbaas.Cloud.OpenStack.Cinder;

namespace Dbaas.Cloud.OpenStack.Volumes;

/// <summary>The volume of a key, where lost answers may have left several.</summary>
internal sealed class VolumeFinder(CinderClient cinder, Marks marks)
{
    /// <summary>Set once a volume was handed out: it may hold data from then on, and no other takes its place.</summary>
    public const string AdoptedLabel = "dbaas_adopted";

    public async Task<IReadOnlyList<CinderVolume>> AllOfAsync(string key, CancellationToken cancellationToken) =>
        [.. (await cinder.ListVolumesAsync(Marks.Name(key), cancellationToken)).Where(volume => marks.AreIn(volume.Metadata, key))];

    public async Task<CinderVolume?> FindAsync(string key, CancellationToken cancellationToken) =>
        Best(await AllOfAsync(key, cancellationToken));

    public static CinderVolume? Best(IReadOnlyList<CinderVolume> volumes) => volumes
        .OrderBy(volume => !IsAdopted(volume))
        .ThenBy(volume => volume.CreatedAt)
        .ThenBy(volume => volume.Id, StringComparer.Ordinal)
        .FirstOrDefault();

    public static bool IsAdopted(CinderVolume volume) => volume.Metadata.ContainsKey(AdoptedLabel) || volume.Attachments.Count > 0;
}
