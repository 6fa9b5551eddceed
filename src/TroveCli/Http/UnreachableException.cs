using Dbaas.TroveCli.Failures;

namespace Dbaas.TroveCli.Http;

/// <summary>No answer at all: nothing listens there, or the connection broke.</summary>
internal sealed class UnreachableException(Uri address, string why) : TroveException(
    $"Cannot reach {address.GetLeftPart(UriPartial.Authority)} ({why}). Is the service up? `./dbaas status` says so, "
        + "`./dbaas up --detach` starts it.");
