using Dbaas.Domain.Guests;
using Dbaas.GuestProtocol.Channel;

namespace Dbaas.TaskManager.Guests;

/// <summary>What agents say of themselves, bounded: a guest is not trusted.</summary>
internal static class AgentWords
{
    private const int LongestVersion = 255;
    private const int LongestCapability = 30;
    private const int MostCapabilities = 30;
    private const int LongestBootId = 64;

    public static AgentFacts ToFacts(AgentHello hello, int protocol) => new()
    {
        AgentVersion = hello.AgentVersion.Length > LongestVersion ? hello.AgentVersion[..LongestVersion] : hello.AgentVersion,
        Protocol = protocol,
        OldestProtocol = hello.OldestProtocol,
        NewestProtocol = hello.NewestProtocol,
        Capabilities = string.Join(' ', hello.Capabilities.Where(IsWord).Take(MostCapabilities).Order(StringComparer.Ordinal)),
        MachineMemoryMb = hello.Machine.MemoryMb,
        MachineCpus = hello.Machine.Cpus,
        BootId = hello.Machine.BootId is { Length: <= LongestBootId } boot ? boot : "",
    };

    private static bool IsWord(string capability) =>
        capability.Length is > 0 and <= LongestCapability
            && capability.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-');
}
