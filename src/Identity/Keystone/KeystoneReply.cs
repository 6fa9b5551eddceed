using System.Net;

namespace Dbaas.Identity.Keystone;

/// <summary>What Keystone answered. A class, not a record: a login's answer has the token in it.</summary>
internal sealed class KeystoneReply(HttpStatusCode status, byte[] body, string? subjectToken, long askedAt)
{
    public HttpStatusCode Status => status;

    /// <summary>The token that a login gave.</summary>
    public string? SubjectToken => subjectToken;

    /// <summary>When the request left, as a timestamp.</summary>
    public long AskedAt => askedAt;

    public TokenDocument? Document => KeystoneJson.Read(body, KeystoneJson.Default.TokenDocument);

    /// <summary>
    /// Keystone itself says so. What stands before it (a proxy without a backend), and an address that is not Keystone's, say 404
    /// otherwise.
    /// </summary>
    public bool IsUnknownToken =>
        status == HttpStatusCode.NotFound && KeystoneJson.Read(body, KeystoneJson.Default.RefusalDocument) is { Error.Code: 404 };
}
