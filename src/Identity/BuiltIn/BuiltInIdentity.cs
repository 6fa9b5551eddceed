using System.Globalization;
using Dbaas.Domain;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Dbaas.Identity.BuiltIn;

/// <summary>Puts the built-in identity into a program. It answers Keystone v3, so that unmodified clients log in.</summary>
public static class BuiltInIdentity
{
    /// <summary>A login holds names and a password, or a token.</summary>
    private const long LargestBody = 64 * 1024;

    /// <summary>Adds the service and <see cref="ITokenValidator"/>.</summary>
    public static IServiceCollection AddBuiltInIdentity(this IServiceCollection services, BuiltInIdentityOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IIdSource, RandomIdSource>();
        return services
            .AddSingleton(options)
            .AddSingleton<Registry>()
            .AddSingleton<Revocations>()
            .AddSingleton<FailedLogins>()
            .AddSingleton(_ => new TokenBox(options.TokenKey))
            .AddSingleton<Tokens>()
            .AddSingleton<ITokenValidator>(provider => provider.GetRequiredService<Tokens>())
            .AddSingleton<TokenDocument>()
            .AddSingleton<TokenEndpoints>()
            .AddSingleton<DirectoryEndpoints>();
    }

    /// <summary>Maps the version documents and everything below <c>/v3</c>.</summary>
    public static void MapBuiltInIdentity(this IEndpointRouteBuilder routes)
    {
        var tokens = routes.ServiceProvider.GetRequiredService<TokenEndpoints>();
        var directory = routes.ServiceProvider.GetRequiredService<DirectoryEndpoints>();
        var endpoint = routes.ServiceProvider.GetRequiredService<BuiltInIdentityOptions>().IdentityEndpoint;

        Map("GET", "/", directory.VersionsAsync);
        Map("GET", "/v3", directory.VersionAsync);
        Map("POST", "/v3/auth/tokens", tokens.IssueAsync);
        Map("GET", "/v3/auth/tokens", tokens.ShowAsync);
        Map("HEAD", "/v3/auth/tokens", tokens.ShowAsync);
        Map("DELETE", "/v3/auth/tokens", tokens.RevokeAsync);
        Map("GET", "/v3/auth/catalog", directory.CatalogAsync);
        Map("GET", "/v3/auth/projects", directory.OwnProjectsAsync);
        Map("GET", "/v3/projects", directory.ProjectsAsync);
        Map("GET", "/v3/projects/{id}", directory.ProjectAsync);
        Map("GET", "/v3/users/{id}", directory.UserAsync);
        Map("GET", "/v3/users/{id}/projects", directory.UsersProjectsAsync);
        routes.Map("/v3/{**rest}", Guarded(_ => throw IdentityFault.NotFound("what this address names")));

        void Map(string method, string pattern, RequestDelegate handler) => routes.MapMethods(pattern, [method], Guarded(handler));

        RequestDelegate Guarded(RequestDelegate handler) => async context =>
        {
            try
            {
                context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = LargestBody;
                await handler(context);
            }
            catch (IdentityFault fault)
            {
                if (fault.RetryAfter is { } pause)
                {
                    context.Response.Headers.RetryAfter = ((int)pause.TotalSeconds).ToString(CultureInfo.InvariantCulture);
                }

                await IdentityFault.WriteAsync(context, fault.Code, fault.Message, endpoint);
            }
            catch (BadHttpRequestException e)
            {
                await IdentityFault.WriteAsync(context, e.StatusCode, "The request could not be read.", endpoint);
            }
        };
    }
}
