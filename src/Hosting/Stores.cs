using Dbaas.Cloud.Local.Objects;
using Dbaas.Cloud.OpenStack;
using Dbaas.Cloud.OpenStack.Swift;
using Dbaas.Cloud.Ports;
using Dbaas.Cloud.S3;
using Dbaas.Keystone;
using Dbaas.Hosting.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Dbaas.Hosting;

/// <summary>Where the objects of backups are, as the settings say.</summary>
public static class Stores
{
    public static IServiceCollection AddStore(
        this IServiceCollection services, ServiceSettings settings, StateFolder state, MasterKeys keys) =>
        settings.Backups switch
        {
            { S3: { } s3 } => services.AddSingleton<IObjects>(
                provider => new S3Objects(Options(s3), provider.GetRequiredService<TimeProvider>())),
            { Swift: { } swift } => services.AddSingleton<IObjects>(
                provider => new SwiftObjects(Options(swift, settings, keys), provider.GetRequiredService<TimeProvider>())),
            var backups => services
                .AddSingleton(provider => new FileObjects(
                    backups.Folder ?? state.Objects, keys.For("objects"), provider.GetRequiredService<TimeProvider>()))
                .AddSingleton<IObjects>(provider => provider.GetRequiredService<FileObjects>()),
        };

    /// <summary>Where another service stored its backups.</summary>
    public static IServiceCollection AddForeignStore(this IServiceCollection services, ServiceSettings settings) =>
        settings.Backups.Trove is { } trove
            ? services.AddSingleton<IForeignObjects>(
                provider => new ForeignSwift(Options(trove), provider.GetRequiredService<TimeProvider>()))
            : services.AddSingleton<IForeignObjects>(new NoForeignObjects());

    /// <summary>What is missing or wrong, before anything starts.</summary>
    public static void Check(ServiceSettings settings)
    {
        var backups = settings.Backups;
        if (new object?[] { backups.Folder, backups.S3, backups.Swift }.Count(one => one is not null) > 1)
        {
            throw new InvalidDataException("Of Backups:Folder, Backups:S3 and Backups:Swift there can be one: backups lie in one store.");
        }

        if (backups.S3 is { } s3)
        {
            Check(s3);
        }

        if (backups.Swift is { } swift)
        {
            if (swift.Container.Length is 0 or > 256 || !swift.Container.All(IsPlain))
            {
                throw new InvalidDataException("Backups:Swift:Container must be a name of letters, digits, dots, dashes and underscores.");
            }

            _ = Account(swift, settings);
        }

        if (backups.Trove is { } trove)
        {
            _ = Options(trove);
        }
    }

    /// <summary>Servers that are kept apart on this machine reach the gateway and nothing else.</summary>
    public static void CheckReach(ServiceSettings settings, string? notIsolatedBecause)
    {
        if (settings is { Plane: PlaneKind.Local, Backups: { S3: not null } or { Swift: not null } } && notIsolatedBecause is null)
        {
            throw new InvalidDataException(
                "Backups:S3 and Backups:Swift cannot be used here: servers of the local plane have networks of their own, from which no "
                + "outside store is reached. Leave it out (backups are then kept by the service), or choose another Plane.");
        }
    }

    private static void Check(S3Setting s3)
    {
        if (!Uri.TryCreate(s3.Endpoint, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            throw new InvalidDataException("Backups:S3:Endpoint must be an address, for example https://s3.example.org.");
        }

        var missing = new[] { ("Bucket", s3.Bucket), ("AccessKey", s3.AccessKey), ("SecretKey", s3.SecretKey) }
            .FirstOrDefault(one => one.Item2.Length == 0).Item1;
        if (missing is not null)
        {
            throw new InvalidDataException($"Backups:S3:{missing} is missing.");
        }
    }

    private static bool IsPlain(char one) => char.IsAsciiLetterOrDigit(one) || one is '.' or '-' or '_';

    private static S3Options Options(S3Setting setting) => new()
    {
        Endpoint = new Uri(setting.Endpoint),
        Region = setting.Region,
        Bucket = setting.Bucket,
        AccessKey = setting.AccessKey,
        SecretKey = setting.SecretKey,
        WriteOnce = setting.WriteOnce,
    };

    private static SwiftOptions Options(SwiftSetting setting, ServiceSettings settings, MasterKeys keys) => new()
    {
        Account = Account(setting, settings),
        Region = setting.Region ?? (IsPlanes(setting, settings) ? settings.OpenStack.Region : null),
        Interface = setting.Interface,
        Container = setting.Container,
        AddressKey = Convert.ToHexStringLower(keys.For("swift")),
    };

    private static CloudOptions Options(TroveSetting setting) => new()
    {
        Account = Accounts.Of(setting, "Backups:Trove"),
        Region = setting.Region,
        Interface = setting.Interface,
        Endpoints = setting.Endpoint is { } at
            ? new Dictionary<string, Uri>
            {
                ["object-store"] = Uri.TryCreate(at, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
                    ? address
                    : throw new InvalidDataException("Backups:Trove:Endpoint must be an address, for example https://swift.example.org."),
            }
            : [],
    };

    private static KeystoneAccount Account(SwiftSetting setting, ServiceSettings settings) =>
        IsPlanes(setting, settings) ? Accounts.Of(settings.OpenStack, "OpenStack") : Accounts.Of(setting, "Backups:Swift");

    private static bool IsPlanes(SwiftSetting setting, ServiceSettings settings) =>
        setting.AuthUrl.Length == 0 && settings.Plane == PlaneKind.OpenStack;
}
