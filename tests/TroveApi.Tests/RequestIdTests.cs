using Dbaas.Domain.Operations;
using Dbaas.Persistence.Rows;
using Dbaas.TroveApi.Tests.Harness;

namespace Dbaas.TroveApi.Tests;

public sealed class RequestIdTests
{
    private const string Header = "X-Openstack-Request-Id";
    private const string Given = "req-0190a1b2-0000-7000-8000-0123456789ab";

    [Fact]
    public async Task The_id_that_a_caller_gives_is_answered_and_remembered_by_what_it_begins()
    {
        await using var api = await TestApi.StartAsync();
        var id = await api.CreateReadyAsync();
        using var request = Request(api, $"/instances/{id}/action", """{"restart": {}}""");
        request.Headers.Add(Header, Given);

        using var answer = await api.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(202, (int)answer.StatusCode);
        Assert.Equal([Given], answer.Headers.GetValues(Header));
        var operation = await OperationOfAsync(api, id);
        Assert.Equal((Given, "127.0.0.1"), (operation.RequestId, operation.ClientIp));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("req-1\tforged line")]
    [InlineData("0190a1b2-0000-7000-8000-0123456789ab")]
    public async Task A_request_without_one_that_is_fit_for_a_log_gets_one(string? given)
    {
        await using var api = await TestApi.StartAsync();
        var id = await api.CreateReadyAsync();
        using var request = Request(api, $"/instances/{id}/action", """{"restart": {}}""");
        if (given is not null)
        {
            request.Headers.TryAddWithoutValidation(Header, given);
        }

        using var answer = await api.Client.SendAsync(request, TestContext.Current.CancellationToken);

        var told = Assert.Single(answer.Headers.GetValues(Header));
        Assert.Matches("^req-[0-9a-f-]{36}$", told);
        Assert.NotEqual(given, told);
        Assert.Equal(told, (await OperationOfAsync(api, id)).RequestId);
    }

    private static HttpRequestMessage Request(TestApi api, string path, string body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(api.Client.BaseAddress!, $"/v1.0/{TestApi.Tenant}{path}"))
        {
            Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("X-Auth-Token", TestApi.Member);
        return request;
    }

    private static async Task<Operation> OperationOfAsync(TestApi api, string instance) => (await api.Database.ReadAsync(
        unit => OperationRows.Active(unit, instance), TestContext.Current.CancellationToken)).Single();
}
