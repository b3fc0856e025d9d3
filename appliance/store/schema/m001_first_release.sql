CREATE TABLE contacts (
  id INTEGER PRIMARY KEY,
  source TEXT NOT NULL,
  source_call_id TEXT NOT NULL,
  ended_at TEXT NOT NULL,
  queue TEXT NOT NULL,
  wait_seconds INTEGER NOT NULL,
  talk_seconds INTEGER NOT NULL,
  direction TEXT NOT NULL,
  answered INTEGER NOT NULL,
  number_hash BLOB,
  reason TEXT NOT NULL,
  decided_at TEXT NOT NULL,
  UNIQUE (source, source_call_id)
) STRICT;
CREATE INDEX contacts_by_end ON contacts (ended_at, reason);
CREATE INDEX contacts_by_number ON contacts (number_hash, ended_at);

CREATE TABLE draw_days (
  day TEXT PRIMARY KEY,
  seed BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE questionnaires (
  id TEXT NOT NULL,
  version INTEGER NOT NULL,
  content TEXT NOT NULL,
  PRIMARY KEY (id, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE interviews (
  id INTEGER PRIMARY KEY,
  contact_id INTEGER NOT NULL REFERENCES contacts (id),
  questionnaire_id TEXT,
  questionnaire_version INTEGER,
  language TEXT NOT NULL,
  number_hash BLOB NOT NULL,
  number_sealed BLOB,
  state TEXT NOT NULL CHECK (state IN ('queued', 'live', 'over', 'expired')),
  due_at TEXT NOT NULL,
  latest_at TEXT NOT NULL,
  rings INTEGER NOT NULL DEFAULT 0,
  line TEXT,
  leased_until TEXT,
  started_at TEXT,
  ended_at TEXT,
  outcome TEXT,
  CHECK (state NOT IN ('over', 'expired') OR number_sealed IS NULL),
  FOREIGN KEY (questionnaire_id, questionnaire_version) REFERENCES questionnaires (id, version)
) STRICT;
CREATE INDEX interviews_due ON interviews (state, due_at);
CREATE INDEX interviews_by_contact ON interviews (contact_id);
CREATE INDEX interviews_by_number ON interviews (number_hash, ended_at);
CREATE INDEX interviews_by_end ON interviews (ended_at);

CREATE TABLE attempts (
  id INTEGER PRIMARY KEY,
  interview_id INTEGER NOT NULL REFERENCES interviews (id),
  line TEXT NOT NULL,
  begun_at TEXT NOT NULL,
  rang_at TEXT,
  answered_at TEXT,
  ended_at TEXT,
  outcome TEXT,
  sip_status INTEGER
) STRICT;
CREATE INDEX attempts_by_interview ON attempts (interview_id);

CREATE TABLE answers (
  interview_id INTEGER NOT NULL REFERENCES interviews (id),
  question TEXT NOT NULL,
  kind TEXT NOT NULL,
  value INTEGER,
  answered_at TEXT NOT NULL,
  PRIMARY KEY (interview_id, question)
) STRICT, WITHOUT ROWID;
CREATE INDEX answers_by_time ON answers (answered_at, question);

CREATE TABLE comments (
  id INTEGER PRIMARY KEY,
  interview_id INTEGER NOT NULL UNIQUE REFERENCES interviews (id),
  state TEXT NOT NULL,
  recorded_at TEXT NOT NULL,
  seconds REAL NOT NULL,
  file TEXT,
  key_wrapped BLOB,
  text_sealed BLOB,
  confidence REAL,
  speech_model TEXT,
  opinions_model TEXT,
  tries INTEGER NOT NULL DEFAULT 0,
  leased_by TEXT,
  leased_until TEXT,
  done_at TEXT
) STRICT;
CREATE INDEX comments_by_state ON comments (state, recorded_at);
CREATE INDEX comments_by_time ON comments (recorded_at);

CREATE TABLE opinions (
  comment_id INTEGER NOT NULL REFERENCES comments (id),
  area TEXT NOT NULL,
  tonality TEXT NOT NULL,
  score REAL NOT NULL,
  PRIMARY KEY (comment_id, area)
) STRICT, WITHOUT ROWID;

CREATE TABLE opt_outs (
  number_hash BLOB PRIMARY KEY,
  opted_out_at TEXT NOT NULL,
  source TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE users (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  password_hash TEXT NOT NULL,
  created_at TEXT NOT NULL,
  disabled_at TEXT,
  session_epoch INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE login_failures (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL COLLATE NOCASE,
  address TEXT NOT NULL,
  failed_at TEXT NOT NULL
) STRICT;
CREATE INDEX login_failures_by_time ON login_failures (failed_at);

CREATE TABLE processes (
  name TEXT PRIMARY KEY,
  pid INTEGER NOT NULL,
  started_at TEXT NOT NULL,
  beat_at TEXT NOT NULL,
  note TEXT NOT NULL
) STRICT, WITHOUT ROWID;
