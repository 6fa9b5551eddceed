using System.Text.Json;

namespace Dbaas.OpenStack.Tier;

/// <summary>The lab that tests/openstack/up.sh started, by the file that it wrote.</summary>
internal static class Lab
{
    private static readonly Lazy<LabFile> File = new(
        () => JsonSerializer.Deserialize<LabFile>(System.IO.File.ReadAllText(FilePath), JsonSerializerOptions.Web)!);

    public static Uri AuthUrl => File.Value.AuthUrl;

    public static string Password => File.Value.Password;

    /// <summary>What is noted here by its file, the lab's end ends too.</summary>
    public static string RunFolder => Path.Combine(Folder, "run");

    /// <summary>Goes with the lab.</summary>
    public static string Folder => Path.GetDirectoryName(FilePath)!;

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A deployment that nobody else has.</summary>
    public static string NewDeployment() => Guid.CreateVersion7().ToString();

    /// <summary>As the project's member, which is no administrator.</summary>
    public static LabOptions Member() => new() { User = "dbaas", Project = "dbaas" };

    public static LabOptions Admin() => new() { User = "admin", Project = "admin" };

    /// <summary>A session for what tests look at, or do to the cloud behind our back.</summary>
    public static RawCloud Raw(LabOptions options) => new(options.Build());

    /// <summary>Where Cinder keeps a volume.</summary>
    public static string VolumeFile(string id) => Path.Combine(Folder, "var", "cinder", "export", "volume-" + id);

    private static string FilePath => Environment.GetEnvironmentVariable("DBAAS_OPENSTACK_LAB")
        ?? throw new InvalidOperationException("DBAAS_OPENSTACK_LAB names no lab: run these tests by `./dbaas test --openstack`.");

    private sealed record LabFile(Uri AuthUrl, string Password, string Region);
}
