namespace Dbaas.Testing.Galera;

/// <summary>Where a node is.</summary>
/// <param name="Folder">Its folder.</param>
/// <param name="Name">Its name, and that of its network namespace.</param>
/// <param name="Bridge">What it is connected to.</param>
/// <param name="Address">Its address.</param>
/// <param name="Addresses">Those of all.</param>
/// <param name="Password">The password of <see cref="GaleraCluster.User"/>.</param>
/// <param name="ClockAhead">How far its clock is ahead of the machine's.</param>
internal sealed record GaleraPlace(
    string Folder, string Name, string Bridge, string Address, IReadOnlyList<string> Addresses, string Password,
    TimeSpan ClockAhead)
{
    /// <summary>The folder beside the nodes' in which the scripts are that give a joining node its data.</summary>
    public const string Scripts = "scripts";

    /// <summary>Where programs are looked for.</summary>
    public string Path => $"{System.IO.Path.Combine(System.IO.Path.GetDirectoryName(Folder)!, Scripts)}:"
        + Environment.GetEnvironmentVariable("PATH");
}
