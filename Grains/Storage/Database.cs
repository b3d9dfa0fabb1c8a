namespace NewLoom.Grains.Storage;

/// <summary>The database of this silo: where connections come from, and what its errors mean.</summary>
/// <remarks>All that differs between the databases is here and in <see cref="DatabaseSession"/>; the statements are the
/// same for all.</remarks>
internal abstract class Database
{
    /// <summary>Where it is, for the operator; holds no secret.</summary>
    public abstract string Name { get; }

    /// <summary>Whether several silos may write to it.</summary>
    public virtual bool IsShared => false;

    /// <summary>Opens a connection whose commits are durable when they return.</summary>
    public abstract DatabaseSession OpenWriter();

    /// <summary>Opens a connection that only reads.</summary>
    public abstract DatabaseSession OpenReader();

    /// <summary>Whether a commit that ended so may have taken effect all the same.</summary>
    public virtual bool IsInDoubt(Exception commitError) => false;
}
