using System.Data.Common;
using Dbaas.Domain;
using Dbaas.Identity;
using Dbaas.Persistence.Origins;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Dbaas.TroveApi.Http;

/// <summary>What every request passes: request id, token, project, rate limit, policy; and exceptions become faults.</summary>
internal sealed class Gate(
    ITokenValidator tokens, RateLimits limits, Strangers strangers, TroveApiOptions options, IIdSource ids, ILogger<Gate> log)
{
    // In seconds: a database that fails over is back in less.
    private const string SoonAgain = "5";

    /// <summary>For callers with a token of the project in the path.</summary>
    /// <param name="rule">Null: the handler checks, since only the body says what is asked for.</param>
    /// <param name="handler">Answers.</param>
    /// <param name="deletesWith">For a DELETE: the one parameter that its query may have; null: it has no query.</param>
    public RequestDelegate Guarded(string? rule, Func<ApiRequest, Task<Answer>> handler, string? deletesWith) => Open(async context =>
    {
        RawPath.RefuseDots(context);
        RawPath.RefuseQueryOfDelete(context, deletesWith);
        var caller = await AuthenticateAsync(context);
        if (limits.Count(caller.ProjectId!, context.Request.Method) is { } wait)
        {
            ApiMeter.RateLimited(context.Request.Method);
            return RateLimitAnswer.For(context, wait, options.RateLimitPerMinute);
        }

        if (rule is not null)
        {
            Policy.Check(caller, context.Request.Method, rule);
        }

        return await handler(new ApiRequest(context, caller, new Links(Links.Root(context.Request, options), caller.ProjectId!)));
    });

    /// <summary>For everybody.</summary>
    public RequestDelegate Open(Func<HttpContext, Task<Answer>> handler) => async context =>
    {
        var requestId = RequestIds.Of(context.Request) ?? $"req-{ids.NewId()}";
        context.Response.Headers[RequestIds.Header] = requestId;
        CurrentOrigin.RequestId = requestId;
        CurrentOrigin.ClientIp = context.Connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped
            ? mapped.MapToIPv4().ToString()
            : context.Connection.RemoteIpAddress?.ToString();
        using var scope = RequestIds.BeginScope(log, requestId);
        Answer answer;
        try
        {
            answer = await handler(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (Exception e)
        {
            answer = Fault(context, e, requestId);
        }

        await answer.SendAsync(context);
        if (!Policy.IsReading(context.Request.Method))
        {
            log.LogInformation(
                "{Method} {Path} {RequestId}: {Status}",
                context.Request.Method, context.Request.Path, requestId, context.Response.StatusCode);
        }
    };

    private async Task<Caller> AuthenticateAsync(HttpContext context)
    {
        if (await HolderAsync(context) is not { } caller)
        {
            context.Response.Headers.WWWAuthenticate = $"Keystone uri=\"{options.IdentityEndpoint}\"";
            throw FaultException.Unauthorized("The request you have made requires authentication.");
        }

        var tenant = (string?)context.GetRouteValue("tenant");
        return caller.ProjectId is not null && caller.ProjectId == tenant
            ? caller
            : throw FaultException.Forbidden($"User with tenant id {caller.ProjectId ?? "None"} cannot access this resource.");
    }

    // What administrators see is everybody's, so their reads count as changes.
    private async Task<Caller?> HolderAsync(HttpContext context)
    {
        var token = context.Request.Headers["X-Auth-Token"].ToString();
        if (token.Length == 0)
        {
            return null;
        }

        if (!tokens.IsKnown(token) && strangers.AreTooMany(context))
        {
            context.Response.Headers.RetryAfter = "60";
            throw FaultException.OverLimit("Too many tokens that are nobody's came from this address.");
        }

        var freshness = Policy.IsReading(context.Request.Method) ? Freshness.ForReading : Freshness.ForChanging;
        var caller = await tokens.ValidateAsync(token, freshness, context.RequestAborted);
        if (caller is null)
        {
            ApiMeter.Stranger();
            strangers.Count(context);
        }

        return caller is not null && freshness == Freshness.ForReading && Policy.IsAdmin(caller)
            ? await tokens.ValidateAsync(token, Freshness.ForChanging, context.RequestAborted)
            : caller;
    }

    private Answer Fault(HttpContext context, Exception exception, string requestId)
    {
        switch (exception)
        {
            case FaultException fault:
                return Answer.Fault(fault.Status, fault.Message);
            case BadHttpRequestException bad:
                return Answer.Fault(bad.StatusCode is 413 ? 413 : 400, "The request could not be read.");
            case IdentityUnavailableException:
                return Answer.Fault(503, "The identity service cannot be asked at the moment. Please try again.");
            case DbException:
                log.LogError(
                    exception, "{Method} {Path} {RequestId}: the database failed", context.Request.Method, context.Request.Path, requestId);
                context.Response.Headers.RetryAfter = SoonAgain;
                return Answer.Fault(503, "The control plane's database does not answer at the moment. Please try again.");
            default:
                log.LogError(exception, "{Method} {Path} {RequestId} failed", context.Request.Method, context.Request.Path, requestId);
                return Answer.Fault(
                    500, $"Internal Server Error. Please keep this ID to help us figure out what went wrong: ({requestId}).");
        }
    }
}
