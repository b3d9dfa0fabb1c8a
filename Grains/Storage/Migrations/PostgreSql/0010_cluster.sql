-- What all members of a cluster have in common, so that a stranger can be told. The secret is kept as a salted hash.
CREATE TABLE cluster
(
    cluster_id  TEXT  PRIMARY KEY,
    service_id  TEXT  NOT NULL,
    secret_salt BYTEA NULL,    -- null with the hash: the cluster has no secret
    secret_hash BYTEA NULL
);
