package extract

import (
	"math"
	"sort"
	"strings"

	"github.com/rapsheet/rapsheet/extract/lexicon"
	"github.com/rapsheet/rapsheet/extract/sentence"
)

// The trees of the second pass read a candidate as numbers: what the first pass made of it, of its mentions and of its rivals, where
// it stands in the text, and what kind of text it is. Trees find what only goes together: a name that is often heard in a long text
// about research, one that leads a short notice.

// denseNames names the numbers, in their order.
func denseNames() []string {
	return []string{
		"p", "best", "second", "mean", "sum", "strong", "share", "titlep", "leadp", "firstp", "rank", "rankone", "gap", "gapone", "top", "topone", "others", "many", "groups",
		"mentions", "freqrank", "freqshare", "corefs", "corefshare", "firstsent", "tokens", "intitle", "inlead", "heard", "heardshare", "hit", "hitshare", "struck", "selfsaid",
		"passive", "notice", "research", "malware", "lure", "customer", "leadhit", "leadres", "leadmal", "vendor", "media", "authority", "product", "social",
		"place", "head", "words", "upper", "site", "known", "peer", "subject", "owner", "spread", "actors", "country", "events", "eventshare", "own", "ownshare", "tells", "tellshare", "opens", "named",
	}
}

// logit is the log odds of p, held within bounds.
func logit(p float64) float64 { return math.Log((p + 1e-4) / (1 - p + 1e-4)) }

// dense gives the numbers of group i.
func (d *document) dense(s *stand, first []First, i int) []float64 {
	g := &d.groups[i]
	f := &first[i]
	out := make([]float64, 0, 64)
	out = d.denseFirst(out, s, f, i)
	out = d.densePlaces(out, s, g)
	out = d.denseFrames(out, g)
	out = d.denseText(out)
	out = d.denseName(out, s, first, g, i)
	out = denseTopic(out, &s.topics[i], s.told)
	return append(out, logit(f.Named))
}

func (d *document) denseFirst(out []float64, s *stand, f *First, i int) []float64 {
	g := &d.groups[i]
	ps := append([]float64(nil), f.Mentions...)
	sort.Sort(sort.Reverse(sort.Float64Slice(ps)))
	best, second, sum, strong := 0.0, 0.0, 0.0, 0.0
	for k, p := range ps {
		switch k {
		case 0:
			best = p
		case 1:
			second = p
		}
		sum += p
		if p >= 0.5 {
			strong++
		}
	}
	n := math.Max(float64(len(ps)), 1)
	title, lead, firstp := -1.0, -1.0, 0.0
	for k, p := range f.Mentions {
		m := &d.mentions[g.mentions[k]]
		if k == 0 {
			firstp = p
		}
		if d.inTitle(m.sent) {
			title = max(title, p)
		} else if m.sent < 5 {
			lead = max(lead, p)
		}
	}
	others := 0.0
	if s.order[i] == 0 {
		others = s.next
	} else {
		others = s.top
	}
	return append(out, logit(f.P), logit(best), second, sum/n, sum, strong, strong/n, title, lead, firstp, float64(s.order[i]), float64(s.orderOne[i]),
		logit(f.P)-logit(others), s.best[i]-s.topOne, logit(s.top), logit(s.topOne), logit(others), float64(s.many), float64(len(d.groups)))
}

func (d *document) densePlaces(out []float64, s *stand, g *group) []float64 {
	more := 0
	for i := range d.groups {
		if len(d.groups[i].mentions) > len(g.mentions) {
			more++
		}
	}
	title, lead := 0.0, 0.0
	for _, k := range g.mentions {
		if sent := d.mentions[k].sent; d.inTitle(sent) {
			title = 1
		} else if sent < 4 {
			lead++
		}
	}
	n, c := float64(len(g.mentions)), float64(len(g.corefs))
	return append(out, n, float64(more), n/float64(max(s.mentions, 1)), c, c/float64(max(s.corefs, 1)), float64(d.mentions[g.mentions[0]].sent),
		math.Log(float64(len(d.Tokens)+1)), title, lead)
}

// denseFrames counts the parts that a group plays.
func (d *document) denseFrames(out []float64, g *group) []float64 {
	heard, hit, struck, self := 0.0, 0.0, 0.0, 0.0
	n := min(len(g.mentions), 40)
	for _, k := range g.mentions[:n] {
		left, right := d.frames(&d.mentions[k])
		if heardAs(left, right) {
			heard++
		}
		if strings.HasSuffix(left, ".atk") || strings.HasPrefix(left, "obj.hit") || strings.HasPrefix(left, "obj.steal") || strings.HasSuffix(left, ".hit") || left == "actor" {
			hit++
		}
		if right == "v.washit" || right == "v.victim" || strings.HasPrefix(right, "v.suffer") || right == "own.atk" || right == "n.atk" || strings.HasSuffix(right, ".hit") ||
			right == "v.offline" || right == "v.waslisted" {
			struck++
		}
		if strings.HasSuffix(right, ".selfevent") || strings.HasSuffix(right, ".self") {
			self++
		}
	}
	m := float64(max(n, 1))
	return append(out, heard, heard/m, hit, (hit+struck)/m, struck, self)
}

func (d *document) denseText(out []float64) []float64 {
	g := &d.genre
	n := float64(len(d.Tokens)+1) / 100
	out = append(out, float64(g.passive)/n, float64(g.notice)/n, float64(g.research)/n, float64(g.malware)/n, float64(g.lure)/n, float64(g.customer)/n)
	return append(out, flag(g.lead.Any(lexicon.SufferVerb|lexicon.DiscloseVerb)), flag(g.lead.Any(lexicon.Researcher)), flag(g.lead.Any(lexicon.MalwareHead|lexicon.ProductHead)))
}

func (d *document) denseName(out []float64, s *stand, first []First, g *group, i int) []float64 {
	b := &d.mentions[g.best]
	peer := 0.0
	owner := 0.0
	subject := 0.0
	for _, k := range g.mentions {
		m := &d.mentions[k]
		sp := d.Sentences[m.sent]
		if h := d.seriesHead(m, sp.First); h != m.a && d.at[h] >= 0 {
			if o := d.mentions[d.at[h]].group; o >= 0 && o != i {
				peer = max(peer, first[o].P)
			}
		}
		if m.a == sp.First {
			subject++
		}
		if d.low(m.b) == "'s" {
			owner++
		}
	}
	n := float64(len(g.mentions))
	spread := float64(d.mentions[g.mentions[len(g.mentions)-1]].sent-d.mentions[g.mentions[0]].sent) / float64(len(d.Sentences)+1)
	shape := d.Tokens[b.a].Shape
	return append(out, flag(g.class.Any(lexicon.Vendor)), flag(g.class.Any(lexicon.Media)), flag(g.class.Any(lexicon.Authority)), flag(g.class.Any(lexicon.Product)), flag(g.class.Any(lexicon.Social)),
		flag(g.class.Any(lexicon.Place)), flag(d.headed(b.a, b.b)), float64(b.b-b.a), flag(b.b-b.a == 1 && shape&sentence.Upper != 0), flag(shape&sentence.Dotted != 0),
		flag(b.name != 0), peer, subject/n, owner/n, spread, float64(s.actors), flag(d.x.places.country(d.joined(b.a, b.b)) != ""))
}

func flag(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
