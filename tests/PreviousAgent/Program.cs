using Dbaas.GuestAgent;
using Dbaas.GuestProtocol;

// An agent that speaks no newer version of the guest protocol than the one before this build's: it knows no command that came with that.
return await Startup.RunAsync(
    new FileInfo(args[^1]), new ProtocolRange(ProtocolVersion.Oldest, ProtocolVersion.Oldest), CancellationToken.None);
