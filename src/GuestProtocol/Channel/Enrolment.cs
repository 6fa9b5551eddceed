namespace Dbaas.GuestProtocol.Channel;

/// <summary>An agent's first message. The secret is good for one enrolment.</summary>
/// <param name="InstanceId">From the bootstrap document.</param>
/// <param name="Secret">From the bootstrap document.</param>
/// <param name="CertificateRequest">PKCS#10, PEM. The gateway ignores the subject in it and writes its own.</param>
/// <param name="Hello">Who asks.</param>
public sealed record EnrolmentRequest(string InstanceId, string Secret, string CertificateRequest, AgentHello Hello);

/// <summary>A request for a new certificate, made with the old one.</summary>
/// <param name="CertificateRequest">PKCS#10, PEM.</param>
/// <param name="Hello">Who asks: the gateway may be another release than the one that the agent last said it to.</param>
public sealed record RenewalRequest(string CertificateRequest, AgentHello Hello);

/// <summary>The agent's certificate.</summary>
/// <param name="Certificate">PEM; its common name is the instance id. Good for client and server authentication.</param>
/// <param name="Protocol">The protocol version to speak from now on.</param>
public sealed record EnrolmentAnswer(string Certificate, int Protocol);
