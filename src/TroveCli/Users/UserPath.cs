using System.CommandLine;
using Dbaas.TroveCli.Commands;
using Dbaas.TroveCli.Http;

namespace Dbaas.TroveCli.Users;

/// <summary>The three words that name a user: instance, name, --host.</summary>
internal sealed class UserPath
{
    public Argument<string> Instance { get; } = Parts.Instance();

    public Argument<string> Name { get; } = Parts.Required("name", "Name of the user.");

    public Option<string?> Host { get; } = Parts.Text("host", "host", "Host of the user; % (any) by default.");

    public async Task<string> OfAsync(Call call, params string[] below)
    {
        var id = await call.Find.InstanceIdAsync(call.Get(Instance));
        return Paths.Of(["instances", id, "users", Key(call.Get(Name), call.Get(Host)), .. below]);
    }

    /// <summary>The API splits at the last "@", so a name that holds one needs its host said.</summary>
    private static string Key(string name, string? host) =>
        host is null && !name.Contains('@', StringComparison.Ordinal) ? name : $"{name}@{host ?? "%"}";
}
