namespace Dbaas.Cloud.OpenStack.Swift;

/// <summary>A container of a Swift: in the account's project.</summary>
public sealed class SwiftOptions : CloudOptions
{
    /// <summary>Letters, digits, dots, dashes and underscores. It is made when there is none, and is for nothing else.</summary>
    public required string Container { get; init; }

    /// <summary>Signs addresses: the same for every process of a deployment, and a secret.</summary>
    public required string AddressKey { get; init; }
}
