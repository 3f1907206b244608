-- +goose Up
-- What the crawler must know again after a restart: lists as last read, pages to try again, hosts to leave alone, backfills.
CREATE TABLE crawl_memos (source_id TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (source_id, kind, key)) STRICT, WITHOUT ROWID;
-- What a source published on each day, as its listings date it: how many pages, and how late they were read.
CREATE TABLE source_days (
  source_id TEXT NOT NULL, day INTEGER NOT NULL, items INTEGER NOT NULL DEFAULT 0, lag INTEGER NOT NULL DEFAULT 0, lagged INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (source_id, day)) STRICT, WITHOUT ROWID;
ALTER TABLE sources ADD COLUMN robots TEXT NOT NULL DEFAULT '';
