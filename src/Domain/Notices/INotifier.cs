namespace Dbaas.Domain.Notices;

/// <summary>Tells other services.</summary>
public interface INotifier
{
    /// <summary>Returns when it is kept there.</summary>
    /// <exception cref="IOException">It is not, as far as is known. It may be told again.</exception>
    Task TellAsync(Notification notification, CancellationToken cancellationToken);
}
