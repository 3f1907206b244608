-- +goose Up
-- Campaigns, and the joins that made records of several catalogues one actor.
ALTER TABLE catalogue ADD COLUMN campaigns TEXT NOT NULL DEFAULT 'null';
ALTER TABLE catalogue ADD COLUMN joins TEXT NOT NULL DEFAULT 'null';
