using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Files;

namespace Dbaas.Datastores.MySql.Server;

/// <summary>
/// The empty data directory, unpacked from its template while the agent still makes itself known to the control plane. Nobody has said yet
/// that this instance needs one, but most do, and it is thrown away for those that do not.
/// </summary>
/// <remarks>One caller at a time.</remarks>
internal sealed class DataAhead(Flavor flavor, DatastoreHost host, ServerLayout layout)
{
    private CancellationTokenSource? _life;
    private Task<Unpacked>? _unpacking;

    /// <summary>What is in <see cref="ServerLayout.NewData"/>.</summary>
    /// <param name="Template">Where a fresh directory may be kept; null where none may be.</param>
    /// <param name="IsWhole">An empty data directory, on its disk.</param>
    internal readonly record struct Unpacked(DataTemplate? Template, bool IsWhole);

    /// <summary>Begins, for an instance that was told nothing yet.</summary>
    public void Begin(CancellationToken stopping)
    {
        if (!layout.HasData)
        {
            _life = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            var life = _life.Token;
            _unpacking = Task.Run(() => UnpackAsync(life), CancellationToken.None);
        }
    }

    /// <summary>The end of it, or all of it when it was not begun.</summary>
    public async Task<Unpacked> TakeAsync(ServerSettings settings, CancellationToken cancellationToken)
    {
        // The user's parameters may shape the files.
        if (settings.Configuration.Count > 0)
        {
            await DropAsync();
            return default;
        }

        using (cancellationToken.Register(() => _life?.Cancel()))
        {
            if (await EndAsync() is { IsWhole: true } ready)
            {
                return ready;
            }
        }

        return await UnpackAsync(cancellationToken);
    }

    /// <summary>It was not needed.</summary>
    public async Task DropAsync()
    {
        _life?.Cancel();
        await EndAsync();
        OwnedFolder.Remove(layout.NewData);
    }

    /// <returns>Null when it was not begun, or failed: then it is done again where somebody sees why.</returns>
    private async Task<Unpacked?> EndAsync()
    {
        if (_unpacking is not { } unpacking)
        {
            return null;
        }

        await ((Task)unpacking).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _unpacking = null;
        _life?.Dispose();
        _life = null;
        return unpacking.IsCompletedSuccessfully ? unpacking.Result : null;
    }

    private async Task<Unpacked> UnpackAsync(CancellationToken cancellationToken)
    {
        var template = await DataTemplate.ForAsync(flavor, host, cancellationToken);
        if (template is null || !await template.TryUnpackAsync(layout.NewData, cancellationToken))
        {
            return new Unpacked(template, IsWhole: false);
        }

        await DataDirectory.SyncAsync(host, layout.NewData, cancellationToken);
        return new Unpacked(template, IsWhole: true);
    }
}
