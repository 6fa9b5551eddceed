namespace Dbaas.GuestProtocol.Channel;

/// <summary>
/// The gateway's addresses, below its base URL. All but <see cref="Enrol"/> ask for a client certificate, which says who is calling.
/// </summary>
public static class Routes
{
    /// <summary>POST <see cref="EnrolmentRequest"/> → <see cref="EnrolmentAnswer"/>. The one call without a certificate.</summary>
    public const string Enrol = "/v1/enrol";

    /// <summary>POST <see cref="RenewalRequest"/> → <see cref="EnrolmentAnswer"/>.</summary>
    public const string Renew = "/v1/renew";

    /// <summary>
    /// POST <see cref="AgentHello"/> → <see cref="HelloAnswer"/>. An agent's first call with its certificate, at each start.
    /// </summary>
    public const string Hello = "/v1/hello";

    /// <summary>
    /// GET, query <c>wait</c> in seconds, and <c>in_hand</c> for the id of each command that the agent works on →
    /// <see cref="CommandBatch"/>. Unanswered commands come again on every call, but for those in hand.
    /// </summary>
    public const string Commands = "/v1/commands";

    /// <summary>POST <see cref="ReplyEnvelope"/> → 204. May be repeated.</summary>
    public const string Replies = "/v1/replies";

    /// <summary>POST <see cref="Reports.GuestReport"/> → <see cref="Reports.ReportAnswer"/>.</summary>
    public const string Reports = "/v1/reports";

    /// <summary>
    /// GET, followed by a slash and the SHA-256 of an agent's executable → its bytes; 404 when the gateway does not have this one (any
    /// more). Since protocol version 2.
    /// </summary>
    public const string AgentReleases = "/v1/agent-releases";

    /// <summary>POST <see cref="ObjectRequest"/> → <see cref="ObjectAnswer"/>. Since protocol version 3.</summary>
    public const string Objects = "/v1/objects";

    /// <summary>
    /// GET, query <c>command</c>, <c>backup</c> (ids) and <c>name</c> of a part → its bytes, of an object that another service wrote
    /// (<see cref="Dbaas.GuestProtocol.Commands.ForeignObject"/>). Since protocol version 5.
    /// </summary>
    public const string ForeignParts = "/v1/foreign-parts";

    /// <summary>POST <see cref="LogProgress"/> → 204. May be repeated. Since protocol version 4.</summary>
    public const string LogParts = "/v1/log-parts";
}
