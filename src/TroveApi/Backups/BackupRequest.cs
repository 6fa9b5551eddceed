using Dbaas.TroveApi.Http;
using Dbaas.TroveApi.Instances;

namespace Dbaas.TroveApi.Backups;

/// <summary>What a request for a backup asks for, as far as can be told from the request alone.</summary>
internal sealed record BackupRequest
{
    private const int MaxDescription = 255;

    private static readonly string[] NotYet = ["swift_container", "storage_driver"];

    public required string Name { get; init; }

    public string? Description { get; init; }

    public required string InstanceId { get; init; }

    /// <summary>The backup that it is to follow on; null: not named.</summary>
    public string? ParentId { get; init; }

    /// <summary>It is to follow on the newest one, if there is any.</summary>
    public bool IsIncremental { get; init; }

    public static BackupRequest Parse(JsonField body)
    {
        var wanted = body.Only("backup")["backup"].Only(
            ["name", "instance", "instance_id", "description", "parent_id", "incremental", .. NotYet]);
        foreach (var name in NotYet)
        {
            if (wanted.FindValue(name) is not null)
            {
                throw FaultException.BadRequest($"not available yet: {name}");
            }
        }

        return new BackupRequest
        {
            Name = InstanceName.Read(wanted["name"]),
            Description = wanted.FindValue("description")?.Text(MaxDescription),
            InstanceId = References.Of(wanted.FindValue("instance_id") ?? wanted["instance"]),
            ParentId = wanted.FindValue("parent_id") is { } parent ? References.Of(parent) : null,
            IsIncremental = wanted.FindValue("incremental")?.Number(0, 1) == 1,
        };
    }
}
