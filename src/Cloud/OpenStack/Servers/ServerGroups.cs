using Dbaas.Cloud.OpenStack.Nova;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.OpenStack.Servers;

/// <summary>Rules for placing servers. A group goes with its last member.</summary>
internal sealed class ServerGroups(NovaClient nova, Marks marks)
{
    public async Task<string> EnsureAsync(ServerGroup group, CancellationToken cancellationToken)
    {
        var name = marks.ServerGroupName(group.Key);
        if (await FindAsync(name, cancellationToken) is { } found)
        {
            return found.Id;
        }

        var made = await nova.CreateServerGroupAsync(name, group.Rule, cancellationToken);

        // Whoever makes it at the same time sees the same one afterwards; the other has no members and goes with the next deletion.
        return (await FindAsync(name, cancellationToken) ?? made).Id;
    }

    public async Task DeleteEmptyAsync(CancellationToken cancellationToken)
    {
        var empty = (await nova.ListServerGroupsAsync(cancellationToken))
            .Where(group => group.Name.StartsWith(marks.ServerGroupPrefix, StringComparison.Ordinal) && group.Members.Count == 0);
        foreach (var group in empty)
        {
            var reply = await nova.DeleteServerGroupAsync(group.Id, cancellationToken);
            if (!reply.IsMissing)
            {
                reply.Required();
            }
        }
    }

    private async Task<NovaServerGroup?> FindAsync(string name, CancellationToken cancellationToken) =>
        (await nova.ListServerGroupsAsync(cancellationToken))
            .Where(group => group.Name == name)
            .MinBy(group => group.Id, StringComparer.Ordinal);
}
