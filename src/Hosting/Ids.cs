using System.Security.Cryptography;
using System.Text;

namespace Dbaas.Hosting;

/// <summary>Ids of projects and users: they follow from the names, so that they are the same after a restart.</summary>
internal static class Ids
{
    public static string Of(string name) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..32];
}
