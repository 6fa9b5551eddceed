using System.Text.Json;

namespace Dbaas.OpenStack.Tier;

/// <summary>The lab that tests/openstack/up.sh started, by the file that it wrote.</summary>
internal static class Lab
{
    private static readonly Lazy<LabFile> File = new(Read);

    public static Uri AuthUrl => File.Value.AuthUrl;

    public static string Password => File.Value.Password;

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A deployment that nobody else has.</summary>
    public static string NewDeployment() => Guid.CreateVersion7().ToString();

    /// <summary>As the project's member, which is no administrator.</summary>
    public static LabOptions Member() => new() { User = "dbaas", Project = "dbaas" };

    public static LabOptions Admin() => new() { User = "admin", Project = "admin" };

    /// <summary>A session for what tests look at, or do to the cloud behind our back.</summary>
    public static RawCloud Raw(LabOptions options) => new(options.Build());

    private static LabFile Read()
    {
        var path = Environment.GetEnvironmentVariable("DBAAS_OPENSTACK_LAB")
            ?? throw new InvalidOperationException("DBAAS_OPENSTACK_LAB names no lab: run these tests by `./dbaas test --openstack`.");
        return JsonSerializer.Deserialize<LabFile>(System.IO.File.ReadAllText(path), JsonSerializerOptions.Web)!;
    }

    private sealed record LabFile(Uri AuthUrl, string Password, string Region);
}
