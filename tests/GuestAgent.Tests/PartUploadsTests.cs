using System.Security.Cryptography;
using Dbaas.GuestAgent.Objects;
using Dbaas.GuestAgent.Tests.Fakes;
using Dbaas.GuestProtocol.Channel;

namespace Dbaas.GuestAgent.Tests;

/// <summary>Streams of each size around that of a part.</summary>
public sealed class PartUploadsTests
{
    private const int PartBytes = 1000;

    [Theory]
    [InlineData(0, new int[0])]
    [InlineData(1, new[] { 1 })]
    [InlineData(999, new[] { 999 })]
    [InlineData(1000, new[] { 1000 })]
    [InlineData(1001, new[] { 1000, 1 })]
    [InlineData(1999, new[] { 1000, 999 })]
    [InlineData(2000, new[] { 1000, 1000 })]
    [InlineData(5001, new[] { 1000, 1000, 1000, 1000, 1000, 1 })]
    public async Task Parts_are_full_but_for_the_last_none_is_empty_and_together_they_are_what_was_written(int size, int[] sizes)
    {
        var (store, data) = (new MemoryStore(), RandomNumberGenerator.GetBytes(size));
        var uploads = new PartUploads(store, "command", "backup", "run", PartBytes);

        await uploads.TakeAsync(new MemoryStream(data), TestContext.Current.CancellationToken);

        Assert.Equal(sizes, uploads.Parts.Select(part => part.Size));
        Assert.Equal(sizes.Length, store.Objects.Count);
        Assert.Equal(data, Enumerable.Range(0, sizes.Length).SelectMany(number => store.Objects[ObjectNames.Part("run", number)]));
    }
}
