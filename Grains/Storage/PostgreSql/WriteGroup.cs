namespace NewLoom.Grains.Storage.PostgreSql;

/// <summary>Writes of a batch that may run together: they do not depend on each other's order, because they are in
/// different tables, or in the order of one statement.</summary>
internal sealed class WriteGroup(PostgreSqlSession session, BatchTails tails)
{
    private readonly List<MessageAppend> _messages = [];
    private readonly List<StorageWrite> _others = [];

    /// <summary>Adds a write; false when it has to run alone, behind the group.</summary>
    public bool TryAdd(StorageWrite write)
    {
        switch (write)
        {
            case MessageAppend message:
                _messages.Add(message);
                return true;
            case EventAppend or StorageStatement:
                _others.Add(write);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Runs what was added, and empties the group.</summary>
    public void Run()
    {
        if (_messages.Count > 0)
        {
            RunMessages(_messages);
            _messages.Clear();
        }

        if (_others.Count > 0)
        {
            if (!session.TryRunTogether(_others, tails))
            {
                RunOneByOne(_others);
            }

            _others.Clear();
        }
    }

    private void RunMessages(List<MessageAppend> messages)
    {
        var rows = new MessageInsert(messages, tails);
        if (session.TryTogether(tails, () => rows.TryRun(session)))
        {
            rows.Complete(tails);
            return;
        }

        // Chats without a repeat, a conflict or another writer go on together; those with one need each row's answer.
        var good = messages.Where(message => !rows.IsDoubtful(message.Tail)).ToList();
        var again = new MessageInsert(good, tails);
        var isGood = good.Count > 0 && good.Count < messages.Count
            && session.TryTogether(tails, () => again.TryRun(session));
        if (isGood)
        {
            again.Complete(tails);
        }

        RunOneByOne(isGood ? messages.Where(message => rows.IsDoubtful(message.Tail)) : messages);
    }

    private void RunOneByOne(IEnumerable<StorageWrite> writes)
    {
        foreach (var write in writes)
        {
            session.RunOne(write, tails);
        }
    }
}
