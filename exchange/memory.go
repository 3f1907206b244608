package exchange

import (
	"time"

	"github.com/rapsheet/rapsheet/intel"
)

// Remembered is an object that was exported once, without its content: enough to withdraw it when nothing else is left of it. What is
// purged leaves the store, so a program that starts after a purge knows from these alone that notes and links were handed out. It
// holds digests and times only.
type Remembered struct {
	Owner    string    `json:"w"`
	ID       string    `json:"id"`
	Type     string    `json:"t"`
	Created  time.Time `json:"c"`
	Source   string    `json:"s,omitempty"`
	Target   string    `json:"o,omitempty"`
	Relation string    `json:"r,omitempty"`
	// Revoked, with the change at which it was, says that it is withdrawn already.
	Revoked bool      `json:"x,omitempty"`
	Seq     int64     `json:"n,omitempty"`
	At      time.Time `json:"a,omitzero"`
}

func (o owner) digest() string { return intel.UUIDv5("owner", o.kind, o.id) }

// Remember tells a new graph what was exported before; later lines win. Call it before the first Apply.
func (g *Graph) Remember(all []Remembered) {
	for _, r := range all {
		if _, again := g.held[r.ID]; !again {
			g.remembered[r.Owner] = append(g.remembered[r.Owner], r.ID)
		}
		g.held[r.ID] = &Version{
			ID: r.ID, Type: r.Type, Revoked: r.Revoked, Stamp: Stamp{r.At, r.Seq}, Modified: r.At, created: r.Created, source: r.Source, target: r.Target, relation: r.Relation, loaded: true,
		}
	}
}

// News are the objects that were issued for the first time, or withdrawn, since the last call: to be kept for Remember.
func (g *Graph) News() []Remembered {
	out := g.news
	g.news = nil
	return out
}

// note keeps what Remember will need of a new version.
func (g *Graph) note(old, v *Version) {
	if old != nil && old.Revoked == v.Revoked {
		return
	}
	r := Remembered{Owner: v.owner.digest(), ID: v.ID, Type: v.Type, Created: v.created, Source: v.source, Target: v.target, Relation: v.relation, Revoked: v.Revoked}
	if v.Revoked {
		r.Seq, r.At = v.Stamp.Seq, v.Stamp.At
	}
	g.news = append(g.news, r)
}

// recall gives the objects that an owner had before the program started, once.
func (g *Graph) recall(o owner) []string {
	if len(g.remembered) == 0 {
		return nil
	}
	d := o.digest()
	ids := g.remembered[d]
	delete(g.remembered, d)
	return ids
}

// withdrawForgotten withdraws what was exported and belongs to nothing any more.
func (g *Graph) withdrawForgotten() ([]*Version, error) {
	var out []*Version
	for _, d := range sortedKeys(g.remembered) {
		for _, id := range g.remembered[d] {
			old := g.held[id]
			if old == nil || !old.loaded {
				continue
			}
			v, err := g.version(owner{"forgotten", d}, old.ghost(g.last))
			if err != nil {
				return nil, err
			}
			if v != nil {
				out = append(out, v)
			}
		}
	}
	clear(g.remembered)
	return out, nil
}
