using System.Text;
using System.Xml.Linq;
using Dbaas.Cloud.Libvirt.Disks;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.Libvirt.Domains;

/// <summary>A machine to make.</summary>
internal sealed record DomainPlan
{
    public required string Name { get; init; }

    public required string Uuid { get; init; }

    public required string Title { get; init; }

    public required DomainRecord Record { get; init; }

    public required CloudFlavor Flavor { get; init; }

    public required bool UsesKvm { get; init; }

    public required Disk Root { get; init; }

    public required Disk Data { get; init; }

    public required Disk Config { get; init; }

    /// <summary>By which the guest finds the data disk.</summary>
    public required string Serial { get; init; }

    public required string ConsolePath { get; init; }

    public required string Network { get; init; }

    public required string MacAddress { get; init; }

    public required string Filter { get; init; }
}

/// <summary>Descriptions of machines, as libvirt reads them.</summary>
internal static class DomainXml
{
    /// <summary>For translated code; without a word QEMU would take a gigabyte.</summary>
    private const int TranslationMb = 256;

    public static XElement Describe(DomainPlan plan) => new(
        "domain",
        new XAttribute("type", plan.UsesKvm ? "kvm" : "qemu"),
        new XElement("name", plan.Name),
        new XElement("uuid", plan.Uuid),
        new XElement("title", Printable(plan.Title)),
        plan.Record.ToXml(),
        new XElement("memory", new XAttribute("unit", "MiB"), plan.Flavor.MemoryMb),
        new XElement("vcpu", plan.Flavor.Vcpus),
        new XElement("os", new XElement("type", new XAttribute("arch", "x86_64"), "hvm")),
        new XElement(
            "features",
            new XElement("acpi"),
            new XElement("apic"),
            plan.UsesKvm ? null : new XElement("tcg", new XElement("tb-cache", new XAttribute("unit", "MiB"), TranslationMb))),
        new XElement("cpu", new XAttribute("mode", plan.UsesKvm ? "host-passthrough" : "maximum")),
        new XElement("on_poweroff", "destroy"),
        new XElement("on_reboot", "restart"),
        new XElement("on_crash", "restart"),
        new XElement(
            "devices",
            FileDisk(plan.Root, "qcow2", "vda", new XElement("boot", new XAttribute("order", 1))),
            FileDisk(plan.Data, "raw", "vdb", new XElement("serial", plan.Serial), cache: "none"),
            FileDisk(plan.Config, "raw", "vdc", new XElement("readonly")),
            new XElement(
                "interface",
                new XAttribute("type", "network"),
                new XElement("source", new XAttribute("network", plan.Network)),
                new XElement("mac", new XAttribute("address", plan.MacAddress)),
                new XElement("model", new XAttribute("type", "virtio")),
                new XElement("filterref", new XAttribute("filter", plan.Filter))),
            new XElement(
                "serial",
                new XAttribute("type", "file"),
                new XElement("source", new XAttribute("path", plan.ConsolePath), new XAttribute("append", "on"))),
            new XElement(
                "rng", new XAttribute("model", "virtio"), new XElement("backend", new XAttribute("model", "random"), "/dev/urandom")),
            new XElement("controller", new XAttribute("type", "usb"), new XAttribute("model", "none")),
            new XElement("memballoon", new XAttribute("model", "none"))));

    /// <summary>The same machine with another record, and with another size when one is given.</summary>
    public static XElement Change(XElement description, DomainRecord record, CloudFlavor? flavor)
    {
        var changed = new XElement(description);
        changed.Element("metadata")!.ReplaceWith(record.ToXml());
        if (flavor is not null)
        {
            changed.Element("currentMemory")?.Remove();
            changed.Element("memory")!.ReplaceWith(new XElement("memory", new XAttribute("unit", "MiB"), flavor.MemoryMb));
            changed.Element("vcpu")!.ReplaceWith(new XElement("vcpu", flavor.Vcpus));
        }

        return changed;
    }

    /// <summary>XML has no place for control characters; a title has one line.</summary>
    private static string Printable(string text) =>
        string.Concat(text.EnumerateRunes().Select(rune => Rune.IsControl(rune) ? " " : rune.ToString()));

    private static XElement FileDisk(Disk disk, string format, string target, XElement more, string? cache = null) => new(
        "disk",
        new XAttribute("type", "file"),
        new XAttribute("device", "disk"),
        new XElement(
            "driver",
            new XAttribute("name", "qemu"),
            new XAttribute("type", format),
            new XAttribute("discard", "unmap"),
            cache is null ? null : new XAttribute("cache", cache)),
        new XElement("source", new XAttribute("file", disk.Path)),
        new XElement("target", new XAttribute("dev", target), new XAttribute("bus", "virtio")),
        more);
}
