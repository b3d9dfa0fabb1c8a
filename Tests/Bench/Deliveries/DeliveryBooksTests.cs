using NewLoom.Bench.Deliveries;
using NewLoom.Bench.Rooms;

namespace NewLoom.Tests.Bench.Deliveries;

public sealed class DeliveryBooksTests
{
    private const int Run = 7;
    private const int Messages = 6;

    private static readonly RoomLayout Layout = new(Rooms: 2, Members: 2);

    private readonly DeliveryBooks _books = new(Run, Layout, Messages);

    [Fact]
    public void Books_AreCleanAndComplete_WhenEverythingArrivedOnce()
    {
        EnterAll();

        Assert.True(_books.Complete.IsCompleted);
        Assert.True(_books.Total() is { Clean: true, Expected: 12, Received: 12 });
    }

    [Fact]
    public void Books_CountLost_WhenADeliveryIsMissing()
    {
        EnterAll(except: (1, 2));

        Assert.False(_books.Complete.IsCompleted);
        Assert.True(_books.Total() is { Clean: false, Lost: 1, Received: 11 });
    }

    [Fact]
    public void Books_CountDoubled_AndDoNotLetItStandForALostOne()
    {
        EnterAll(except: (1, 2));

        Enter(socket: 1, sequence: 1);

        Assert.True(_books.Total() is { Clean: false, Doubled: 1, Lost: 1, Reordered: 0 });
        Assert.False(_books.Complete.IsCompleted);
    }

    [Fact]
    public void Books_CountReordered_WhenALowerNumberComesLater()
    {
        Enter(socket: 0, sequence: 0, order: 11);
        Enter(socket: 0, sequence: 1, order: 13);
        Enter(socket: 0, sequence: 2, order: 12);
        Enter(socket: 1, sequence: 2, order: 12);

        Assert.True(_books.Total() is { Clean: false, Reordered: 1, Received: 4 });
    }

    [Fact]
    public void Books_CountMisrouted_WhenItIsAnotherRooms()
    {
        _books.Enter(0, new Marker(Run, Room: 1, Sequence: 0, DueNanoseconds: 0), 0, 0);

        Assert.True(_books.Total() is { Clean: false, Misrouted: 1, Received: 0 });
    }

    [Fact]
    public void Books_PassOver_WhatAnotherRunSent()
    {
        _books.Enter(0, new Marker(Run + 1, Room: 0, Sequence: 0, DueNanoseconds: 0), 0, 0);

        Assert.True(_books.Total() is { Received: 0, Misrouted: 0, Doubled: 0 });
    }

    [Fact]
    public void Books_MeasureFromTheMomentAMessageWasDue()
    {
        _books.Enter(0, new Marker(Run, Room: 0, Sequence: 0, DueNanoseconds: 1_000_000), 0, 6_000_000);

        Assert.Equal(5, _books.Total().MaxMilliseconds);
    }

    private void EnterAll((int Socket, int Sequence)? except = null)
    {
        for (var sequence = 0; sequence < Messages / Layout.Rooms; sequence++)
        {
            for (var socket = 0; socket < Layout.Sockets; socket++)
            {
                if ((socket, sequence) != except)
                {
                    Enter(socket, sequence);
                }
            }
        }
    }

    private void Enter(int socket, int sequence, long? order = null) =>
        _books.Enter(socket, new Marker(Run, Layout.RoomOf(socket), sequence, 0), order ?? sequence, 0);
}
