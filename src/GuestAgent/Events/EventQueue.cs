using Dbaas.GuestAgent.Files;
using Dbaas.GuestProtocol.Reports;

namespace Dbaas.GuestAgent.Events;

/// <summary>Events on disk until a report with them was accepted. The oldest give way when nobody takes them.</summary>
internal sealed class EventQueue : IGuestEvents
{
    private const int Most = 200;

    private readonly string path;
    private readonly Action added;
    private readonly TimeProvider time;
    private readonly Func<string> newId;
    private readonly Action<string> log;
    private readonly Lock gate = new();
    private List<GuestEvent> events;

    public EventQueue(string folder, Action added, TimeProvider time, Func<string> newId, Action<string> log)
    {
        path = Path.Combine(folder, "events.json");
        this.added = added;
        this.time = time;
        this.newId = newId;
        this.log = log;
        events = PrivateFile.ReadJsonOrNone(path, EventsContext.Default.ListGuestEvent, log) ?? [];
    }

    public IReadOnlyList<GuestEvent> Waiting
    {
        get
        {
            lock (gate)
            {
                return events;
            }
        }
    }

    public void Add(string kind, string message)
    {
        lock (gate)
        {
            events = [.. events.TakeLast(Most - 1), new GuestEvent(newId(), time.GetUtcNow(), kind, message)];
            Keep();
        }

        added();
    }

    public void Remove(IReadOnlyList<GuestEvent> accepted)
    {
        if (accepted.Count == 0)
        {
            return;
        }

        var ids = accepted.Select(e => e.Id).ToHashSet();
        lock (gate)
        {
            events = [.. events.Where(e => !ids.Contains(e.Id))];
            Keep();
        }
    }

    private void Keep()
    {
        try
        {
            PrivateFile.WriteJson(path, events, EventsContext.Default.ListGuestEvent);
        }
        catch (IOException e)
        {
            // A full disk is a reason to report, not to fail in what is being reported.
            log($"The events cannot be kept: {e.Message}");
        }
    }
}
