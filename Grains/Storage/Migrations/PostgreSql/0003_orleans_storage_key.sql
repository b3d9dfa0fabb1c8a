-- One row for each grain state: the shipped index is not unique, so two first writers could both insert, and every read
-- would fail after that. The same columns lead, so this index also serves the shipped reads.
DROP INDEX ix_orleansstorage;
CREATE UNIQUE INDEX ix_orleansstorage ON orleansstorage
    (grainidhash, graintypehash, grainidn0, grainidn1, graintypestring, grainidextensionstring, serviceid)
    NULLS NOT DISTINCT;

-- The shipped function would now fail with an error for the second of two first writers. This one gives it back the
-- version that it came with, which is how Orleans learns that another was faster.
CREATE OR REPLACE FUNCTION writetostorage(
    _grainidhash integer,
    _grainidn0 bigint,
    _grainidn1 bigint,
    _graintypehash integer,
    _graintypestring character varying,
    _grainidextensionstring character varying,
    _serviceid character varying,
    _grainstateversion integer,
    _payloadbinary bytea)
    RETURNS TABLE(newgrainstateversion integer)
    LANGUAGE plpgsql
AS $function$
    DECLARE
        _newversion integer;
    BEGIN
        IF _grainstateversion IS NULL THEN
            INSERT INTO orleansstorage (
                grainidhash, grainidn0, grainidn1, graintypehash, graintypestring, grainidextensionstring, serviceid,
                payloadbinary, modifiedon, version)
            VALUES (
                _grainidhash, _grainidn0, _grainidn1, _graintypehash, _graintypestring, _grainidextensionstring,
                _serviceid, _payloadbinary, now() AT TIME ZONE 'utc', 1)
            ON CONFLICT DO NOTHING
            RETURNING version INTO _newversion;
        ELSE
            UPDATE orleansstorage
            SET payloadbinary = _payloadbinary, modifiedon = now() AT TIME ZONE 'utc', version = version + 1
            WHERE grainidhash = _grainidhash AND graintypehash = _graintypehash
                AND grainidn0 = _grainidn0 AND grainidn1 = _grainidn1
                AND graintypestring = _graintypestring
                AND grainidextensionstring IS NOT DISTINCT FROM _grainidextensionstring
                AND serviceid = _serviceid
                AND version = _grainstateversion
            RETURNING version INTO _newversion;
        END IF;

        RETURN QUERY SELECT coalesce(_newversion, _grainstateversion);
    END
$function$;
