-- +goose Up
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
-- The feed: one row a thing that changed, moved to the end of the sequence when it changes again.
CREATE TABLE changes (seq INTEGER PRIMARY KEY AUTOINCREMENT, what TEXT NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL, UNIQUE (what, id)) STRICT;
CREATE TABLE reports (
  id TEXT PRIMARY KEY, url TEXT NOT NULL, source_id TEXT NOT NULL, version INTEGER NOT NULL, content_hash TEXT NOT NULL, extractor TEXT NOT NULL,
  body TEXT NOT NULL, mentions TEXT NOT NULL, fingerprint BLOB, text BLOB, first_saved INTEGER NOT NULL) STRICT;
CREATE INDEX reports_saved ON reports (first_saved, id);
CREATE TABLE report_versions (report_id TEXT NOT NULL, version INTEGER NOT NULL, body TEXT NOT NULL, recorded_to INTEGER NOT NULL, PRIMARY KEY (report_id, version)) STRICT;
CREATE TABLE claims (
  id TEXT NOT NULL, report_id TEXT NOT NULL, incident_id TEXT NOT NULL, body TEXT NOT NULL,
  recorded_from INTEGER NOT NULL, recorded_to INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (id, recorded_from)) STRICT;
CREATE INDEX claims_report ON claims (report_id);
CREATE INDEX claims_incident ON claims (incident_id, recorded_to);
CREATE TABLE incidents (id TEXT PRIMARY KEY, victim_id TEXT NOT NULL, body TEXT NOT NULL, recorded_from INTEGER NOT NULL) STRICT;
CREATE INDEX incidents_victim ON incidents (victim_id);
CREATE TABLE actors (id TEXT PRIMARY KEY, body TEXT NOT NULL, recorded_from INTEGER NOT NULL) STRICT;
CREATE TABLE names (
  actor_id TEXT NOT NULL REFERENCES actors (id), name TEXT NOT NULL, source TEXT NOT NULL, used_by TEXT NOT NULL, body TEXT NOT NULL,
  recorded_from INTEGER NOT NULL, recorded_to INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (actor_id, name, source, used_by, recorded_from)) STRICT;
CREATE TABLE relations (
  from_id TEXT NOT NULL, type TEXT NOT NULL, to_id TEXT NOT NULL, source TEXT NOT NULL, report_id TEXT NOT NULL DEFAULT '', body TEXT NOT NULL,
  recorded_from INTEGER NOT NULL, recorded_to INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (from_id, type, to_id, source, report_id, recorded_from)) STRICT;
CREATE INDEX relations_report ON relations (report_id);
CREATE TABLE catalogue (origin TEXT PRIMARY KEY, version TEXT NOT NULL, software TEXT NOT NULL, techniques TEXT NOT NULL) STRICT;
CREATE TABLE asserted (origin TEXT NOT NULL, actor_id TEXT NOT NULL, digest TEXT NOT NULL, withdrawn INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (origin, actor_id)) STRICT;
CREATE TABLE victims (id TEXT PRIMARY KEY, body TEXT NOT NULL, recorded_from INTEGER NOT NULL) STRICT;
CREATE TABLE victim_names (fold TEXT NOT NULL, victim_id TEXT NOT NULL REFERENCES victims (id), acronym INTEGER NOT NULL, PRIMARY KEY (fold, victim_id)) STRICT;
CREATE TABLE decisions (id TEXT PRIMARY KEY, kind TEXT NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL, recorded_from INTEGER NOT NULL, recorded_to INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX decisions_subject ON decisions (subject);
CREATE TABLE tombstones (report_id TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT;
CREATE TABLE sources (
  id TEXT PRIMARY KEY, body TEXT NOT NULL, listed INTEGER NOT NULL, last_success INTEGER NOT NULL DEFAULT 0, last_attempt INTEGER NOT NULL DEFAULT 0,
  last_error TEXT NOT NULL DEFAULT '', reports INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE fetches (id INTEGER PRIMARY KEY, source_id TEXT NOT NULL, url TEXT NOT NULL, at INTEGER NOT NULL, outcome TEXT NOT NULL, body TEXT NOT NULL) STRICT;
CREATE INDEX fetches_url ON fetches (url, id);
