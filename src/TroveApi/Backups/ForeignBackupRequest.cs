using Dbaas.TroveApi.Http;
using Dbaas.TroveApi.Instances;

namespace Dbaas.TroveApi.Backups;

/// <summary>A backup that another service took and that is to be known here, as far as can be told from the request alone.</summary>
internal sealed record ForeignBackupRequest
{
    private const int MaxDescription = 255;
    private const int MaxLocation = 1024;
    private const int MaxProject = 64;
    private const double MostGigabytes = 1_000_000;
    private const double Gigabyte = 1024 * 1024 * 1024;

    public required string Name { get; init; }

    public string? Description { get; init; }

    /// <summary>Whose it is to be; null: the caller's project's.</summary>
    public string? ProjectId { get; init; }

    /// <summary>The object's address.</summary>
    public required string Location { get; init; }

    public required string DatastoreVersionId { get; init; }

    /// <summary>Size of the data on a volume.</summary>
    public required long DatasetBytes { get; init; }

    /// <summary>Null: the request is for a backup of an instance.</summary>
    public static ForeignBackupRequest? Find(JsonField body)
    {
        var wanted = body.Only("backup")["backup"];
        if (wanted.FindValue("restore_from") is not { } from)
        {
            return null;
        }

        wanted.Only("name", "description", "restore_from", "project_id");
        from.Only("remote_location", "local_datastore_version_id", "size");
        return new ForeignBackupRequest
        {
            Name = InstanceName.Read(wanted["name"]),
            Description = wanted.FindValue("description")?.Text(MaxDescription),
            ProjectId = wanted.FindValue("project_id")?.Line(MaxProject),
            Location = from["remote_location"].Line(MaxLocation),
            DatastoreVersionId = References.Of(from["local_datastore_version_id"]),
            DatasetBytes = (long)(from["size"].Real(above: 0, MostGigabytes) * Gigabyte),
        };
    }
}
