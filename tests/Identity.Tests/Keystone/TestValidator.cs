using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using Dbaas.Identity.Keystone;
using Dbaas.Keystone;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Dbaas.Identity.Tests.Keystone;

/// <summary>The validator in front of a Keystone that can be made to fail, with a clock that is moved by hand.</summary>
internal sealed class TestValidator : IAsyncDisposable, ILoggerProvider, ILogger
{
    private readonly ServiceProvider _services;
    private readonly ITokenValidator _validator;
    private readonly ConcurrentQueue<string> _log = new();

    private TestValidator(TestIdentity.Clock time, StubKeystone keystone, KeystoneIdentityOptions options)
    {
        (Time, Keystone) = (time, keystone);
        _services = new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(this))
            .AddSingleton<TimeProvider>(time)
            .AddKeystoneIdentity(options)
            .BuildServiceProvider();
        _validator = _services.GetRequiredService<ITokenValidator>();
    }

    public TestIdentity.Clock Time { get; }

    public StubKeystone Keystone { get; }

    /// <summary>All that was logged, exceptions too.</summary>
    public IReadOnlyList<string> Log => [.. _log];

    public static Task<TestValidator> StartAsync(TimeSpan? callTimeout = null) => StartAsync(
        address => new KeystoneAccount { AuthUrl = address, UserName = "dbaas", Password = "pa55word", ProjectName = "service" },
        callTimeout);

    /// <param name="account">As whom, from Keystone's address.</param>
    /// <param name="callTimeout">How long a call may take; null: as usual.</param>
    /// <param name="certificate">Keystone's; null: it speaks plain HTTP.</param>
    public static async Task<TestValidator> StartAsync(
        Func<Uri, KeystoneAccount> account, TimeSpan? callTimeout = null, X509Certificate2? certificate = null)
    {
        var time = new TestIdentity.Clock();
        var keystone = await StubKeystone.StartAsync(time, certificate);
        var options = new KeystoneIdentityOptions
        {
            Account = account(keystone.AuthUrl), CallTimeout = callTimeout ?? TimeSpan.FromSeconds(60),
        };
        return new TestValidator(time, keystone, options);
    }

    public Task<Caller?> ReadAsync(string token) => _validator.ValidateAsync(token, Freshness.ForReading, CancellationToken.None);

    /// <summary>A request that can be given up.</summary>
    public Task<Caller?> ReadAsync(string token, CancellationTokenSource until) =>
        _validator.ValidateAsync(token, Freshness.ForReading, until.Token);

    public Task<Caller?> ChangeAsync(string token) => _validator.ValidateAsync(token, Freshness.ForChanging, CancellationToken.None);

    public Task<IdentityUnavailableException> CannotSayAsync(Func<Task> ask) => Assert.ThrowsAsync<IdentityUnavailableException>(ask);

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Keystone.DisposeAsync();
    }

    ILogger ILoggerProvider.CreateLogger(string categoryName) => this;

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _log.Enqueue($"{logLevel} {formatter(state, exception)} {exception}".TrimEnd());

    void IDisposable.Dispose()
    {
        // The container disposes of its logger; nothing is held.
    }
}
