-- One row for each grain state: the shipped index is not unique, so two first writers could both insert, and every
-- read would fail after that. The same columns lead, so this index also serves the shipped reads.
DROP INDEX IX_OrleansStorage;
CREATE UNIQUE INDEX IX_OrleansStorage ON OrleansStorage
(
    GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1, GrainTypeString, ifnull(GrainIdExtensionString, ''), ServiceId
);

-- The shipped write is a script with BEGIN and COMMIT of its own. Ours is one statement: it runs inside the writer's
-- transaction, and it cannot leave a transaction open behind a failure, as the script does on a pooled connection.
UPDATE OrleansQuery SET QueryText = '
    INSERT INTO OrleansStorage (GrainIdHash, GrainIdN0, GrainIdN1, GrainTypeHash, GrainTypeString, GrainIdExtensionString, ServiceId, PayloadBinary, ModifiedOn, Version)
    SELECT @GrainIdHash, @GrainIdN0, @GrainIdN1, @GrainTypeHash, @GrainTypeString, @GrainIdExtensionString, @ServiceId, @PayloadBinary, datetime(''now''), 1
    WHERE @GrainStateVersion IS NULL OR EXISTS (
        SELECT 1 FROM OrleansStorage
        WHERE GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash
        AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1
        AND GrainTypeString = @GrainTypeString
        AND ifnull(GrainIdExtensionString, '''') = ifnull(@GrainIdExtensionString, '''')
        AND ServiceId = @ServiceId
    )
    ON CONFLICT (GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1, GrainTypeString, ifnull(GrainIdExtensionString, ''''), ServiceId)
    DO UPDATE SET PayloadBinary = excluded.PayloadBinary, ModifiedOn = excluded.ModifiedOn, Version = Version + 1
    WHERE Version = @GrainStateVersion
    RETURNING Version AS NewGrainStateVersion;
'
WHERE QueryKey = 'WriteToStorageKey';
