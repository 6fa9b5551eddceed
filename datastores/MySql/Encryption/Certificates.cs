using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Files;

namespace Dbaas.Datastores.MySql.Encryption;

/// <summary>
/// The server's certificate: self-signed, for its addresses, and the same as long as the instance lives. A slave gets it with the snapshot,
/// by a way that is authenticated already, and trusts this one alone: so there is nothing to renew, and no authority that could be taken
/// over.
/// </summary>
internal sealed class Certificates(DatastoreHost host, ServerLayout layout)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly RecordFile<ServerIdentity> _record = new(layout.IdentityFile, FamilyJson.Default.ServerIdentity);

    /// <summary>This server's, for its slaves.</summary>
    public string Own => Identity().Certificate;

    /// <summary>Puts key and certificate where the server reads them.</summary>
    public void Ensure()
    {
        var identity = Identity();
        Write(layout.ServerKey, identity.Key);
        Write(layout.ServerCertificate, identity.Certificate);
    }

    /// <summary>Puts the master's certificate where this server, as its slave, reads it.</summary>
    public void Trust(string master) => Write(layout.MasterCertificate, master);

    private ServerIdentity Identity()
    {
        if (_record.Read() is { } known && known.Address == host.Address)
        {
            return known;
        }

        var made = Make();
        _record.Write(made);
        return made;
    }

    private ServerIdentity Make()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host.InstanceId}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var address in host.UserAddresses.Prepend(host.Address).Distinct())
        {
            names.AddIpAddress(IPAddress.Parse(address));
        }

        request.CertificateExtensions.Add(names.Build());

        // A clock that is a little behind must not refuse it.
        var now = host.Time.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(50));
        return new ServerIdentity(host.Address, certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    private void Write(string path, string pem)
    {
        // Each time anew: what is there now is the server's user's to change.
        OwnedFolder.Ensure(layout.Encryption, host.UserId);
        AtomicFile.Write(path, Encoding.ASCII.GetBytes(pem), OwnerOnly, host.UserId);
    }
}
