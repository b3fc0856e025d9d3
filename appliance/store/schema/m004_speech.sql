CREATE TABLE transcripts (
  id INTEGER PRIMARY KEY,
  comment_id INTEGER NOT NULL REFERENCES comments (id),
  made_at TEXT NOT NULL,
  speech_model TEXT,
  speech_model_digest TEXT,
  opinions_model TEXT,
  language TEXT,
  confidence REAL,
  doubts TEXT NOT NULL DEFAULT '',
  text_sealed BLOB,
  words_sealed BLOB
) STRICT;
CREATE INDEX transcripts_by_comment ON transcripts (comment_id, id);
CREATE INDEX transcripts_by_time ON transcripts (made_at);

INSERT INTO transcripts (id, comment_id, made_at, speech_model, opinions_model, confidence, text_sealed)
  SELECT id, id, coalesce(done_at, recorded_at), speech_model, opinions_model, confidence, text_sealed
  FROM comments WHERE text_sealed IS NOT NULL;

ALTER TABLE comments DROP COLUMN text_sealed;
ALTER TABLE comments DROP COLUMN confidence;
ALTER TABLE comments DROP COLUMN speech_model;
ALTER TABLE comments DROP COLUMN opinions_model;
ALTER TABLE comments ADD COLUMN transcript_id INTEGER REFERENCES transcripts (id);
ALTER TABLE comments ADD COLUMN again_at TEXT;
ALTER TABLE comments ADD COLUMN not_before TEXT;
ALTER TABLE comments ADD COLUMN fault TEXT;
UPDATE comments SET transcript_id = (SELECT id FROM transcripts WHERE comment_id = comments.id);
CREATE INDEX comments_new ON comments (tries, recorded_at, id) WHERE state = 'recorded' AND again_at IS NULL;
CREATE INDEX comments_again ON comments (tries, again_at, recorded_at, id) WHERE again_at IS NOT NULL;
CREATE INDEX comments_leased ON comments (leased_by) WHERE leased_by IS NOT NULL;
CREATE INDEX comments_by_fault ON comments (fault) WHERE fault IS NOT NULL;
CREATE INDEX comments_to_hear ON comments (recorded_at) WHERE state = 'recorded' OR again_at IS NOT NULL;
CREATE INDEX comments_by_end ON comments (done_at);
CREATE INDEX comments_parked ON comments (id) WHERE state = 'parked';

ALTER TABLE processes ADD COLUMN model TEXT;
