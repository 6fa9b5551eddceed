using System.Net;
using Dbaas.Keystone;
using Microsoft.Extensions.Logging;

namespace Dbaas.Identity.Keystone;

/// <summary>Asks Keystone, version 3, whose a token is, as a user of its own.</summary>
internal sealed class KeystoneClient : IDisposable
{
    private readonly KeystoneIdentityOptions _options;
    private readonly TimeProvider _time;
    private readonly KeystoneTransport _transport;
    private readonly TokenSource<KeystoneToken> _own;
    private readonly ILogger _log;
    private string? _trouble;

    public KeystoneClient(KeystoneIdentityOptions options, TimeProvider time, ILogger<KeystoneClient> log)
    {
        (_options, _time, _log) = (options, time, log);
        _transport = new KeystoneTransport(options, time);
        _own = new TokenSource<KeystoneToken>(LogInAsync, time);
    }

    /// <exception cref="IdentityUnavailableException">It cannot say.</exception>
    public async Task<TokenAnswer> AskAsync(string token)
    {
        using var deadline = new CancellationTokenSource(_options.Deadline, _time);
        try
        {
            var answer = await AskAsync(token, deadline.Token);
            Note(null);
            return answer;
        }
        catch (Exception e) when (e is IdentityUnavailableException or OperationCanceledException)
        {
            var trouble = e is IdentityUnavailableException ? e.Message : "it does not answer in time";
            Note(trouble);
            throw new IdentityUnavailableException(trouble, e);
        }
    }

    public void Dispose()
    {
        _own.Dispose();
        _transport.Dispose();
    }

    private async Task<TokenAnswer> AskAsync(string token, CancellationToken cancellationToken)
    {
        var own = await _own.GetAsync(cancellationToken);
        var reply = await _transport.SendAsync(() => Question(token, own), cancellationToken);
        if (reply.Status == HttpStatusCode.Unauthorized)
        {
            // That is about our own token, not about the user's: it ended early, or Keystone's keys were replaced.
            _own.Discard(own);
            own = await _own.GetAsync(cancellationToken);
            reply = await _transport.SendAsync(() => Question(token, own), cancellationToken);
        }

        return reply switch
        {
            { Status: HttpStatusCode.OK, Document.Token: var said } => new TokenAnswer(CallerOf(said), reply.AskedAt),
            { IsUnknownToken: true } => new TokenAnswer(null, reply.AskedAt),
            { Status: HttpStatusCode.Forbidden } => throw new IdentityUnavailableException(
                "it does not let this service ask about tokens: its account needs the role service"),
            _ =>
                throw new IdentityUnavailableException(
                    $"its answer to a question about a token cannot be read (status {(int)reply.Status})"),
        };
    }

    private async Task<KeystoneToken> LogInAsync(CancellationToken cancellationToken)
    {
        var reply = await _transport.SendAsync(_options.Account.LoginRequest, cancellationToken);
        return reply switch
        {
            { Status: HttpStatusCode.Created, SubjectToken: { } value, Document.Token: var said } =>
                new KeystoneToken(value, said.ExpiresAt),
            { Status: HttpStatusCode.Unauthorized } =>
                throw new IdentityUnavailableException("it does not accept this service's credentials"),
            _ => throw new IdentityUnavailableException($"it refuses this service's login (status {(int)reply.Status})"),
        };
    }

    private HttpRequestMessage Question(string token, KeystoneToken own) =>
        new(HttpMethod.Get, _options.Account.Address("auth/tokens?nocatalog"))
    {
        Headers = { { "X-Auth-Token", own.Value }, { "X-Subject-Token", token } },
    };

    private static Caller CallerOf(TokenDocument.TokenPart said) => new(
        said.User.Id,
        said.User.Name,
        said.Project?.Id,
        said.Project?.Name,
        [.. (said.Roles ?? []).Select(role => role.Name)],
        said.ExpiresAt);

    // Once for each trouble, not once for each request that suffers from it.
    private void Note(string? trouble)
    {
        var before = Interlocked.Exchange(ref _trouble, trouble);
        if (trouble is not null && trouble != before)
        {
            _log.LogError("Keystone at {Address} cannot be asked about tokens: {Trouble}", _options.Account.AuthUrl, trouble);
        }
        else if (trouble is null && before is not null)
        {
            _log.LogInformation("Keystone at {Address} answers again", _options.Account.AuthUrl);
        }
    }
}
