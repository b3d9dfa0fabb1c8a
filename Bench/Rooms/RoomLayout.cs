namespace NewLoom.Bench.Rooms;

/// <summary>Who sits where: rooms of members, one socket for each, and how many users share the sockets.</summary>
/// <remarks>The users stand in a ring and fill the rooms one after the other.</remarks>
public sealed record RoomLayout(int Rooms, int Members)
{
    private const int SocketsPerUserMax = 20;
    private const int MessagesPerUserPerSecondMax = 20;
    private const int UsersUsual = 1000;
    private const int SocketsPerUserUsual = 10;

    /// <summary>Sockets of all rooms; socket numbers run room by room.</summary>
    public int Sockets => Rooms * Members;

    /// <summary>Users that keep within the service's limit of open sockets for each.</summary>
    public int Users => Math.Max(
        Math.Max(Members, Math.Min(UsersUsual, Sockets / SocketsPerUserUsual)),
        DivideUp(Sockets, SocketsPerUserMax));

    /// <summary>The rate at which the busiest user reaches the service's limit of messages for each.</summary>
    public double MessagesPerSecondMax => (double)MessagesPerUserPerSecondMax * Sockets / DivideUp(Sockets, Users);

    /// <summary>The user in a place of a room; nobody sits twice in one.</summary>
    public int UserOf(int room, int member) => (int)((FirstSocketOf(room) + member) % Users);

    /// <summary>The member who sends a room's message: each in turn.</summary>
    /// <remarks>
    /// Each lap of the ring starts one member further, so that the users, too, take turns: without it the rooms
    /// that one user shares would all have them send at the same time.
    /// </remarks>
    public int SenderOf(int room, int sequence) => (int)((sequence + FirstSocketOf(room) / Users) % Members);

    /// <summary>The number of a member's socket.</summary>
    public int SocketOf(int room, int member) => (int)FirstSocketOf(room) + member;

    /// <summary>The room of a socket.</summary>
    public int RoomOf(int socket) => socket / Members;

    private static int DivideUp(int value, int by) => (value + by - 1) / by;

    private long FirstSocketOf(int room) => (long)room * Members;
}
