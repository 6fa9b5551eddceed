using Dbaas.Cloud.Local.Objects;
using Dbaas.Cloud.Ports;
using Dbaas.Cloud.S3;
using Dbaas.Standalone.Configuration;

namespace Dbaas.Standalone.Hosting;

/// <summary>Where the objects of backups are, as the settings say.</summary>
internal static class Stores
{
    public static IServiceCollection AddStore(this IServiceCollection services, BackupSetting settings, StateFolder state) =>
        settings.S3 is { } s3
            ? services.AddSingleton<IObjects>(provider => new S3Objects(Options(s3), provider.GetRequiredService<TimeProvider>()))
            : services
                .AddSingleton(provider => new FileObjects(
                    settings.Folder ?? state.Objects, state.Key("objects"), provider.GetRequiredService<TimeProvider>()))
                .AddSingleton<IObjects>(provider => provider.GetRequiredService<FileObjects>());

    /// <summary>What is missing or wrong, before anything starts.</summary>
    public static void Check(BackupSetting settings)
    {
        if (settings is { Folder: not null, S3: not null })
        {
            throw new InvalidDataException("Backups:Folder and Backups:S3 are both set: backups lie in one store.");
        }

        if (settings.S3 is { } s3)
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
    }

    private static S3Options Options(S3Setting setting) => new()
    {
        Endpoint = new Uri(setting.Endpoint),
        Region = setting.Region,
        Bucket = setting.Bucket,
        AccessKey = setting.AccessKey,
        SecretKey = setting.SecretKey,
        WriteOnce = setting.WriteOnce,
    };
}
