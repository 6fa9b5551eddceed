using System.Diagnostics;
using System.Globalization;
using Dapper;
using Dbaas.Benchmarks.Reporting;
using Dbaas.Persistence;
using Dbaas.Persistence.Dialects;
using Dbaas.Persistence.Secrets;
using Dbaas.Testing;
using MySqlConnector;

namespace Dbaas.Benchmarks.Units;

/// <summary>
/// Units of work on MariaDB: on a few threads with a connection each, against the same statements asynchronously on as many connections.
/// </summary>
internal sealed class UnitsBenchmark : IBenchmark
{
    private const int Connections = 4;
    private const int Callers = 64;
    private const int UnitsEach = 100;
    private const string Change = "UPDATE counters SET value = value + 1 WHERE name = @name";

    public string Key => "f";

    public async Task<Section> RunAsync(BenchmarkOptions options, Action<string> say, CancellationToken cancellationToken)
    {
        await using var server = await MariaDbServer.StartAsync();
        await using (var root = new MySqlConnection(server.ConnectionString()))
        {
            await root.ExecuteAsync(
                "CREATE DATABASE control; CREATE TABLE control.counters (name VARCHAR(64) PRIMARY KEY, value BIGINT NOT NULL)");
            for (var caller = 0; caller < Callers; caller++)
            {
                await root.ExecuteAsync("INSERT INTO control.counters VALUES (@name, 0)", new { name = Name(caller) });
            }
        }

        var (threads, asynchronous) = (new Samples(), new Samples());
        var (threadsTime, asynchronousTime) = (new Samples(), new Samples());
        using var secrets = new SecretBox(new byte[32]);
        using var database = new Database(new MySqlDialect([server.ConnectionString("control")]), secrets, Connections);
        await using var twin = await AsynchronousUnits.OpenAsync(server.ConnectionString("control"), Connections);
        for (var run = 0; run <= options.Runs; run++)
        {
            var ours = await MeasureAsync(
                caller => database.WriteAsync(unit => unit.Execute(Change, new { name = Name(caller) }), cancellationToken));
            var bare = await MeasureAsync(caller => twin.RunAsync(Change, Name(caller), cancellationToken));

            // The first of each compiles code.
            if (run > 0)
            {
                threads.Add(ours.PerSecond);
                threadsTime.Add(ours.Microseconds);
                asynchronous.Add(bare.PerSecond);
                asynchronousTime.Add(bare.Microseconds);
                say($"threads {ours.PerSecond:0}/s, {ours.Microseconds:0} µs; asynchronous {bare.PerSecond:0}/s, {bare.Microseconds:0} µs");
            }
        }

        return new Section(
            "f. Units of work on MariaDB",
            $"""
            {Callers} callers make {UnitsEach} units each, one after the other: a mark, a guarded update, a commit. Once on {Connections}
            threads with a connection
            each, as the control plane does it; once by the same driver's asynchronous methods on {Connections} connections. The processor
            time is this
            program's, without the server.
            """,
            [
                Reported("units per second", threads.Median, asynchronous.Median, "/s"),
                Reported("processor time of a unit", threadsTime.Median, asynchronousTime.Median, "µs"),
            ],
            []);
    }

    private static async Task<(double PerSecond, double Microseconds)> MeasureAsync(Func<int, Task> unit)
    {
        using var self = Process.GetCurrentProcess();
        var before = self.TotalProcessorTime;
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(async caller =>
        {
            for (var time = 0; time < UnitsEach; time++)
            {
                await unit(caller);
            }
        }));
        self.Refresh();
        const double units = Callers * UnitsEach;
        return (units / watch.Elapsed.TotalSeconds, (self.TotalProcessorTime - before).TotalMicroseconds / units);
    }

    private static Figure Reported(string what, double value, double bare, string unit) => new(
        what, $"{value:0} {unit}", $"{bare:0} {unit}", (value / bare).ToString("0.00", CultureInfo.InvariantCulture), "", null);

    private static string Name(int caller) => caller.ToString(CultureInfo.InvariantCulture);
}
