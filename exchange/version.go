package exchange

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"slices"
	"time"
)

// Version is the latest version of one object of a Graph.
type Version struct {
	// ID and Type name the object; Modified is its version.
	ID, Type string
	Modified time.Time
	Stamp    Stamp
	Revoked  bool

	owner          owner
	created        time.Time
	hash           uint64
	source, target string
	relation       string
	over           bool
	// loaded says that it is known from before the program started, without content and not in any collection.
	loaded bool
}

// made is an object as its owner makes it now.
type made struct {
	kind, id string
	created  time.Time
	stamp    Stamp
	revoked  bool
	o        Object
}

// finish writes what every object has.
func (m made) finish() Object {
	o := m.o
	if m.revoked {
		o = ghost(m)
	}
	o["type"], o["id"], o["spec_version"] = m.kind, m.id, "2.1"
	o["created"], o["modified"] = stixTime(m.created), stixTime(m.modified())
	o["created_by_ref"] = producerID()
	if m.id == producerID() {
		delete(o, "created_by_ref")
	}
	o["object_marking_refs"] = []string{clearMarking()}
	return o
}

// ghost is a revoked object without content: what STIX requires of its type and nothing more.
func ghost(m made) Object {
	o := Object{"revoked": true}
	switch m.kind {
	case "relationship":
		for _, k := range []string{"relationship_type", "source_ref", "target_ref"} {
			o[k] = m.o[k]
		}
	case "note":
		o["content"], o["object_refs"] = "(removed)", []string{producerID()}
	case "opinion":
		o["opinion"], o["object_refs"] = "neutral", []string{producerID()}
	case "report":
		o["name"], o["object_refs"], o["published"] = "(removed)", []string{producerID()}, stixTime(m.created)
	default:
		o["name"] = "(removed)"
	}
	return o
}

// Settle works out what the applied changes changed. Call it when the feed is drained: what one transaction of the store changed is
// then issued together.
func (g *Graph) Settle() error {
	var fresh []*Version
	owners := make([]owner, 0, len(g.dirty))
	for o := range g.dirty {
		owners = append(owners, o)
	}
	slices.SortFunc(owners, func(a, b owner) int { return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.id, b.id)) })
	for _, o := range owners {
		versions, err := g.settleOwner(o)
		if err != nil {
			return err
		}
		fresh = append(fresh, versions...)
	}
	clear(g.dirty)
	forgotten, err := g.withdrawForgotten()
	if err != nil {
		return err
	}
	fresh = append(fresh, forgotten...)
	var incidents []string
	for _, o := range owners {
		if o.kind == "incident" {
			incidents = append(incidents, o.id)
		}
	}
	g.collect(fresh, incidents)
	return nil
}

func (g *Graph) settleOwner(o owner) ([]*Version, error) {
	var fresh []*Version
	now := map[string]bool{}
	ids := []string{}
	for _, m := range g.objectsOf(o) {
		if now[m.id] {
			continue
		}
		now[m.id] = true
		ids = append(ids, m.id)
		v, err := g.version(o, m)
		if err != nil {
			return nil, err
		}
		if v != nil {
			fresh = append(fresh, v)
		}
	}
	for _, id := range append(g.recall(o), g.byOwner[o]...) {
		old := g.held[id]
		if now[id] || old == nil {
			continue
		}
		ids = append(ids, id)
		v, err := g.version(o, old.ghost(g.last))
		if err != nil {
			return nil, err
		}
		if v != nil {
			fresh = append(fresh, v)
		}
	}
	g.byOwner[o] = ids
	return fresh, nil
}

// ghost is the revocation of a version whose owner no longer makes it. One that is revoked already stays as it is.
func (v *Version) ghost(now Stamp) made {
	if v.Revoked {
		now = v.Stamp
	}
	return made{
		kind: v.Type, id: v.ID, created: v.created, stamp: now, revoked: true,
		o: Object{"relationship_type": v.relation, "source_ref": v.source, "target_ref": v.target},
	}
}

// version is the version of what was made, or nil when it is the one held.
func (g *Graph) version(o owner, m made) (*Version, error) {
	old := g.held[m.id]
	if old != nil && !old.loaded && m.stamp.Seq <= old.Stamp.Seq {
		m.stamp = old.Stamp
		h, err := m.hash()
		if err != nil || h == old.hash {
			return nil, err
		}
		m.stamp = g.last // what it is made of did not change, but whether it may be told did
	}
	h, err := m.hash()
	if err != nil || old != nil && !old.loaded && old.hash == h {
		return nil, err
	}
	v := &Version{ID: m.id, Type: m.kind, Modified: m.modified(), Stamp: m.stamp, Revoked: m.revoked, owner: o, created: m.created, hash: h}
	if m.kind == "relationship" {
		v.source, v.target, v.relation = text(m.o["source_ref"]), text(m.o["target_ref"]), text(m.o["relationship_type"])
	}
	if old != nil {
		old.over = true
	}
	g.held[m.id] = v
	g.note(old, v)
	return v, nil
}

func (m made) modified() time.Time {
	if m.stamp.At.Before(m.created) {
		return m.created
	}
	return m.stamp.At
}

// hash tells two writings of an object apart.
func (m made) hash() (uint64, error) {
	b, err := AppendObject(nil, m.finish())
	if err != nil {
		return 0, fmt.Errorf("exchange: %s: %w", m.id, err)
	}
	h := fnv.New64a()
	h.Write(b) //nolint:errcheck,gosec // a hash never fails
	return h.Sum64(), nil
}

func text(v any) string {
	s, _ := v.(string) //nolint:errcheck // what is no text is empty
	return s
}

// Versions are the latest versions of all objects in the order in which they were added.
func (g *Graph) Versions() []*Version {
	all := g.collection("")
	out := make([]*Version, 0, len(all.order))
	for _, e := range all.order {
		if e.v != nil && !e.v.over {
			out = append(out, e.v)
		}
	}
	return out
}

// Version is the latest version of an object, nil when there is none.
func (g *Graph) Version(id string) *Version { return g.held[id] }

// Objects writes versions. Markings and the producer are nobody's versions: see Fixed.
func (g *Graph) Objects(versions []*Version) []Object {
	out := make([]Object, len(versions))
	byOwner := map[owner]map[string]made{}
	for i, v := range versions {
		all, ok := byOwner[v.owner]
		if !ok {
			all = map[string]made{}
			for _, m := range g.objectsOf(v.owner) {
				if _, twice := all[m.id]; !twice {
					all[m.id] = m
				}
			}
			byOwner[v.owner] = all
		}
		m, ok := all[v.ID]
		if !ok {
			m = v.ghost(v.Stamp)
		}
		m.stamp = v.Stamp
		out[i] = m.finish()
	}
	return out
}
