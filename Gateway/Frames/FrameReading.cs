namespace NewLoom.Gateway.Frames;

/// <summary>One frame as it was read: the frame, or the error that its sender gets.</summary>
internal readonly record struct FrameReading
{
    public ClientFrame? Frame { get; init; }

    public ErrorNotice? Error { get; init; }
}
