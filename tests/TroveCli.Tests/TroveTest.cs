using Dbaas.TroveCli.Commands;
using Dbaas.TroveCli.Output;

namespace Dbaas.TroveCli.Tests;

/// <summary>Runs the client in this process against the stub.</summary>
public abstract class TroveTest : IAsyncLifetime
{
    protected StubCloud Cloud { get; } = new();

    protected ImpatientClock Clock { get; } = new();

    public ValueTask InitializeAsync() => Cloud.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await Cloud.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    internal Task<Result> TroveAsync(params string[] arguments) => TroveAsync(new Setting(), arguments);

    internal async Task<Result> TroveAsync(Setting setting, params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var terminal = new Terminal(new StringReader(setting.Input), output, error, setting.Live, setting.AskSecret)
        {
            OutIsLive = setting.Columns is not null, Columns = () => setting.Columns ?? 200, HasColours = setting.HasColours,
        };
        var exit = await Application.RunAsync(arguments, terminal, setting.Environment ?? Cloud.Environment, Clock);
        return new Result(exit, output.ToString(), error.ToString());
    }

    internal sealed record Result(int Exit, string Output, string Error);

    internal sealed record Setting(
        string Input = "", bool Live = false, Func<string, string>? AskSecret = null, Func<string, string?>? Environment = null,
        int? Columns = null, bool HasColours = false);
}
