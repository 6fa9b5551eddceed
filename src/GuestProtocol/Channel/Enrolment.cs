namespace Dbaas.GuestProtocol.Channel;

/// <summary>An agent's first message. The secret is good for one enrolment.</summary>
/// <param name="InstanceId">From the bootstrap document.</param>
/// <param name="Secret">From the bootstrap document.</param>
/// <param name="CertificateRequest">PKCS#10, PEM. The gateway ignores the subject in it and writes its own.</param>
/// <param name="AgentVersion">For people.</param>
/// <param name="OldestProtocol">The oldest protocol version that the agent speaks.</param>
/// <param name="NewestProtocol">The newest protocol version that the agent speaks.</param>
/// <param name="Capabilities">The optional parts of the contract that the datastore has, for example <c>replication</c>.</param>
/// <param name="Machine">Facts of the server.</param>
public sealed record EnrolmentRequest(
    string InstanceId,
    string Secret,
    string CertificateRequest,
    string AgentVersion,
    int OldestProtocol,
    int NewestProtocol,
    IReadOnlyList<string> Capabilities,
    MachineFacts Machine);

/// <summary>Facts of the server that an agent runs on.</summary>
/// <param name="MemoryMb">Memory that the database and the agent may use together.</param>
/// <param name="Cpus">Processors.</param>
public sealed record MachineFacts(int MemoryMb, int Cpus);

/// <summary>A request for a new certificate, made with the old one.</summary>
/// <param name="CertificateRequest">PKCS#10, PEM.</param>
public sealed record RenewalRequest(string CertificateRequest);

/// <summary>The agent's certificate.</summary>
/// <param name="Certificate">PEM; its common name is the instance id. Good for client and server authentication.</param>
/// <param name="Protocol">The protocol version to speak from now on.</param>
public sealed record EnrolmentAnswer(string Certificate, int Protocol);
