namespace NewLoom.Grains.Storage;

/// <summary>The database cannot be used at all: the message is one sentence for the operator.</summary>
/// <remarks>Thrown before the silo starts only. Names the setting and the file.</remarks>
public sealed class StorageSetupException : Exception
{
    /// <summary>Creates the exception without a message.</summary>
    public StorageSetupException()
    {
    }

    /// <summary>Creates the exception with the sentence.</summary>
    public StorageSetupException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with the sentence and the cause.</summary>
    public StorageSetupException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
