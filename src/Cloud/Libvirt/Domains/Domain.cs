using System.Xml.Linq;

namespace Dbaas.Cloud.Libvirt.Domains;

/// <summary>A domain as libvirt has it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="State">In libvirt's words.</param>
/// <param name="Description">As it starts the next time.</param>
/// <param name="Record">Ours, in the description.</param>
/// <param name="Running">Ours, as of the start that it runs from; null: it does not run.</param>
internal sealed record Domain(string Name, string State, XElement Description, DomainRecord Record, DomainRecord? Running)
{
    public const string ShutOff = "shut off";
    public const string Crashed = "crashed";
    public const string Paused = "paused";

    /// <summary>It was given another size or root disk since it was started.</summary>
    public bool IsOutdated => Running is not null && (Running.FlavorId != Record.FlavorId || Running.Build != Record.Build);
}
