using System.Net;
using System.Text;
using Dbaas.Cloud.OpenStack;
using Dbaas.Cloud.OpenStack.Session;
using Dbaas.Keystone;

namespace Dbaas.Cloud.Tests.OpenStack;

/// <summary>A cloud that answers reads from what it was given, lets anybody log in, and makes nothing.</summary>
internal sealed class StubCloud : HttpMessageHandler
{
    private readonly Dictionary<string, string> answers = [];

    /// <summary>What somebody wanted to be made.</summary>
    public List<string> Wishes { get; } = [];

    /// <param name="path">What is asked for, without its query.</param>
    /// <param name="body">JSON.</param>
    public StubCloud With(string path, string body)
    {
        answers[path] = body;
        return this;
    }

    public CloudSession Session(OpenStackOptions options) => new(new HttpClient(this, disposeHandler: false), options, TimeProvider.System);

    public static OpenStackOptions Options(string? network = null, string? management = null) => new()
    {
        Account = new KeystoneAccount
        {
            AuthUrl = new Uri("http://cloud.test/v3"), UserName = "service", Password = "secret", ProjectName = "service",
        },
        DeploymentId = "deployment",
        GatewayAddress = IPAddress.Loopback,
        NetworkId = network,
        ManagementNetworkId = management,
        Endpoints = new Dictionary<string, Uri>
        {
            ["network"] = new("http://network.test/"), ["compute"] = new("http://compute.test/v2.1/"),
        },
    };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.AbsolutePath;
        if (path.EndsWith("/auth/tokens", StringComparison.Ordinal))
        {
            var login = Answer(
                HttpStatusCode.Created,
                """{"token": {"expires_at": "2999-01-01T00:00:00Z", "project": {"id": "service"}, "catalog": []}}""");
            login.Headers.Add("X-Subject-Token", "token");
            return login;
        }

        if (request.Method != HttpMethod.Get)
        {
            Wishes.Add($"{request.Method} {path} {await request.Content!.ReadAsStringAsync(cancellationToken)}");
            return Answer(HttpStatusCode.BadRequest, """{"badRequest": {"message": "Nothing is made here."}}""");
        }

        return answers.TryGetValue(path, out var body)
            ? Answer(HttpStatusCode.OK, body)
            : Answer(HttpStatusCode.NotFound, """{"NeutronError": {"type": "NotFound", "message": "There is none."}}""");
    }

    private static HttpResponseMessage Answer(HttpStatusCode status, string body)
    {
        var answer = new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        answer.Headers.Add("x-openstack-request-id", "req-1");
        return answer;
    }
}
