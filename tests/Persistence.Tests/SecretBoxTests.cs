using System.Security.Cryptography;
using Dbaas.Persistence.Secrets;

namespace Dbaas.Persistence.Tests;

public sealed class SecretBoxTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(number => (byte)number)];

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("caf\u00e9")]
    public void What_was_sealed_can_be_opened(string? plain)
    {
        using var box = new SecretBox(Key);

        Assert.Equal(plain, box.Open(box.Seal(plain, "here"), "here"));
    }

    [Fact]
    public void Not_with_another_key_from_another_place_or_when_changed()
    {
        using var box = new SecretBox(Key);
        using var other = new SecretBox(new byte[32]);
        var value = box.Seal("secret", "here")!;

        Assert.ThrowsAny<CryptographicException>(() => other.Open(value, "here"));
        Assert.ThrowsAny<CryptographicException>(() => box.Open(value, "there"));
        Assert.ThrowsAny<CryptographicException>(() => box.Open((value[0] == 'A' ? "B" : "A") + value[1..], "here"));
        Assert.ThrowsAny<CryptographicException>(() => box.Open("plain text", "here"));
        Assert.ThrowsAny<CryptographicException>(() => box.Open("AAAA", "here"));
        Assert.ThrowsAny<CryptographicException>(() => box.Open("", "here"));
    }

    [Fact]
    public void What_a_former_key_sealed_is_opened_and_sealed_anew_once()
    {
        using var before = new SecretBox(Key);
        using var rotating = new SecretBox(new byte[32], [Key]);
        using var after = new SecretBox(new byte[32]);
        var box = before.Seal("secret", "here");

        var again = rotating.Rewrap(box, "here");

        Assert.Equal("secret", rotating.Open(box, "here"));
        Assert.Equal("secret", after.Open(again, "here"));
        Assert.Null(rotating.Rewrap(again, "here"));
        Assert.Null(rotating.Rewrap(null, "here"));
        Assert.ThrowsAny<CryptographicException>(() => rotating.Rewrap(box, "there"));
    }

    [Fact]
    public void The_same_text_is_never_sealed_to_the_same_value()
    {
        using var box = new SecretBox(Key);

        Assert.NotEqual(box.Seal("secret", "here"), box.Seal("secret", "here"));
    }

    [Fact]
    public void Many_threads_may_use_one_box()
    {
        using var box = new SecretBox(Key);

        Parallel.For(0, 20_000, number => Assert.Equal($"{number}", box.Open(box.Seal($"{number}", "here"), "here")));
    }
}
