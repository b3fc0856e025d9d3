ALTER TABLE attempts ADD COLUMN direction TEXT NOT NULL DEFAULT 'out' CHECK (direction IN ('out', 'in'));
ALTER TABLE attempts ADD COLUMN was_due_at TEXT;
CREATE INDEX attempts_by_begin ON attempts (direction, begun_at);
CREATE INDEX interviews_queued_until ON interviews (latest_at) WHERE state = 'queued';

ALTER TABLE comments ADD COLUMN level_dbfs REAL;
ALTER TABLE comments ADD COLUMN clipped_share REAL;

CREATE TABLE trunk (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  faults INTEGER NOT NULL,
  since TEXT,
  faulted_at TEXT,
  paused_until TEXT,
  sip_status INTEGER
) STRICT;
INSERT INTO trunk (id, faults) VALUES (1, 0);

ALTER TABLE processes ADD COLUMN other_calls INTEGER NOT NULL DEFAULT 0;
