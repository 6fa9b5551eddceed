using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Dbaas.Benchmarks.Bare;
using Dbaas.Benchmarks.Running;

namespace Dbaas.Benchmarks.Backups;

/// <summary>Backups as one would take and restore them by hand, in a folder that goes with it.</summary>
/// <param name="optionFile">Of the managed server.</param>
/// <param name="socket">Its socket.</param>
/// <param name="flavor">What it has.</param>
internal sealed class BareBackups(string optionFile, string socket, (int MemoryMb, int Processors) flavor) : IDisposable
{
    private const int BufferSize = 256 * 1024;
    private readonly string folder = Directory.CreateTempSubdirectory("dbb").FullName;
    private string? recipient;

    private string Stored => Path.Combine(folder, "backup");

    private string Key => Path.Combine(folder, "key");

    /// <summary>Into a file: compressed by all processors, encrypted.</summary>
    public async Task TakeAsync(CancellationToken cancellationToken) =>
        await ShellAsync($"{Tool()} | zstd -T0 --quiet | age -r {await RecipientAsync(cancellationToken)} >{Stored}", cancellationToken);

    /// <summary>As Trove does it: one <c>gzip</c>, nothing encrypted.</summary>
    public Task TakeAsTroveAsync(CancellationToken cancellationToken) => ShellAsync($"{Tool()} | gzip >{Stored}", cancellationToken);

    /// <summary>Hashed and sent by TLS to where the file is written.</summary>
    public async Task TakeByTlsAsync(CancellationToken cancellationToken)
    {
        using var certificate = SelfSigned();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var sending = new TcpClient();
        var accepted = listener.AcceptTcpClientAsync(cancellationToken);
        await sending.ConnectAsync((IPEndPoint)listener.LocalEndpoint, cancellationToken);
        using var receiving = await accepted;

        var pipe = $"{Tool()} | zstd -T0 --quiet | age -r {await RecipientAsync(cancellationToken)}";
        using var shell = Programs.Start("bash", ["-c", $"set -o pipefail; {pipe}"]);
        try
        {
            await Task.WhenAll(
                SendAsync(shell, sending, certificate, cancellationToken), ReceiveAsync(receiving, certificate, cancellationToken));
            var said = await shell.StandardError.ReadToEndAsync(cancellationToken);
            await shell.WaitForExitAsync(cancellationToken);
            if (shell.ExitCode != 0)
            {
                throw new InvalidOperationException($"The bare pipe failed: {said}");
            }
        }
        finally
        {
            await Programs.EndAsync(shell);
        }
    }

    /// <summary>The way back, until a server answers.</summary>
    /// <param name="model">The option file of a managed server that was restored.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RestoreAsync(string model, CancellationToken cancellationToken)
    {
        await using var server = new BareServer(model, serverId: 1);
        await ShellAsync($"age -d -i {Key} <{Stored} | zstd -d --quiet | mbstream -x -C {server.Data}", cancellationToken);
        await Programs.RunAsync(
            "mariadb-backup", ["--prepare", $"--target-dir={server.Data}", $"--use-memory={flavor.MemoryMb / 4}M"], "", cancellationToken);
        await server.StartAsync(cancellationToken);
        await LocalSql.RunAsync(server.Socket, "SELECT COUNT(*) FROM bench.t WHERE id < 10", cancellationToken);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string Tool() =>
        $"mariadb-backup --defaults-file={optionFile} --backup --stream=mbstream --parallel={flavor.Processors} "
        + $"--user={Environment.UserName} --socket={socket} --target-dir={folder} 2>{folder}/log";

    private async Task<string> RecipientAsync(CancellationToken cancellationToken)
    {
        if (recipient is null)
        {
            // It says the public half where people read.
            var made = await Programs.RunAsync("age-keygen", ["-o", Key], "", cancellationToken);
            recipient = made.Error.Trim().Split(' ')[^1];
        }

        return recipient;
    }

    private static async Task ShellAsync(string line, CancellationToken cancellationToken) =>
        await Programs.RunAsync("bash", ["-c", $"set -o pipefail; {line}"], "", cancellationToken);

    private static async Task SendAsync(
        Process shell, TcpClient connection, X509Certificate2 certificate, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var tls = new SslStream(
            connection.GetStream(), leaveInnerStreamOpen: false, (_, seen, _, _) => certificate.Equals(seen));
        await tls.AuthenticateAsClientAsync("localhost");
        var buffer = new byte[BufferSize];
        while (await shell.StandardOutput.BaseStream.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            hash.AppendData(buffer, 0, read);
            await tls.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }

        await tls.ShutdownAsync();
    }

    private async Task ReceiveAsync(TcpClient connection, X509Certificate2 certificate, CancellationToken cancellationToken)
    {
        await using var tls = new SslStream(connection.GetStream());
        await tls.AuthenticateAsServerAsync(certificate);
        await using var file = File.Create(Stored);
        await tls.CopyToAsync(file, BufferSize, cancellationToken);
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddHours(-1), now.AddHours(1));
    }
}
