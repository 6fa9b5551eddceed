using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Dbaas.Benchmarks.Running;

namespace Dbaas.Benchmarks.SlaveToActive;

/// <summary>The backup tool's stream over a TCP connection on the loopback, in the clear, into the unpacker.</summary>
internal static class BackupPipe
{
    private const int BufferSize = 1024 * 1024;

    public static async Task CopyAsync(BareMaster master, string target, int parallel, CancellationToken cancellationToken)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var sending = new TcpClient();
        var accepted = listener.AcceptTcpClientAsync(cancellationToken);
        await sending.ConnectAsync((IPEndPoint)listener.LocalEndpoint, cancellationToken);
        using var receiving = await accepted;

        using var tool = Programs.Start(
            "mariadb-backup",
            [
                $"--defaults-file={master.OptionFile}", "--backup", "--stream=mbstream", $"--parallel={parallel}",
                $"--user={Environment.UserName}", $"--socket={master.Socket}", $"--target-dir={target}",
            ]);
        using var unpacker = Programs.Start("mbstream", ["-x", "-C", target]);
        try
        {
            await Task.WhenAll(
                SendAsync(tool, sending, cancellationToken),
                ReceiveAsync(receiving, unpacker, cancellationToken),
                SucceedAsync(tool, cancellationToken),
                SucceedAsync(unpacker, cancellationToken));
        }
        finally
        {
            await Programs.EndAsync(tool);
            await Programs.EndAsync(unpacker);
        }
    }

    private static async Task SendAsync(Process tool, TcpClient connection, CancellationToken cancellationToken)
    {
        await tool.StandardOutput.BaseStream.CopyToAsync(connection.GetStream(), BufferSize, cancellationToken);
        connection.Client.Shutdown(SocketShutdown.Send);
    }

    private static async Task ReceiveAsync(TcpClient connection, Process unpacker, CancellationToken cancellationToken)
    {
        await connection.GetStream().CopyToAsync(unpacker.StandardInput.BaseStream, BufferSize, cancellationToken);
        unpacker.StandardInput.Close();
    }

    private static async Task SucceedAsync(Process process, CancellationToken cancellationToken)
    {
        // Its messages must be read, or it waits for a reader.
        var said = await process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{process.StartInfo.FileName} failed with {process.ExitCode}: {said}");
        }
    }
}
