namespace NewLoom.Tests.Durability;

/// <summary>Everything that clients sent and everything that they were told, to be held against the history.</summary>
internal sealed class Books
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Draft> _drafts = [];
    private readonly Dictionary<(long ChatId, long Seq), ToldMessage> _told = [];
    private readonly List<string> _complaints = [];

    /// <summary>A client is about to send this for the first time.</summary>
    public void Write(Draft draft)
    {
        lock (_lock)
        {
            _drafts.Add(draft.Content, draft);
        }
    }

    /// <summary>Somebody was told of a message; it must be the same one for everybody and for ever.</summary>
    public void Tell(ToldMessage message)
    {
        lock (_lock)
        {
            if (!_told.TryAdd((message.ChatId, message.Seq), message)
                && _told[(message.ChatId, message.Seq)] != message)
            {
                _complaints.Add($"told {message}, before that {_told[(message.ChatId, message.Seq)]}");
            }
        }
    }

    /// <summary>Something happened that must not.</summary>
    public void Complain(string what)
    {
        lock (_lock)
        {
            _complaints.Add(what);
        }
    }

    /// <summary>Fails when a message was lost, doubled or moved, or is not what was sent.</summary>
    /// <param name="history">The whole history of all chats, each ascending.</param>
    public void AssertAgree(IReadOnlyCollection<ToldMessage> history)
    {
        lock (_lock)
        {
            Assert.True(_complaints.Count == 0, string.Join('\n', _complaints.Take(5)));
            var stored = history.ToDictionary(message => (message.ChatId, message.Seq));
            var lost = _told.Values.Where(told => stored.GetValueOrDefault((told.ChatId, told.Seq)) != told).ToList();
            Assert.True(
                lost.Count == 0,
                $"{lost.Count} of {_told.Count} told messages lost or moved:\n{string.Join('\n', lost.Take(5))}");

            Assert.All(
                history.GroupBy(message => message.ChatId),
                chat => Assert.Equal(
                    Enumerable.Range(1, chat.Count()).Select(seq => (long)seq), chat.Select(m => m.Seq)));
            Assert.All(
                history.GroupBy(message => message.ChatId),
                chat => Assert.Equal(chat.Select(m => m.Id).Order(), chat.Select(m => m.Id)));
            Assert.Distinct(history.Select(message => message.Id));
            Assert.Distinct(history.Select(message => message.Content));
            Assert.All(history, message => Assert.Equal(
                _drafts[message.Content], new Draft(message.ChatId, message.User, message.Content, message.ClientId)));

            var contents = history.Select(message => message.Content).ToHashSet();
            Assert.DoesNotContain(
                _drafts.Values, draft => draft.ClientId is not null && !contents.Contains(draft.Content));
        }
    }
}

/// <summary>A message that a client sends; no two have the same content.</summary>
internal sealed record Draft(long ChatId, string User, string Content, string? ClientId);
