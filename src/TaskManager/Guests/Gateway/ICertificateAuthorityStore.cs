namespace Dbaas.TaskManager.Guests.Gateway;

/// <summary>Keeps the authority's key and certificate: a secret that every gateway shares.</summary>
public interface ICertificateAuthorityStore
{
    /// <summary>Null when there is none yet.</summary>
    byte[]? Load();

    /// <summary>On the disk when the call returns. When there is one already that one stays: two gateways may start at once.</summary>
    void Save(byte[] keyAndCertificate);
}
