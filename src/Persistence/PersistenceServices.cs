using Dbaas.Domain;
using Dbaas.Persistence.Dialects;
using Dbaas.Persistence.Secrets;
using Dbaas.Persistence.Signals;
using Microsoft.Extensions.DependencyInjection;

namespace Dbaas.Persistence;

/// <summary>Puts the control plane's database into a program.</summary>
public static class PersistenceServices
{
    /// <summary>Adds <see cref="IDatabase"/>, <see cref="ControlSignals"/> and <see cref="IIdSource"/>.</summary>
    /// <param name="services">The program's services.</param>
    /// <param name="dialect">Which database.</param>
    /// <param name="keys">Of 32 bytes: the first encrypts secrets at rest, the others, former ones, can still be read with.</param>
    /// <param name="threads">How many units run at once in each lane.</param>
    /// <param name="notifies">What operations do is told to others.</param>
    public static IServiceCollection AddPersistence(
        this IServiceCollection services, Func<IServiceProvider, IDialect> dialect, IReadOnlyList<byte[]> keys, int threads,
        bool notifies = false) =>
        services
            .AddSingleton(provider => new ControlSignals(provider.GetService<IRemoteSignals>()))
            .AddSingleton<IIdSource>(provider => new RandomIdSource(provider.GetRequiredService<TimeProvider>()))
            .AddSingleton(_ => new SecretBox(keys[0], keys.Skip(1)))
            .AddSingleton<IDatabase>(
                provider => new Database(dialect(provider), provider.GetRequiredService<SecretBox>(), threads, notifies));
}
