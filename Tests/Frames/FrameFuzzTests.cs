using System.Collections.Frozen;
using System.Text.Json.Serialization.Metadata;
using NewLoom.Bench.Fuzzing;
using NewLoom.Gateway.Frames;
using NewLoom.Tests.Sockets;
using NewLoom.Tests.Sockets.Streams;

namespace NewLoom.Tests.Frames;

/// <summary>The reader of frames on frames that no client should send. A failure names seed and frame.</summary>
public sealed class FrameFuzzTests
{
    private const int FrameCount = 100_000;
    private const int GrowthBytesMax = 16 * 1_024 * 1_024;

    private static readonly IReadOnlyList<string> ChatFrames =
        [.. FrameCorpus.Chat, .. MalformedFrames.All.Select(frame => frame.Text)];

    private static readonly IReadOnlyList<string> StreamFrames =
        [.. FrameCorpus.Stream, .. RefusedReports.All.Select(frame => frame.Frame)];

    [Fact]
    public void ChatFrame_IsReadOrRefused_WhateverItHolds() => Fuzz(FrameReader.ChatTypes, ChatFrames);

    [Fact]
    public void StreamFrame_IsReadOrRefused_WhateverItHolds() => Fuzz(FrameReader.StreamTypes, StreamFrames);

    [Fact]
    public void Fuzzer_MakesTheSameFrames_WhenTheSeedIsTheSame()
    {
        var (first, second) = (new FrameFuzzer(7, ChatFrames), new FrameFuzzer(7, ChatFrames));
        for (var i = 0; i < 1_000; i++)
        {
            Assert.Equal(first.Next(), second.Next());
        }
    }

    private static void Fuzz(FrozenDictionary<string, JsonTypeInfo> types, IReadOnlyList<string> corpus)
    {
        var seed = Random.Shared.Next();
        var fuzzer = new FrameFuzzer(seed, [.. corpus.Select(text => text.Replace('@', '7'))]);
        var readings = new List<FrameReading>();
        var (frames, errors) = (0, 0);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < FrameCount; i++)
        {
            var bytes = fuzzer.Next();
            readings.Clear();
            try
            {
                FrameReader.Read(bytes, types, readings);
                Assert.InRange(readings.Count, 1, FrameReader.BatchCountMax);
                Assert.All(readings, AssertRight);
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}, frame {i}: {Convert.ToBase64String(bytes)}\n{e}");
            }

            frames += readings.Count(reading => reading.Frame is not null);
            errors += readings.Count(reading => reading.Error is not null);
        }

        var outcome = $"seed {seed}: {frames} read, {errors} refused";
        Assert.True(frames > FrameCount / 20 && errors > FrameCount / 20, outcome);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, GrowthBytesMax);
    }

    private static void AssertRight(FrameReading reading)
    {
        if (reading.Frame is { } frame)
        {
            Assert.Null(reading.Error);
            Assert.Null(frame.FindProblem());
            Assert.True(frame.RequestId is null || frame.RequestId.EnumerateRunes().Count() <= 64);
            EncodedFrame.Of(frame.About(Errors.Conflict) with { RequestId = frame.RequestId });
            return;
        }

        Assert.Equal("invalid_format", reading.Error!.Code);
        Assert.NotNull(reading.Error.Detail);
        EncodedFrame.Of(reading.Error);
    }
}
