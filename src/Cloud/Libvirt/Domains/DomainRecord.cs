using System.Globalization;
using System.Xml.Linq;

namespace Dbaas.Cloud.Libvirt.Domains;

/// <summary>What we keep about a server, in its domain's own description.</summary>
internal sealed record DomainRecord
{
    private static readonly XNamespace Space = "urn:dbaas:server:1";

    public required string Key { get; init; }

    /// <summary>The size that it has, or gets with its next start.</summary>
    public required string FlavorId { get; init; }

    /// <summary>The size to go back to; null: no resize waits to be confirmed.</summary>
    public string? OldFlavorId { get; init; }

    /// <summary>Why the last resize was taken back by the plane.</summary>
    public string? Refusal { get; init; }

    public required int Build { get; init; }

    public required string VolumeKey { get; init; }

    /// <summary>Null: the domain carries no mark of ours.</summary>
    public static DomainRecord? In(XElement domain) =>
        domain.Element("metadata")?.Element(Space + "server") is { } mark
            ? new DomainRecord
            {
                Key = (string)mark.Attribute("key")!,
                FlavorId = (string)mark.Attribute("flavor")!,
                OldFlavorId = (string?)mark.Attribute("old-flavor"),
                Refusal = (string?)mark.Attribute("refusal"),
                Build = int.Parse((string)mark.Attribute("build")!, CultureInfo.InvariantCulture),
                VolumeKey = (string)mark.Attribute("volume")!,
            }
            : null;

    public XElement ToXml() => new(
        "metadata",
        new XElement(
            Space + "server",
            new XAttribute(XNamespace.Xmlns + "dbaas", Space),
            new XAttribute("key", Key),
            new XAttribute("flavor", FlavorId),
            OldFlavorId is null ? null : new XAttribute("old-flavor", OldFlavorId),
            Refusal is null ? null : new XAttribute("refusal", Refusal),
            new XAttribute("build", Build),
            new XAttribute("volume", VolumeKey)));
}
