using System.Net;
using System.Text;
using Dbaas.Cloud.OpenStack.Session;

namespace Dbaas.Cloud.Tests.OpenStack;

public sealed class FaultSentenceTests
{
    private static readonly CloudRequest Request = new(CloudService.Compute, HttpMethod.Post, "servers?secret=1", "make the server");

    [Theory]
    [InlineData(403, """{"forbidden": {"message": "Quota exceeded for instances: Requested 1, but already used 0 of 0 instances"}}""", "The cloud could not make the server: its compute quota is used up.", false)]
    [InlineData(403, """{"forbidden": {"message": "Policy doesn't allow it"}}""", "The cloud does not allow this service to make the server.", false)]
    [InlineData(413, """{"overLimit": {"message": "VolumeSizeExceedsAvailableQuota: Requested volume exceeds allowed gigabytes quota."}}""", "The cloud could not make the server: its compute quota is used up.", false)]
    [InlineData(409, """{"NeutronError": {"type": "OverQuota", "message": "Quota exceeded for resources: ['port'].", "detail": ""}}""", "The cloud could not make the server: its compute quota is used up.", false)]
    [InlineData(409, """{"conflictingRequest": {"message": "Port is still in use."}}""", "The cloud could not make the server now: Port is still in use.", true)]
    [InlineData(400, """{"badRequest": {"message": "Flavor's disk is too small for requested image."}}""", "The cloud could not make the server: Flavor's disk is too small for requested image.", false)]
    [InlineData(
        503, "<html>Service Unavailable</html>", "The cloud's compute service is out of order: it could not make the server.", true)]
    [InlineData(429, "", "The cloud asks for patience: it could not make the server now.", true)]
    [InlineData(404, "[1]", "The cloud could not make the server.", false)]
    public void Every_refusal_is_a_sentence(int status, string body, string sentence, bool isTransient)
    {
        var fault = Faults.Of(Reply(status, body));

        Assert.Equal((sentence, isTransient), (fault.Message, fault.IsTransient));
        Assert.StartsWith($"compute: POST servers: {status} ", fault.Details, StringComparison.Ordinal);
        Assert.Contains("request req-1", fault.Details, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_proxy_does_not_find_is_not_gone()
    {
        var reply = new CloudReply(Request, HttpStatusCode.NotFound, [], requestId: null, retryAfter: null);

        Assert.False(reply.IsMissing);
        Assert.True(Faults.Of(reply).IsTransient);
        Assert.True(Reply(404, "{}").IsMissing);
    }

    [Fact]
    public void What_a_service_repeats_of_our_request_is_not_told()
    {
        var document = Convert.ToBase64String(Encoding.UTF8.GetBytes("""{"enrolment_secret": "very secret, and as long as such things are"}"""));
        string[] bodies =
        [
            $$$"""{"badRequest": {"message": "Invalid input for field/attribute user_data. Value: {{{document}}}. It is too long"}}""",
            $$$"""{"badRequest": {"message": "Cannot use {{{document}}} here"}}""",
        ];

        Assert.All(bodies, body =>
        {
            var fault = Faults.Of(Reply(400, body));
            Assert.DoesNotContain(document[..20], fault + fault.Details, StringComparison.Ordinal);
        });
    }

    private static CloudReply Reply(int status, string body) =>
        new(Request, (HttpStatusCode)status, Encoding.UTF8.GetBytes(body), "req-1", null);
}
