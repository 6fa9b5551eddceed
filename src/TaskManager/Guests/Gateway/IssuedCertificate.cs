namespace Dbaas.TaskManager.Guests.Gateway;

/// <summary>A certificate for an agent.</summary>
/// <param name="Pem">The certificate.</param>
/// <param name="Serial">Its number, as certificates show it.</param>
internal sealed record IssuedCertificate(string Pem, string Serial);
