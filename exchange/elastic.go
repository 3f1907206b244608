package exchange

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// ElasticIndex is the name of the lookup index, its enrich policy and its pipeline.
const ElasticIndex = "rapsheet-actors"

// ElasticLookup writes rows as bulk NDJSON for a lookup index: one row a name and actor, since LOOKUP JOIN ignores keys of
// several values. The _id is stable, so that loading it again replaces.
func ElasticLookup(rows []LookupRow) ([]byte, error) {
	lines := make([]any, 0, 2*len(rows))
	for _, r := range rows {
		lines = append(lines, bulkLine("index", r.ID()), r)
	}
	return jsonLines(lines...)
}

func bulkLine(op, id string) map[string]any {
	return map[string]any{op: map[string]string{"_id": id}}
}

// ElasticChanges writes what changed as NDJSON: first one _delete_by_query body with the actors to empty, then bulk lines.
func ElasticChanges(changes []LookupChange) ([]byte, error) {
	refs := []string{}
	var lines []any
	for _, c := range changes {
		if c.Op == "upsert" {
			lines = append(lines, bulkLine("index", c.ID()), c.LookupRow)
		} else {
			refs = append(refs, c.ActorRef)
		}
	}
	query := map[string]any{"query": map[string]any{"terms": map[string]any{"actor_ref": refs}}}
	return jsonLines(append([]any{query}, lines...)...)
}

// ElasticTemplate is the body of PUT /rapsheet-actors: a lookup index with every field mapped.
func ElasticTemplate() ([]byte, error) {
	return lookupIndex("key name actor_id actor extent match used_by attack_id actor_ref", "ambiguous withdrawn demo", "incidents claim_only denied corroborated")
}

// lookupIndex is the body that makes a lookup index of fields: words, yes or no, and counts, with last_reported.
func lookupIndex(words, flags, counts string) ([]byte, error) {
	props := map[string]any{"last_reported": map[string]any{"type": "date", "format": "strict_date"}}
	for kind, fields := range map[string]string{"keyword": words, "boolean": flags, "integer": counts} {
		for f := range strings.FieldsSeq(fields) {
			props[f] = map[string]string{"type": kind}
		}
	}
	return indented(map[string]any{
		"settings": map[string]any{"index": map[string]string{"mode": "lookup"}},
		"mappings": map[string]any{"dynamic": false, "properties": props},
	})
}

// ElasticPolicy is the body of PUT /_enrich/policy/rapsheet-actors.
func ElasticPolicy() ([]byte, error) {
	return indented(map[string]any{"match": map[string]any{
		"indices": ElasticIndex, "match_field": "key",
		"enrich_fields": []string{
			"name", "actor_id", "actor", "ambiguous", "withdrawn", "extent", "match", "used_by", "attack_id", "incidents", "last_reported",
			"claim_only", "denied", "corroborated", "demo",
		},
	}})
}

// ElasticPipeline is the body of PUT /_ingest/pipeline/rapsheet-actors: it folds threat.group.name into rapsheet.key, looks it up
// and keeps every match, up to 128, under rapsheet.actors: an ambiguous name has several.
func ElasticPipeline() ([]byte, error) {
	const key = "rapsheet.key"
	ps := []any{
		map[string]any{"set": map[string]any{"field": key, "copy_from": "threat.group.name", "ignore_empty_value": true}},
		map[string]any{"lowercase": map[string]any{"field": key, "ignore_missing": true}},
	}
	for _, s := range FoldSteps() {
		ps = append(ps, map[string]any{"gsub": map[string]any{"field": key, "pattern": s.Pattern, "replacement": s.Replace, "ignore_missing": true}})
	}
	ps = append(ps, map[string]any{"enrich": map[string]any{
		"policy_name": ElasticIndex, "field": key, "target_field": "rapsheet.actors", "max_matches": 128, "ignore_missing": true,
	}})
	return indented(map[string]any{
		"description": "Who threat.group.name may mean, with history (rapsheet). More than one rapsheet.actors is an ambiguous name.",
		"processors":  ps,
	})
}

func indented(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("exchange: write json: %w", err)
	}
	return b.Bytes(), nil
}
