#!/usr/bin/env python3
"""Validates a STIX bundle on stdin against the OASIS JSON schemas below a folder (cti-stix2-json-schemas, branch stix2.1).

usage: rapsheet export stix | python3 doc/integrations/check-stix.py SCHEMAS
needs: pip install jsonschema
"""
import json
import pathlib
import sys
import warnings

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

warnings.simplefilter("ignore")
registry, sources = Registry(), {}
for path in pathlib.Path(sys.argv[1]).rglob("*.json"):
    schema = json.loads(path.read_text())
    registry = registry.with_resource(schema["$id"], Resource.from_contents(schema))
    sources[path.stem] = schema
schemas = {name: Draft202012Validator(schema, registry=registry) for name, schema in sources.items()}
bundle = json.load(sys.stdin)
ids, wrong = {o["id"] for o in bundle["objects"]}, 0
for o in bundle["objects"]:
    for e in schemas[o["type"]].iter_errors(o):
        wrong += 1
        print(o["id"], list(e.path), e.message[:200])
    for key, value in o.items():
        if key.endswith(("_ref", "_refs")):
            for ref in value if isinstance(value, list) else [value]:
                if ref not in ids:
                    wrong += 1
                    print(o["id"], key, "leads nowhere:", ref)
print(len(bundle["objects"]), "objects,", wrong, "findings")
sys.exit(wrong > 0)
