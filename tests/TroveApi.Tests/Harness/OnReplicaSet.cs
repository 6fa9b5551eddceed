namespace Dbaas.TroveApi.Tests.Harness;

/// <summary>Tests on a master with two slaves.</summary>
public abstract class OnReplicaSet : IAsyncLifetime
{
    private protected TestApi Api { get; private set; } = null!;

    private protected string Master { get; private set; } = "";

    private protected string First { get; private set; } = "";

    private protected string Second { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        Api = await TestApi.StartAsync();
        Master = await Api.CreateReadyAsync();
        First = await Api.CreateSlaveAsync(Master);
        await Api.FinishAsync(First);
        Second = await Api.CreateSlaveAsync(Master, "s2");
        await Api.FinishAsync(Second);
    }

    public async ValueTask DisposeAsync()
    {
        await Api.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
