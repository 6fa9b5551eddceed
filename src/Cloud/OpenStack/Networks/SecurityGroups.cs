using Dbaas.Cloud.OpenStack.Neutron;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.OpenStack.Networks;

/// <summary>Packet filters: one for each instance with its users' rules, and one that all members of the deployment share.</summary>
internal sealed class SecurityGroups(NeutronClient neutron, Marks marks)
{
    /// <summary>
    /// Members open a listener on any port for a transfer, and replicate over the database's: whoever is in this group may reach whoever
    /// else is. Peers authenticate each other by certificate, and databases by password.
    /// </summary>
    public async Task<string> EnsureMembersAsync(CancellationToken cancellationToken)
    {
        var group = await EnsureGroupAsync(Marks.MembersGroup, cancellationToken);
        await EnsureRulesAsync(
            group, [.. FilterRule.Families.Select(family => new FilterRule(family, 1, 65535, null, group.Id))], cancellationToken);
        return group.Id;
    }

    public async Task<string> EnsureAsync(string key, PortAccess access, CancellationToken cancellationToken)
    {
        var rules = FilterRule.For(access);
        var group = await EnsureGroupAsync(Marks.Name(key), cancellationToken);
        await EnsureRulesAsync(group, rules, cancellationToken);
        return group.Id;
    }

    public async Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        foreach (var group in await AllOfAsync(name, cancellationToken))
        {
            var reply = await neutron.DeleteSecurityGroupAsync(group.Id, cancellationToken);
            if (!reply.IsMissing)
            {
                reply.Required();
            }
        }
    }

    /// <summary>Goes when nobody is in it any more; whoever needs it makes it anew.</summary>
    public async Task DeleteUnusedMembersAsync(CancellationToken cancellationToken)
    {
        foreach (var group in await AllOfAsync(Marks.MembersGroup, cancellationToken))
        {
            var reply = await neutron.DeleteSecurityGroupAsync(group.Id, cancellationToken);
            if (!reply.IsMissing && !reply.IsConflict)
            {
                reply.Required();
            }
        }
    }

    private async Task<NeutronSecurityGroup> EnsureGroupAsync(string name, CancellationToken cancellationToken)
    {
        if (await AllOfAsync(name, cancellationToken) is [var found, ..])
        {
            return found;
        }

        // Whoever makes it at the same time sees the same oldest one afterwards.
        var made = await neutron.CreateSecurityGroupAsync(name, marks.Description, cancellationToken);
        var oldest = await AllOfAsync(name, cancellationToken) is [var first, ..] ? first : made;
        if (oldest.Id != made.Id)
        {
            await neutron.DeleteSecurityGroupAsync(made.Id, cancellationToken);
        }

        return oldest;
    }

    /// <summary>First lets in, then keeps out: whoever may come all the time is never cut off.</summary>
    private async Task EnsureRulesAsync(NeutronSecurityGroup group, IReadOnlyList<FilterRule> wanted, CancellationToken cancellationToken)
    {
        var present = group.Rules.Where(rule => rule.Direction == "ingress").ToLookup(FilterRule.Of);
        foreach (var rule in wanted.Where(rule => !present.Contains(rule)))
        {
            var reply = await neutron.CreateRuleAsync(rule.ToJson(group.Id), cancellationToken);
            if (!reply.IsConflict || reply.Error.Type != "SecurityGroupRuleExists")
            {
                reply.Required();
            }
        }

        foreach (var rule in present.Where(rule => !wanted.Contains(rule.Key)).SelectMany(rule => rule))
        {
            var reply = await neutron.DeleteRuleAsync(rule.Id, cancellationToken);
            if (!reply.IsMissing)
            {
                reply.Required();
            }
        }
    }

    /// <summary>The oldest first.</summary>
    private async Task<IReadOnlyList<NeutronSecurityGroup>> AllOfAsync(string name, CancellationToken cancellationToken) =>
        [.. (await neutron.ListSecurityGroupsAsync(name, cancellationToken))
            .Where(group => group.Name == name && group.Description == marks.Description)
            .OrderBy(group => group.CreatedAt).ThenBy(group => group.Id, StringComparer.Ordinal)];
}
