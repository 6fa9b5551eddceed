using Microsoft.AspNetCore.Http;

namespace Dbaas.TaskManager.Guests.Gateway;

/// <summary>Who is calling, from the certificate of the connection and from nothing else.</summary>
/// <param name="InstanceId">Whose agent it is.</param>
/// <param name="Serial">The certificate's serial number.</param>
/// <param name="Time">Where time comes from.</param>
internal sealed record Guest(string InstanceId, string Serial, TimeProvider Time)
{
    private static readonly object Key = new();

    /// <summary>Null only where strangers are let in.</summary>
    public static Guest? Of(HttpContext context) => (Guest?)context.Items[Key];

    public void KeepIn(HttpContext context) => context.Items[Key] = this;
}
