using System.Data.Common;
using System.Text.Json;
using Dbaas.Cloud.Ports;
using Dbaas.GuestProtocol;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;

namespace Dbaas.TaskManager.Tests;

/// <summary>Who throws or answers says whether trying again makes sense.</summary>
public sealed class FaultsTests
{
    public static TheoryData<Exception, bool> Thrown => new()
    {
        { new CloudException("Busy.", isTransient: true), true },
        { new CloudException("No such image.", isTransient: false), false },
        { new OperationCanceledException(), true },
        { new InvalidOperationException("secret"), true },
    };

    public static TheoryData<Exception, bool> ThrownAgainAndAgain => new()
    {
        { new CloudException("Busy.", isTransient: true), true },
        { new OperationCanceledException(), true },
        { new IOException("No space left on device"), true },
        { new HttpRequestException("Connection refused"), true },
        { new NoDatabaseException(), true },
        { new InvalidOperationException("secret"), false },
        { new FormatException("An invalid IP address was specified."), false },
    };

    public static TheoryData<FaultKind, bool> Kinds => new()
    {
        { FaultKind.Transient, true },
        { FaultKind.Permanent, false },
        { FaultKind.Precondition, false },
        { FaultKind.NotFound, false },
        { FaultKind.Unsupported, false },
        { FaultKind.Unknown, false },
    };

    [Theory]
    [MemberData(nameof(Thrown))]
    public void What_is_thrown_is_tried_again_or_turns_back(Exception thrown, bool again) =>
        Assert.Equal(again, Faults.ToOutcome(thrown, tries: 0) is StepOutcome<string>.Again);

    [Theory]
    [MemberData(nameof(ThrownAgainAndAgain))]
    public void A_mistake_of_this_program_turns_back_after_a_few_tries_and_what_is_away_is_waited_for(Exception thrown, bool again) =>
        Assert.Equal(again, Faults.ToOutcome(thrown, tries: 10) is StepOutcome<string>.Again);

    [Fact]
    public void A_user_does_not_see_what_was_not_meant_for_users()
    {
        var outcome = Assert.IsType<StepOutcome<string>.Again>(Faults.ToOutcome(new InvalidOperationException("secret"), tries: 0));

        Assert.DoesNotContain("secret", outcome.Why.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_guests_fault_is_tried_again_or_turns_back(FaultKind kind, bool again)
    {
        var outcome = new GuestAnswer.Failed(new GuestFault(kind, "No.")).Then("state", _ => "next");

        Assert.Equal(again, outcome is StepOutcome<string>.Again);
        Assert.Equal(!again, outcome is StepOutcome<string>.Failed);
    }

    [Fact]
    public void An_answer_leads_on_and_no_answer_waits()
    {
        Assert.Equal(new StepOutcome<string>.Done("next"), new GuestAnswer.Succeeded(null).Then("state", _ => "next"));
        Assert.IsType<StepOutcome<string>.NotYet>(new GuestAnswer.Waiting().Then("state", _ => "next"));
        Assert.Throws<JsonException>(() => new GuestAnswer.Succeeded(null).Read<string>());
    }

    private sealed class NoDatabaseException : DbException;
}
