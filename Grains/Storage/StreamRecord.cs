using System.Collections.Immutable;
using NewLoom.Grains.Streams;
using NewLoom.Streams;

namespace NewLoom.Grains.Storage;

/// <summary>A stream as it is stored.</summary>
public sealed record StreamRecord
{
    /// <summary>1 to 200 characters.</summary>
    public required string Name { get; init; }

    /// <summary>Username of the owner.</summary>
    public required string Owner { get; init; }

    /// <summary>The last status's or error's place; 0 when there is none.</summary>
    public required long LastSeq { get; init; }

    /// <summary>The last status's or error's time; the Unix epoch when there is none.</summary>
    public required DateTimeOffset LastTimestamp { get; init; }

    /// <summary>Who may do what, in the order in which they got their first right.</summary>
    public required IReadOnlyList<RightsRecord> Rights { get; init; }

    /// <summary>The execution with the highest number.</summary>
    public required Execution Execution { get; init; }

    /// <summary>Its last errors, at most <see cref="StreamSnapshot.ErrorCountMax"/>, oldest first.</summary>
    public required ImmutableArray<StreamError> Errors { get; init; }
}

/// <summary>What one user may do with a stream.</summary>
public readonly record struct RightsRecord(string User, bool CanView, bool CanPublish);
