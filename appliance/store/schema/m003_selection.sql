CREATE TABLE policies (
  id INTEGER PRIMARY KEY,
  content TEXT NOT NULL,
  changes TEXT NOT NULL,
  file TEXT NOT NULL,
  since TEXT NOT NULL,
  changed_by TEXT NOT NULL
) STRICT;

ALTER TABLE contacts ADD COLUMN linked_id TEXT NOT NULL DEFAULT '';
ALTER TABLE contacts ADD COLUMN draw_day TEXT;
ALTER TABLE contacts ADD COLUMN draw_sequence INTEGER;
ALTER TABLE contacts ADD COLUMN share REAL;
ALTER TABLE contacts ADD COLUMN policy_id INTEGER REFERENCES policies (id);
ALTER TABLE contacts ADD COLUMN draw_digest BLOB;
DROP INDEX contacts_by_end;
CREATE INDEX contacts_by_end ON contacts (ended_at, reason, queue);
CREATE INDEX contacts_by_link ON contacts (source, linked_id, ended_at) WHERE linked_id <> '';
CREATE UNIQUE INDEX contacts_by_draw ON contacts (draw_day, draw_sequence) WHERE draw_day IS NOT NULL;
CREATE INDEX contacts_queued_on ON contacts (draw_day, queue) WHERE reason = 'queued';

ALTER TABLE draw_days ADD COLUMN made_at TEXT;
ALTER TABLE draw_days ADD COLUMN decisions INTEGER NOT NULL DEFAULT 0;
ALTER TABLE draw_days ADD COLUMN queued INTEGER NOT NULL DEFAULT 0;
ALTER TABLE draw_days ADD COLUMN digest BLOB;

CREATE TABLE revisions (
  contact_id INTEGER NOT NULL REFERENCES contacts (id),
  draw_day TEXT NOT NULL,
  draw_sequence INTEGER NOT NULL,
  was_reason TEXT NOT NULL,
  reason TEXT NOT NULL,
  revised_at TEXT NOT NULL,
  draw_digest BLOB NOT NULL,
  PRIMARY KEY (draw_day, draw_sequence)
) STRICT, WITHOUT ROWID;
CREATE INDEX revisions_by_contact ON revisions (contact_id);

ALTER TABLE interviews ADD COLUMN weight REAL;
ALTER TABLE interviews ADD COLUMN promised INTEGER NOT NULL DEFAULT 0;
ALTER TABLE interviews ADD COLUMN withdrawn_at TEXT;
CREATE INDEX interviews_next ON interviews (promised, due_at) WHERE state = 'queued';

CREATE INDEX interviews_by_questionnaire ON interviews (questionnaire_id) WHERE questionnaire_id IS NOT NULL;
CREATE INDEX interviews_live ON interviews (id) WHERE state = 'live';

CREATE TABLE intake_sources (
  name TEXT PRIMARY KEY,
  decided INTEGER NOT NULL DEFAULT 0,
  repeated INTEGER NOT NULL DEFAULT 0,
  rejected INTEGER NOT NULL DEFAULT 0,
  no_record INTEGER NOT NULL DEFAULT 0,
  last_record_at TEXT,
  state TEXT NOT NULL DEFAULT '',
  state_since TEXT,
  begun_at TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE intake_streams (
  name TEXT PRIMARY KEY,
  done_bytes INTEGER NOT NULL,
  done_frames INTEGER NOT NULL,
  is_in_too_long INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE rejected_lines (
  id INTEGER PRIMARY KEY,
  source TEXT NOT NULL,
  rejected_at TEXT NOT NULL,
  line INTEGER NOT NULL,
  reason TEXT NOT NULL,
  masked TEXT NOT NULL
) STRICT;
CREATE INDEX rejected_lines_by_source ON rejected_lines (source, id);

CREATE TABLE idempotency_keys (
  key_hash BLOB PRIMARY KEY,
  body_hash BLOB NOT NULL,
  status INTEGER NOT NULL,
  response TEXT NOT NULL,
  answered_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_keys_by_time ON idempotency_keys (answered_at);

CREATE TABLE taken_files (
  name TEXT PRIMARY KEY,
  lines INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE dialing (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  state TEXT NOT NULL CHECK (state IN ('running', 'paused', 'stopped')),
  since TEXT,
  changed_by TEXT NOT NULL DEFAULT '',
  stopped_at TEXT
) STRICT;
INSERT INTO dialing (id, state) VALUES (1, 'running');

ALTER TABLE attempts ADD COLUMN leading TEXT NOT NULL DEFAULT '';

CREATE TABLE timekeeping (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  start TEXT NOT NULL,
  started_at TEXT NOT NULL,
  set_after_seconds REAL NOT NULL
) STRICT;

CREATE TABLE schedule (
  id INTEGER PRIMARY KEY,
  questionnaire_id TEXT NOT NULL,
  questionnaire_version INTEGER NOT NULL,
  queues TEXT NOT NULL,
  begins_at TEXT NOT NULL,
  ends_at TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at TEXT NOT NULL,
  withdrawn_at TEXT,
  withdrawn_by TEXT NOT NULL DEFAULT '',
  has_asked INTEGER NOT NULL DEFAULT 0,
  FOREIGN KEY (questionnaire_id, questionnaire_version) REFERENCES questionnaires (id, version)
) STRICT;

ALTER TABLE opt_outs RENAME COLUMN opted_out_at TO changed_at;
ALTER TABLE opt_outs ADD COLUMN changed_by TEXT NOT NULL DEFAULT '';
ALTER TABLE opt_outs ADD COLUMN is_blocked INTEGER NOT NULL DEFAULT 1 CHECK (is_blocked IN (0, 1));
CREATE INDEX opt_outs_by_time ON opt_outs (changed_at);

CREATE TABLE opt_outs_ledger (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  ledger TEXT NOT NULL,
  merged_bytes INTEGER NOT NULL
) STRICT;

CREATE TABLE token_failures (
  id INTEGER PRIMARY KEY,
  address TEXT NOT NULL,
  failed_at TEXT NOT NULL
) STRICT;
CREATE INDEX token_failures_by_address ON token_failures (address, failed_at);
