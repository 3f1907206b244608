-- +goose Up
-- The other side of a merge, so that what was merged into a thing is found without reading every decision.
ALTER TABLE decisions ADD COLUMN object TEXT NOT NULL DEFAULT '';
UPDATE decisions SET object = coalesce(json_extract(body, '$.object'), '');
CREATE INDEX decisions_object ON decisions (object);
