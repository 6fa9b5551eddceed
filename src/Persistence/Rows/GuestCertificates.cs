namespace Dbaas.Persistence.Rows;

/// <summary>The certificates of a guest that count.</summary>
public sealed record GuestCertificates
{
    /// <summary>Whose.</summary>
    public string InstanceId { get; init; } = "";

    /// <summary>The serial number of the newest one; null: none counts.</summary>
    public string? CertificateSerial { get; init; }

    /// <summary>The serial number of the one that it was asked for with; null: it was not renewed.</summary>
    public string? RenewedSerial { get; init; }

    /// <summary>Whether this one counts.</summary>
    public bool Has(string serial) => serial == CertificateSerial || serial == RenewedSerial;
}
