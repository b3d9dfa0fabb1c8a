namespace NewLoom;

/// <summary>Storage could not take or give the data now; nothing was changed and the call may be repeated.</summary>
/// <remarks>Thrown for a full disk, a locked or read-only database and a lost connection alike.</remarks>
[GenerateSerializer, Alias("newloom.storage-unavailable")]
public sealed class StorageUnavailableException : Exception
{
    /// <summary>Creates the exception without a cause.</summary>
    public StorageUnavailableException()
        : this("Storage is unavailable.")
    {
    }

    /// <summary>Creates the exception with a message for the operator.</summary>
    public StorageUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with the storage's own error.</summary>
    public StorageUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
