using System.Collections.Concurrent;
using System.Diagnostics;
using Dbaas.Domain.Operations;
using Dbaas.Persistence;
using Dbaas.Persistence.Origins;
using Dbaas.Persistence.Rows;
using Dbaas.Simulation;
using Dbaas.TaskManager.Engine;
using Dbaas.Testing.Metrics;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dbaas.TaskManager.Tests;

/// <summary>What the engine tells of itself.</summary>
public sealed class OperationTelemetryTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Claims_steps_and_ends_are_counted_by_kind_and_outcome()
    {
        using var world = await World.CreateAsync();
        using var record = new MeterRecord(OperationMeter.Name);
        var kind = Kind(world);
        var id = await AddAsync(world, kind);
        await world.PassAsync(TimeSpan.FromSeconds(3));

        await Runner(world, kind, "worker", new Does(world, TimeSpan.FromSeconds(7))).RunAsync(id, Cancel);

        Assert.Single(record.Of("dbaas.operation.claims", "kind", kind));
        Assert.InRange(Assert.Single(record.Of("dbaas.operation.wait.duration", "kind", kind)).Value, 2.9, 3.9);
        Assert.Empty(record.Of("dbaas.operation.takeovers", "kind", kind));
        var step = Assert.Single(record.Of("dbaas.operation.step.duration", "kind", kind));
        Assert.Equal(("a step", "done"), (step.Tags["step"], step.Tags["outcome"]));
        Assert.InRange(step.Value, 6.9, 7.9);
        Assert.Equal("succeeded", Assert.Single(record.Of("dbaas.operation.completions", "kind", kind)).Tags["outcome"]);
        Assert.InRange(Assert.Single(record.Of("dbaas.operation.duration", "kind", kind)).Value, 9.9, 10.9);
    }

    [Fact]
    public async Task What_is_tried_again_and_undone_is_counted_as_that()
    {
        using var world = await World.CreateAsync();
        using var record = new MeterRecord(OperationMeter.Name);
        var kind = Kind(world);
        var id = await AddAsync(world, kind);
        var runner = Runner(world, kind, "worker", new Fails());

        await runner.RunAsync(id, Cancel);
        await world.PassAsync(TimeSpan.FromSeconds(5));
        await runner.RunAsync(id, Cancel);

        Assert.Single(record.Of("dbaas.operation.step.retries", "kind", kind));
        Assert.Equal(
            ["failed", "undone"], record.Of("dbaas.operation.step.duration", "kind", kind).Select(step => step.Tags["outcome"]));
        Assert.Equal("failed", Assert.Single(record.Of("dbaas.operation.completions", "kind", kind)).Tags["outcome"]);
    }

    [Fact]
    public async Task A_worker_that_is_not_heard_of_is_taken_over_from_and_both_ends_of_that_are_counted()
    {
        using var world = await World.CreateAsync();
        using var record = new MeterRecord(OperationMeter.Name);
        var kind = Kind(world);
        var id = await AddAsync(world, kind);
        await world.Database.WriteAsync(unit => OperationRows.TryClaim(unit, id, 0, "gone", TimeSpan.FromSeconds(10)), Cancel);
        await world.PassAsync(TimeSpan.FromMinutes(1));

        await Runner(world, kind, "worker", new Does(world, TimeSpan.Zero)
        {
            Meanwhile = () => world.Database.WriteAsync(
                unit => unit.Execute("UPDATE operations SET owner = 'another', claim = claim + 1 WHERE id = @id", new { id }), Cancel),
        }).RunAsync(id, Cancel);

        Assert.Single(record.Of("dbaas.operation.takeovers", "kind", kind));
        Assert.Empty(record.Of("dbaas.operation.wait.duration", "kind", kind));
        Assert.Single(record.Of("dbaas.operation.lost_claims", "kind", kind));
        Assert.Empty(record.Of("dbaas.operation.completions", "kind", kind));
    }

    [Fact]
    public async Task Each_try_of_a_step_is_a_span_of_the_trace_that_the_request_began()
    {
        using var world = await World.CreateAsync();
        var kind = Kind(world);
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == OperationTraces.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        using var request = new Activity("the request").SetIdFormat(ActivityIdFormat.W3C).Start();
        CurrentOrigin.RequestId = $"req-{world.Ids.NewId()}";
        var id = await AddAsync(world, kind);
        request.Stop();

        await Runner(world, kind, "worker", new Does(world, TimeSpan.Zero)).RunAsync(id, Cancel);

        var span = Assert.Single(spans, span => Equals(span.GetTagItem("dbaas.operation.id"), id));
        Assert.Equal((request.TraceId, request.SpanId), (span.TraceId, span.ParentSpanId));
        Assert.Equal($"{kind}: a step", span.DisplayName);
        Assert.Equal(CurrentOrigin.RequestId, span.GetTagItem("dbaas.request.id"));
    }

    // Of this test alone: meters are the process'.
    private static string Kind(World world) => $"k-{Guid.CreateVersion7(world.Clock.GetUtcNow()):N}"[..30];

    private static OperationRunner Runner(World world, string kind, string owner, Step<string> step) => new(
        world.Database,
        new Workflows(
        [
            new Workflow<string>
            {
                Kind = kind,
                Steps = [step],
                Begin = _ => "",
                OnSucceeded = (_, _, _, _) => { },
                OnTurnedBack = (_, _, _, _) => { },
            },
        ]),
        new RunnerOptions { Owner = owner },
        world.Ids,
        world.Clock,
        NullLogger<OperationRunner>.Instance);

    private static async Task<string> AddAsync(World world, string kind)
    {
        var id = world.Ids.NewId();
        await world.Database.WriteAsync(
            unit => OperationRows.Insert(unit, id, kind, world.Ids.NewId(), null, world.Clock.Milliseconds), Cancel);
        return id;
    }

    private sealed class Does(World world, TimeSpan takes) : Step<string>
    {
        public override string Name => "a step";

        public Func<Task> Meanwhile { get; init; } = () => Task.CompletedTask;

        public override async Task<StepOutcome<string>> EnsureAsync(StepContext context, string state, CancellationToken cancellationToken)
        {
            world.Clock.Advance(takes);
            await Meanwhile();
            return Done(state);
        }
    }

    private sealed class Fails : Step<string>
    {
        public override string Name => "a step";

        public override Task<StepOutcome<string>> EnsureAsync(StepContext context, string state, CancellationToken cancellationToken) =>
            Task.FromResult(context.Operation.Attempts == 0 ? Again("Not now.") : Failed("Never."));
    }
}
