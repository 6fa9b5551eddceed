namespace Dbaas.GuestProtocol.Channel;

/// <summary>What an agent says of itself whenever it starts, and with each request for a certificate.</summary>
/// <param name="AgentVersion">For people.</param>
/// <param name="OldestProtocol">The oldest protocol version that the agent speaks.</param>
/// <param name="NewestProtocol">The newest protocol version that the agent speaks.</param>
/// <param name="Capabilities">The optional parts of the contract that the datastore has, for example <c>replication</c>.</param>
/// <param name="Machine">Facts of the server.</param>
public sealed record AgentHello(
    string AgentVersion, int OldestProtocol, int NewestProtocol, IReadOnlyList<string> Capabilities, MachineFacts Machine);

/// <summary>Facts of the server that an agent runs on.</summary>
/// <param name="MemoryMb">Memory that the database and the agent may use together.</param>
/// <param name="Cpus">Processors.</param>
/// <param name="BootId">
/// Another one after each boot of the machine; null where the machine is not the agent's own, and in releases that do not say.
/// </param>
public sealed record MachineFacts(int MemoryMb, int Cpus, string? BootId = null);

/// <summary>The gateway's answer to a hello.</summary>
/// <param name="Protocol">The highest protocol version that both speak: the one to speak from now on.</param>
/// <param name="Gateways">
/// Base URLs of all gateways that serve now: an agent may go to any, and remembers them. Null in releases that do not say.
/// </param>
/// <param name="GatewaysMark">See <see cref="GatewayNews.Mark"/>.</param>
public sealed record HelloAnswer(int Protocol, IReadOnlyList<string>? Gateways = null, string? GatewaysMark = null);

/// <summary>The gateways that serve now.</summary>
/// <param name="Gateways">Their base URLs.</param>
/// <param name="Mark">
/// Stands for this list: an agent says with its reports which one it has, and is told of another. It compares nothing itself. Null in what
/// releases before have kept.
/// </param>
public sealed record GatewayNews(IReadOnlyList<string> Gateways, string? Mark);

/// <summary>The body of an answer that says no, where there is more to say than its code does.</summary>
/// <param name="Message">A sentence for whoever reads the agent's log.</param>
public sealed record Refusal(string Message);
