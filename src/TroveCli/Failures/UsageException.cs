namespace Dbaas.TroveCli.Failures;

/// <summary>The command line cannot be understood; nothing was sent.</summary>
internal sealed class UsageException(string message) : TroveException(message, ExitCodes.Usage);
