using NewLoom.Audit;

namespace NewLoom.Grains.Storage;

/// <summary>One actor's changes of one stream's rights and owner, each recorded in its transaction.</summary>
internal sealed class StreamRightRows(DatabaseSession session, DateTimeOffset now, string actor, long streamId)
{
    private const string Upsert = """
        INSERT INTO stream_rights (stream_id, "user", can_view, can_publish)
        SELECT id, @user, @view, @publish FROM streams WHERE id = @stream AND deleted_at IS NULL
        ON CONFLICT (stream_id, "user") DO UPDATE
        SET can_view = excluded.can_view, can_publish = excluded.can_publish
        """;

    /// <summary>Gives rights in a stream that was created in this transaction, to a user who has none yet.</summary>
    public void Add(RightsRecord rights)
    {
        session.Post(
            Upsert,
            ("@user", rights.User),
            ("@view", rights.CanView),
            ("@publish", rights.CanPublish),
            ("@stream", streamId));
        RecordChange(default, rights);
    }

    /// <summary>Sets a user's rights; without any, the row goes. A stream that is not there gets none.</summary>
    /// <returns>How many rows were changed.</returns>
    public int Set(RightsRecord after)
    {
        var before = Find(after.User);
        var count = after.CanView || after.CanPublish
            ? session.Execute(
                Upsert,
                ("@user", after.User),
                ("@view", after.CanView),
                ("@publish", after.CanPublish),
                ("@stream", streamId))
            : session.Execute(
                """DELETE FROM stream_rights WHERE stream_id = @stream AND "user" = @user""",
                ("@stream", streamId),
                ("@user", after.User));
        if (count > 0)
        {
            RecordChange(before, after);
        }

        return count;
    }

    /// <summary>Passes the ownership on.</summary>
    /// <returns>How many rows were changed.</returns>
    public int SetOwner(string owner)
    {
        var count = session.Execute(
            "UPDATE streams SET owner = @owner WHERE id = @stream AND owner <> @owner AND deleted_at IS NULL",
            ("@owner", owner),
            ("@stream", streamId));
        if (count > 0)
        {
            Record(AuditAction.StreamOwnerChanged, owner);
        }

        return count;
    }

    /// <summary>Records a change of the stream.</summary>
    /// <returns>1: the rows that were added.</returns>
    public int Record(string action, string user) =>
        AuditRows.Write(session, now, new AuditChange(actor, action, user) { StreamId = streamId });

    private RightsRecord Find(string user) => session.Query(
        """SELECT can_view, can_publish FROM stream_rights WHERE stream_id = @stream AND "user" = @user""",
        row => new RightsRecord(user, row.GetBoolean(0), row.GetBoolean(1)),
        ("@stream", streamId),
        ("@user", user)).SingleOrDefault();

    private void RecordChange(RightsRecord before, RightsRecord after)
    {
        if (before.CanView != after.CanView)
        {
            Record(after.CanView ? AuditAction.StreamViewGranted : AuditAction.StreamViewRevoked, after.User);
        }

        if (before.CanPublish != after.CanPublish)
        {
            Record(
                after.CanPublish ? AuditAction.StreamPublishGranted : AuditAction.StreamPublishRevoked, after.User);
        }
    }
}
