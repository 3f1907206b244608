-- +goose Up
-- What an actor's record said before it was written over, so that as_of answers with what it said then.
CREATE TABLE actor_versions (actor_id TEXT NOT NULL, body TEXT NOT NULL, recorded_to INTEGER NOT NULL, PRIMARY KEY (actor_id, recorded_to)) STRICT;
