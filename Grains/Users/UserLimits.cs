using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace NewLoom.Grains.Users;

/// <summary>What one user may have and do. Configuration section <c>NewLoom:Limits</c>.</summary>
public sealed class UserLimits
{
    /// <summary>Where these options are configured.</summary>
    public const string SectionName = "NewLoom:Limits";

    /// <summary>Messages a second, over all sockets and gateways. (default: 20)</summary>
    [Range(1, 10_000)]
    public int MessagesPerSecond { get; set; } = 20;

    /// <summary>Messages at once after a pause. (default: 40)</summary>
    /// <remarks>More than what a gateway takes ahead, which is 8.</remarks>
    [Range(9, 100_000)]
    public int MessagesBurst { get; set; } = 40;

    /// <summary>Open sockets over all gateways; one more is refused. (default: 20)</summary>
    [Range(1, 10_000)]
    public int OpenSockets { get; set; } = 20;

    /// <summary>Valid tokens; one more ends the oldest. (default: 100)</summary>
    [Range(1, 1_000)]
    public int Tokens { get; set; } = 100;

    /// <summary>Members of one chat; a chat with more is refused. (default: 100,000)</summary>
    [Range(1, 1_000_000)]
    public int ChatMembers { get; set; } = 100_000;

    /// <summary>Chats of one user; a chat that would be one more is refused. (default: 10,000)</summary>
    [Range(1, 100_000)]
    public int Chats { get; set; } = 10_000;

    /// <summary>Users with a right on one stream; one more is refused. (default: 100,000)</summary>
    [Range(1, 1_000_000)]
    public int StreamUsers { get; set; } = 100_000;

    /// <summary>Streams on which one user has a right; a right on one more is refused. (default: 10,000)</summary>
    [Range(1, 100_000)]
    public int Streams { get; set; } = 10_000;
}

[OptionsValidator]
internal sealed partial class UserLimitsValidator : IValidateOptions<UserLimits>;
