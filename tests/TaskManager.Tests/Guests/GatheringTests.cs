using Dbaas.Simulation;
using Dbaas.TaskManager.Guests;

namespace Dbaas.TaskManager.Tests.Guests;

public sealed class GatheringTests
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly VirtualClock clock = new();
    private readonly List<int> looks = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_few_questions_do_not_wait_and_those_of_thousands_cost_as_many_looks_as_there_are_paces()
    {
        var gathering = new Gathering<int, int>(AnswerAsync, most: 10_000, Pace, clock);
        for (var question = 0; question < 8; question++)
        {
            Assert.Equal(-question, await gathering.AskAsync(question, atOnce: false, Cancel).WaitAsync(Patience, Cancel));
        }

        looks.Clear();
        var asked = new List<Task<int>>();
        for (var pace = 0; pace < 40; pace++)
        {
            asked.AddRange(Enumerable.Range(0, 250).Select(number => gathering.AskAsync((pace * 250) + number, atOnce: false, Cancel)));
            clock.Advance(Pace);
            await asked[^1].WaitAsync(Patience, Cancel);
        }

        Assert.Equal(Enumerable.Range(0, 10_000).Select(number => -number), await Task.WhenAll(asked).WaitAsync(Patience, Cancel));
        Assert.InRange(looks.Count, 40, 48);
    }

    [Fact]
    public async Task Who_is_waited_for_takes_along_those_who_can_wait()
    {
        var gathering = new Gathering<int, int>(AnswerAsync, most: 100, Pace, clock);
        for (var question = 0; question < 20; question++)
        {
            await gathering.AskAsync(question, atOnce: true, Cancel).WaitAsync(Patience, Cancel);
        }

        looks.Clear();
        var patient = Enumerable.Range(0, 5).Select(question => gathering.AskAsync(question, atOnce: false, Cancel)).ToList();
        Assert.DoesNotContain(patient, one => one.IsCompleted);

        await gathering.AskAsync(9, atOnce: true, Cancel).WaitAsync(Patience, Cancel);
        await Task.WhenAll(patient).WaitAsync(Patience, Cancel);

        Assert.Equal([6], looks);
    }

    [Fact]
    public async Task No_look_is_larger_than_it_may_be_and_a_failure_is_heard_of_by_those_who_asked()
    {
        var gathering = new Gathering<int, int>(AnswerAsync, most: 10, Pace, clock);
        var asked = Enumerable.Range(0, 35).Select(question => gathering.AskAsync(question, atOnce: false, Cancel)).ToList();
        clock.Advance(10 * Pace);
        await Task.WhenAll(asked).WaitAsync(Patience, Cancel);
        Assert.All(looks, size => Assert.InRange(size, 1, 10));

        var failed = gathering.AskAsync(-1, atOnce: true, Cancel);
        await Assert.ThrowsAsync<FormatException>(() => failed.WaitAsync(Patience, Cancel));
        Assert.Equal(-1, await gathering.AskAsync(1, atOnce: true, Cancel).WaitAsync(Patience, Cancel));
    }

    private Task<IReadOnlyList<int>> AnswerAsync(IReadOnlyList<int> questions)
    {
        lock (looks)
        {
            looks.Add(questions.Count);
        }

        return questions.Contains(-1)
            ? throw new FormatException("The database is away.")
            : Task.FromResult<IReadOnlyList<int>>([.. questions.Select(question => -question)]);
    }
}
