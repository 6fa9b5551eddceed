using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Dbaas.Identity.Keystone;

/// <summary>Lets a Keystone say who calls.</summary>
public static class KeystoneIdentity
{
    /// <summary>Adds <see cref="ITokenValidator"/>. Keystone is not asked before the first token comes.</summary>
    public static IServiceCollection AddKeystoneIdentity(this IServiceCollection services, KeystoneIdentityOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        return services
            .AddSingleton(options)
            .AddSingleton<KeystoneClient>()
            .AddSingleton<TokenCache>()
            .AddSingleton<ITokenValidator, KeystoneValidator>();
    }
}
