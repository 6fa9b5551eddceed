namespace Dbaas.Benchmarks.SlaveToActive;

/// <summary>A managed master as the bare pipeline sees it.</summary>
/// <param name="Socket">For the backup tool.</param>
/// <param name="OptionFile">For the backup tool.</param>
/// <param name="Host">For the slave.</param>
/// <param name="Port">For the slave.</param>
/// <param name="Password">Of the user <c>bench</c>, who may replicate.</param>
internal sealed record BareMaster(string Socket, string OptionFile, string Host, int Port, string Password);
