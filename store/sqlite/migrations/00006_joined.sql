-- +goose Up
-- An incident that a later report showed to be one with another leads to it.
ALTER TABLE incidents ADD COLUMN joined_into TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE incidents DROP COLUMN joined_into;
