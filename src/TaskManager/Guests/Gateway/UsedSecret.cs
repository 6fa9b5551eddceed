namespace Dbaas.TaskManager.Guests.Gateway;

/// <summary>Who uses which secret for what.</summary>
/// <param name="InstanceId">Claimed by the caller; not proven before the secret is found to be right.</param>
/// <param name="SecretHash">See <see cref="EnrolmentSecret.Hash"/>.</param>
/// <param name="KeyHash">Of the public key that is to be certified.</param>
public sealed record UsedSecret(string InstanceId, string SecretHash, string KeyHash);
