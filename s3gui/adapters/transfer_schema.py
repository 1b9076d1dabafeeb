"""The tables of the queue. A migration is added at the end, and never changed afterwards.

`batch_count` is kept by triggers, one row for each batch and state, so that totals cost the
same for a hundred transfers and for a million.
"""

from __future__ import annotations

_FIRST = """
CREATE TABLE batch (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    created_at REAL NOT NULL,
    name TEXT NOT NULL,
    bucket TEXT NOT NULL,
    key NOT NULL,
    profile TEXT NOT NULL
);

CREATE TABLE transfer (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    batch_id INTEGER NOT NULL REFERENCES batch (id),
    source BLOB NOT NULL,
    bucket TEXT NOT NULL,
    key NOT NULL,
    size INTEGER CHECK (size >= 0),
    state TEXT NOT NULL CHECK (state IN (
        'queued', 'preparing', 'running', 'finishing', 'verifying', 'paused', 'waiting',
        'completed', 'failed', 'cancelled', 'skipped')),
    waiting_for TEXT,
    sent_bytes INTEGER NOT NULL DEFAULT 0 CHECK (sent_bytes >= 0),
    options TEXT NOT NULL,
    failure TEXT,
    identity TEXT,
    upload_id TEXT,
    part_size INTEGER CHECK (part_size > 0),
    stored TEXT,
    started_at REAL,
    ended_at REAL
);
CREATE INDEX transfer_by_state ON transfer (state, id);
CREATE INDEX transfer_by_batch ON transfer (batch_id, state, id);

CREATE TABLE part (
    transfer_id INTEGER NOT NULL REFERENCES transfer (id) ON DELETE CASCADE,
    number INTEGER NOT NULL CHECK (number BETWEEN 1 AND 10000),
    size INTEGER NOT NULL CHECK (size >= 0),
    etag TEXT NOT NULL,
    checksum TEXT,
    PRIMARY KEY (transfer_id, number)
) WITHOUT ROWID;

CREATE TABLE batch_count (
    batch_id INTEGER NOT NULL,
    state TEXT NOT NULL,
    files INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    sent_bytes INTEGER NOT NULL,
    PRIMARY KEY (batch_id, state)
) WITHOUT ROWID;

CREATE TRIGGER transfer_added AFTER INSERT ON transfer BEGIN
    INSERT INTO batch_count VALUES
        (new.batch_id, new.state, 1, coalesce(new.size, 0), new.sent_bytes)
    ON CONFLICT DO UPDATE SET files = files + 1, bytes = bytes + excluded.bytes,
        sent_bytes = sent_bytes + excluded.sent_bytes;
END;

CREATE TRIGGER transfer_changed AFTER UPDATE OF state, size, sent_bytes, batch_id ON transfer
WHEN old.state IS NOT new.state OR old.size IS NOT new.size
    OR old.sent_bytes IS NOT new.sent_bytes OR old.batch_id IS NOT new.batch_id
BEGIN
    UPDATE batch_count SET files = files - 1, bytes = bytes - coalesce(old.size, 0),
        sent_bytes = sent_bytes - old.sent_bytes
    WHERE batch_id = old.batch_id AND state = old.state;
    INSERT INTO batch_count VALUES
        (new.batch_id, new.state, 1, coalesce(new.size, 0), new.sent_bytes)
    ON CONFLICT DO UPDATE SET files = files + 1, bytes = bytes + excluded.bytes,
        sent_bytes = sent_bytes + excluded.sent_bytes;
END;

CREATE TRIGGER transfer_removed AFTER DELETE ON transfer BEGIN
    UPDATE batch_count SET files = files - 1, bytes = bytes - coalesce(old.size, 0),
        sent_bytes = sent_bytes - old.sent_bytes
    WHERE batch_id = old.batch_id AND state = old.state;
END
"""

_DEPTH = "ALTER TABLE transfer ADD COLUMN depth INTEGER NOT NULL DEFAULT 0 CHECK (depth >= 0)"

_KIND = """
ALTER TABLE transfer ADD COLUMN kind TEXT NOT NULL DEFAULT 'file';
ALTER TABLE transfer ADD COLUMN manifest TEXT
"""

_RANK = """
ALTER TABLE transfer ADD COLUMN rank INTEGER NOT NULL DEFAULT 0;
CREATE INDEX transfer_by_rank ON transfer (rank, id) WHERE rank <> 0 AND state = 'queued'
"""
"""Nearly all have rank 0, and cost the index nothing."""

_ASKED_UPLOADS = """
ALTER TABLE transfer ADD COLUMN upload_checksum TEXT;

CREATE TABLE asked_upload (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    asked_at REAL NOT NULL,
    profile TEXT NOT NULL,
    bucket TEXT NOT NULL,
    key NOT NULL,
    upload_id TEXT
);

CREATE TRIGGER transfer_left_upload AFTER DELETE ON transfer WHEN old.upload_id IS NOT NULL
BEGIN
    INSERT INTO asked_upload (asked_at, profile, bucket, key, upload_id)
        SELECT coalesce(old.started_at, batch.created_at), profile, old.bucket, old.key,
            old.upload_id
        FROM batch WHERE id = old.batch_id;
END
"""
"""Multipart uploads that no transfer names: their answer did not come, or the row was removed."""

_UPLOAD_INDEX = "CREATE INDEX transfer_by_upload ON transfer (id) WHERE upload_id IS NOT NULL"

_CANCEL = """
CREATE TABLE cancel (
    id INTEGER NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL CHECK (last >= first),
    PRIMARY KEY (id, first)
) WITHOUT ROWID
"""
"""Which transfers somebody wants to be cancelled, from the one id to the other, until they are."""

_UNKNOWN_SIZE = """
CREATE INDEX transfer_of_unknown_size ON transfer (state, batch_id) WHERE size IS NULL
"""
"""Few have none, archives mostly; the totals say so."""

MIGRATIONS = (
    _FIRST,
    _DEPTH,
    _KIND,
    _RANK,
    _ASKED_UPLOADS,
    _UPLOAD_INDEX,
    _CANCEL,
    _UNKNOWN_SIZE,
)
