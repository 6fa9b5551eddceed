using Dbaas.Keystone;
using Dbaas.Hosting.Configuration;

namespace Dbaas.Hosting;

/// <summary>From the configuration to an account with a Keystone.</summary>
internal static class Accounts
{
    /// <param name="setting">The configuration.</param>
    /// <param name="section">Where it stands, for messages.</param>
    public static KeystoneAccount Of(KeystoneSetting setting, string section)
    {
        var address = Uri.TryCreate(setting.AuthUrl, UriKind.Absolute, out var url) && url.Scheme is "https" or "http" && IsVersion3(url)
            ? url
            : throw Wrong($"{section}:AuthUrl in the configuration is no address of a Keystone, such as https://cloud.example/v3.");
        var isPassword = setting is { UserName: not null, Password: not null, ProjectName: not null };
        if (!isPassword && setting is not { ApplicationCredentialId: not null, ApplicationCredentialSecret: not null })
        {
            throw Wrong(
                $"{section} in the configuration names no login: UserName, Password and ProjectName, or an application credential.");
        }

        if (setting.CaFile is { } file && !File.Exists(file))
        {
            throw Wrong($"{section}:CaFile in the configuration is no file.");
        }

        return new KeystoneAccount
        {
            AuthUrl = address,
            UserName = setting.UserName,
            UserDomain = setting.UserDomain,
            Password = setting.Password,
            ProjectName = setting.ProjectName,
            ProjectDomain = setting.ProjectDomain,
            ApplicationCredentialId = setting.ApplicationCredentialId,
            ApplicationCredentialSecret = setting.ApplicationCredentialSecret,
            CaFile = setting.CaFile,
        };
    }

    private static bool IsVersion3(Uri url) => url.AbsolutePath.TrimEnd('/').EndsWith("/v3", StringComparison.Ordinal);

    private static InvalidDataException Wrong(string message) => new(message);
}
