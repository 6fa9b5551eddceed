using Dbaas.Domain.Backups.Keys;

namespace Dbaas.Domain.Tests.Backups;

/// <summary>Keys of age-keygen, and what becomes of them on their way.</summary>
public sealed class AgeKeysTests
{
    private const string Recipient = "age1kptxvd3le7h6c0em9pal4scnys3ftvtw7eww8frgfkujf5amd9xq4f0hvq";
    private const string Identity = "AGE-SECRET-KEY-1UPZHXNNC0KPJ70K3E7KL3PGK7NKUXEQSQTHKN0DDVPMNWFF7K5SSJNAA40";
    private const string Other = "AGE-SECRET-KEY-153T0QCPN023EGN2ETR6WRS6ZDA8P02A2J9HC48VJ5UY7NJRLWFKSM972LA";

    [Theory]
    [InlineData(Recipient, true)]
    [InlineData("age1ngekku5xslpm0a6z95ume6eg6muarp5d2zz0nlfjjhtzumsxsv9sm6n6nh", true)]
    [InlineData("age1kptxvd3le7h6c0em9pal4scnys3ftvtw7eww8frgfkujf5amd9xq4f0hv", false)]
    [InlineData("age1kptxvd3le7h6c0em9pal4scnys3ftvtw7eww8frgfkujf5amd9xq4f0hvp", false)]
    [InlineData("age1kptxvd3le7h6c0em9pal4scnys3ftvtw7eww8frgfkujf5amd9xq4f0hvb", false)]
    [InlineData("age1pktxvd3le7h6c0em9pal4scnys3ftvtw7eww8frgfkujf5amd9xq4f0hvq", false)]
    [InlineData("AGE1KPTXVD3LE7H6C0EM9PAL4SCNYS3FTVTW7EWW8FRGFKUJF5AMD9XQ4F0HVQ", false)]
    [InlineData(Identity, false)]
    [InlineData("", false)]
    public void A_public_key_is_one_whose_checksum_fits(string text, bool isOne) => Assert.Equal(isOne, AgeKeys.IsRecipient(text));

    [Fact]
    public void No_letter_of_a_key_can_be_another()
    {
        for (var index = "age1".Length; index < Recipient.Length; index++)
        {
            var letter = Recipient[index] == 'q' ? 'p' : 'q';
            Assert.False(AgeKeys.IsRecipient($"{Recipient[..index]}{letter}{Recipient[(index + 1)..]}"), $"letter {index}");
        }
    }

    [Theory]
    [InlineData(Identity, true)]
    [InlineData($"# created: today\n# public key: {Recipient}\n{Identity}\n", true)]
    [InlineData($"{Identity}\r\n{Other}\r\n", true)]
    [InlineData($"{Identity}\n{Recipient}", false)]
    [InlineData("# nothing", false)]
    [InlineData("", false)]
    [InlineData("age-secret-key-1upzhxnnc0kpj70k3e7kl3pgk7nkuxeqsqthkn0ddvpmnwff7k5ssjnaa40", false)]
    public void A_file_of_private_keys_has_at_least_one(string text, bool isOne) => Assert.Equal(isOne, AgeKeys.IsIdentityFile(text));
}
