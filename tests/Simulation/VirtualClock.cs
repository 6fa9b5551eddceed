namespace Dbaas.Simulation;

/// <summary>
/// A clock that stands still until it is moved. Its timers fire while it moves. It may be set back, as clocks on walls are; what measures
/// only how much time has passed does not see that.
/// </summary>
public sealed class VirtualClock : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<VirtualTimer> timers = [];
    private DateTimeOffset now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private TimeSpan setBack;

    /// <summary>Unix milliseconds.</summary>
    public long Milliseconds => GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>The time as the world outside of our machines has it: it only goes on.</summary>
    public DateTimeOffset Steady
    {
        get
        {
            lock (gate)
            {
                return now;
            }
        }
    }

    /// <inheritdoc />
    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
        {
            return now - setBack;
        }
    }

    /// <inheritdoc />
    public override long GetTimestamp()
    {
        lock (gate)
        {
            return now.Ticks;
        }
    }

    /// <inheritdoc />
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc />
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Somebody sets it back.</summary>
    public void SetBack(TimeSpan by)
    {
        lock (gate)
        {
            setBack += by;
        }
    }

    /// <summary>Moves the clock.</summary>
    public void Advance(TimeSpan by)
    {
        VirtualTimer[] due;
        lock (gate)
        {
            now += by;
            due = timers.Where(timer => timer.Due <= now).ToArray();
            timers.RemoveAll(timer => timer.Due <= now);
        }

        foreach (var timer in due)
        {
            timer.Fire();
        }
    }

    private void Set(VirtualTimer timer, TimeSpan dueTime)
    {
        lock (gate)
        {
            timers.Remove(timer);
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                timer.Due = now + dueTime;
                timers.Add(timer);
            }
        }
    }

    private sealed class VirtualTimer(VirtualClock clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan period = Timeout.InfiniteTimeSpan;

        public DateTimeOffset Due { get; set; }

        public bool Change(TimeSpan dueTime, TimeSpan newPeriod)
        {
            period = newPeriod;
            clock.Set(this, dueTime);
            return true;
        }

        public void Fire()
        {
            callback(state);
            if (period != Timeout.InfiniteTimeSpan && period != TimeSpan.Zero)
            {
                clock.Set(this, period);
            }
        }

        public void Dispose() => clock.Set(this, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
