namespace Dbaas.GuestAgent.Channel;

/// <summary>Repeats a call to the gateway until it is answered.</summary>
internal sealed class Retry(TimeProvider time, Func<double> random, Action<string> log)
{
    // Every refusal is on record at the gateway: seldom, but not never, for an operator may lift it.
    private static readonly TimeSpan AfterRefusal = TimeSpan.FromMinutes(5);

    public async Task<T> UntilDoneAsync<T>(string what, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        var backoff = new Backoff(time, random);
        while (true)
        {
            try
            {
                return await call(cancellationToken);
            }
            catch (GatewayException e)
            {
                log($"{what}: {e.Message}");
                await (e.Refused
                    ? Task.Delay(AfterRefusal * (0.8 + (0.4 * random())), time, cancellationToken)
                    : backoff.PauseAsync(cancellationToken));
            }
        }
    }
}
