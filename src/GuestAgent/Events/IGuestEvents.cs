namespace Dbaas.GuestAgent.Events;

/// <summary>Takes what belongs into the instance's history.</summary>
internal interface IGuestEvents
{
    void Add(string kind, string message);
}
