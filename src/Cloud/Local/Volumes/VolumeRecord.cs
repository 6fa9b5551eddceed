namespace Dbaas.Cloud.Local.Volumes;

/// <summary>A volume whose image is complete.</summary>
/// <param name="SizeGb">The size that its file system has reached.</param>
/// <param name="OwnerId">The user id that all of its files belong to.</param>
internal sealed record VolumeRecord(int SizeGb, int? OwnerId);
