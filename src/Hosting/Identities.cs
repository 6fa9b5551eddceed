using System.Net;
using Dbaas.Identity.BuiltIn;
using Dbaas.Identity.Keystone;
using Dbaas.Hosting.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Dbaas.Hosting;

/// <summary>From the configuration to the identity that it names. The only place that knows both.</summary>
public static class Identities
{
    public static IServiceCollection AddIdentity(
        this IServiceCollection services, ServiceSettings settings, StateFolder state, MasterKeys keys)
    {
        if (settings.Identity == IdentityKind.BuiltIn)
        {
            return services.AddBuiltInIdentity(BuiltIn(settings, state, keys));
        }

        return services.AddKeystoneIdentity(new KeystoneIdentityOptions { Account = Accounts.Of(settings.Keystone, "Keystone") });
    }

    /// <summary>What is missing or wrong, before anything starts.</summary>
    /// <exception cref="InvalidDataException">The configuration does not fit.</exception>
    public static void Check(ServiceSettings settings)
    {
        if (settings.Identity == IdentityKind.BuiltIn)
        {
            Check(settings.Users);
            return;
        }

        if (settings.Users.Count > 0)
        {
            throw new InvalidDataException("The configuration names Users and Identity Keystone: users are Keystone's then.");
        }

        _ = Accounts.Of(settings.Keystone, "Keystone");
    }

    /// <summary>Where tokens come from.</summary>
    public static string AddressOf(ServiceSettings settings) => settings.PublicIdentityEndpoint ?? settings.Identity switch
    {
        IdentityKind.Keystone => settings.Keystone.AuthUrl,
        _ => $"http://{HostOf(settings)}:{settings.IdentityPort}/v3",
    };

    /// <summary>Where the API is on this machine. Who listens on every address is reached by its own.</summary>
    public static string ApiAddressOf(ServiceSettings settings) => $"http://{HostOf(settings)}:{settings.ApiPort}";

    /// <summary>Writes the files that log clients in; with a Keystone, the one that says where to log in.</summary>
    /// <param name="settings">The configuration.</param>
    /// <param name="state">Where to.</param>
    /// <param name="api">Where the API is.</param>
    public static void WriteLoginFiles(ServiceSettings settings, StateFolder state, string api)
    {
        var identity = AddressOf(settings);
        if (settings.Identity == IdentityKind.Keystone)
        {
            File.Delete(state.AdminOpenrc);
            Write(state.Openrc, Openrc.WithoutUser(identity, api));
            return;
        }

        var users = Users(settings, state);
        Write(state.Openrc, Openrc.Text(identity, api, users.FirstOrDefault(user => !IsAdmin(user)) ?? users[0]));
        if (users.FirstOrDefault(IsAdmin) is { } admin)
        {
            Write(state.AdminOpenrc, Openrc.Text(identity, api, admin));
        }
        else
        {
            File.Delete(state.AdminOpenrc);
        }
    }

    // Nodes of one machine that have one folder write the same.
    private static void Write(string path, string text)
    {
        if (!File.Exists(path) || File.ReadAllText(path) != text)
        {
            StateFolder.Write(path, text);
        }
    }

    private static bool IsAdmin(UserSetting user) => user.Roles.Contains("admin");

    private static BuiltInIdentityOptions BuiltIn(ServiceSettings settings, StateFolder state, MasterKeys keys)
    {
        var users = Users(settings, state);
        return new BuiltInIdentityOptions
        {
            TokenKey = keys.For("tokens"),
            RevocationsPath = state.Revocations,
            DatabaseEndpoint = $"{settings.PublicEndpoint ?? ApiAddressOf(settings)}/v1.0/%(project)s",
            IdentityEndpoint = AddressOf(settings),
            Projects = [.. users.Select(user => user.Project).Distinct().Select(name => new BuiltInProject(Ids.Of(name), name))],
            Users = [.. users.Select(user => new BuiltInUser(
                Ids.Of("user:" + user.Name), user.Name, user.Password,
                new Dictionary<string, IReadOnlyList<string>> { [Ids.Of(user.Project)] = user.Roles }))],
        };
    }

    private static IReadOnlyList<UserSetting> Users(ServiceSettings settings, StateFolder state) => settings.Users.Count > 0
        ? [.. settings.Users.Select(user => user.Roles.Count > 0 ? user : user with { Roles = ["member"] })]
        :
        [
            new UserSetting { Name = "demo", Password = state.Password("demo"), Project = "demo", Roles = ["member"] },
            new UserSetting { Name = "admin", Password = state.Password("admin"), Project = "admin", Roles = ["admin", "member"] },
        ];

    // What is forgotten here would let in everybody: an empty password is a password.
    private static void Check(IReadOnlyList<UserSetting> users)
    {
        foreach (var user in users)
        {
            var missing =
                user.Name.Length == 0 ? "Name" : user.Password.Length == 0 ? "Password" : user.Project.Length == 0 ? "Project" : null;
            if (missing is not null)
            {
                throw new InvalidDataException($"A user in the configuration ('{user.Name}') has no {missing}.");
            }
        }

        if (users.GroupBy(user => user.Name).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new InvalidDataException($"The configuration names the user '{twice.Key}' twice.");
        }
    }

    private static string HostOf(ServiceSettings settings) =>
        IPAddress.Parse(settings.ListenAddress).Equals(IPAddress.Any) ? IPAddress.Loopback.ToString() : settings.ListenAddress;
}
