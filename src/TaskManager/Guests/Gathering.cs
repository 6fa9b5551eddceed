namespace Dbaas.TaskManager.Guests;

/// <summary>
/// Questions to the database that come within a short time become one: what thousands of agents ask costs as many statements as there are
/// such times. A question is answered by a look that begins after it was asked, so nothing is older than it would be alone.
/// </summary>
/// <param name="ask">Answers several, in their order.</param>
/// <param name="most">Of one look.</param>
/// <param name="pace">From one look to the next, when there are many: a few do not wait.</param>
/// <param name="time">Where time comes from.</param>
internal sealed class Gathering<TQuestion, TAnswer>(
    Func<IReadOnlyList<TQuestion>, Task<IReadOnlyList<TAnswer>>> ask, int most, TimeSpan pace, TimeProvider time)
{
    /// <summary>So many looks may follow one another at once, after a rest.</summary>
    private const int AtOnce = 8;

    private readonly Lock gate = new();
    private readonly long began = time.GetTimestamp();
    private List<Asked> waiting = [];

    // Each look moves it on by one pace; how far it is ahead of the present is how many there were lately.
    private TimeSpan spent = TimeSpan.Zero;

    /// <summary>Asks.</summary>
    /// <param name="question">What.</param>
    /// <param name="atOnce">Does not wait for company, and takes along those who do.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task<TAnswer> AskAsync(TQuestion question, bool atOnce, CancellationToken cancellationToken)
    {
        var asked = new Asked(question);
        lock (gate)
        {
            waiting.Add(asked);
            var left = spent - (AtOnce * pace) - time.GetElapsedTime(began);
            if (atOnce || left <= TimeSpan.Zero || waiting.Count >= most)
            {
                Begin();
            }
            else if (waiting.Count == 1)
            {
                _ = BeginAfterAsync(left);
            }
        }

        return asked.Answer.Task.WaitAsync(cancellationToken);
    }

    private async Task BeginAfterAsync(TimeSpan left)
    {
        await Task.Delay(left, time);
        lock (gate)
        {
            // They may have been taken along before.
            if (waiting.Count > 0)
            {
                Begin();
            }
        }
    }

    private void Begin()
    {
        var all = waiting;
        waiting = [];
        var now = time.GetElapsedTime(began);
        spent = TimeSpan.FromTicks(Math.Clamp(spent.Ticks, now.Ticks, (now + (AtOnce * pace)).Ticks)) + pace;
        _ = Task.Run(() => AnswerAsync(all));
    }

    private async Task AnswerAsync(List<Asked> all)
    {
        try
        {
            var answers = await ask([.. all.Select(one => one.Question)]);
            foreach (var (one, answer) in all.Zip(answers))
            {
                one.Answer.SetResult(answer);
            }
        }
        catch (Exception e)
        {
            // Whoever asked hears of it.
            all.ForEach(one => one.Answer.TrySetException(e));
        }
    }

    private sealed record Asked(TQuestion Question)
    {
        public TaskCompletionSource<TAnswer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
