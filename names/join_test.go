package names_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/names"
)

// actor is an invented actor of one catalogue.
func actor(origin, name string, others ...string) intel.Actor {
	a := intel.Actor{ID: names.Slug(name), Name: name, Kind: intel.ActorGroup, Origin: origin, ExternalIDs: map[string][]string{}}
	for _, n := range append([]string{name}, others...) {
		a.Names = append(a.Names, intel.Name{Name: n, Source: origin, Extent: intel.ExtentExact, Match: names.Policy(n)})
	}
	return a
}

// withIDs gives an actor ids of ATT&CK.
func withIDs(a intel.Actor, ids ...string) intel.Actor {
	a.ExternalIDs["attack"] = ids
	return a
}

// three are invented catalogues with the shapes that make joins hard.
func three() (misp, attack, microsoft intel.Catalogue, links []names.Link) {
	misp.Actors = []intel.Actor{
		actor("misp-galaxy", "Amber Heron", "HERON-7"),
		withIDs(actor("misp-galaxy", "Lone Id", "G9902"), "G9902"),
		withIDs(actor("misp-galaxy", "FIN7", "Carbanak", "G0008", "G0046"), "G0008", "G0046"),
		withIDs(actor("misp-galaxy", "Lazarus Group", "APT38", "G0032", "G0082"), "G0032", "G0082"),
		withIDs(actor("misp-galaxy", "Twin One", "G9903"), "G9903"), withIDs(actor("misp-galaxy", "Twin Two", "G9903"), "G9903"),
		actor("misp-galaxy", "Storm-9999", "Walked"),
		actor("misp-galaxy", "Chain One", "Chain Two"), actor("misp-galaxy", "Chain Two", "Chain Three"), actor("misp-galaxy", "Chain Three"),
	}
	attack.Actors = []intel.Actor{
		withIDs(actor("attack", "AMBER HERON", "Heron Crew"), "G9901"),
		withIDs(actor("attack", "Known By Id"), "G9902"),
		withIDs(actor("attack", "Carbanak", "Anunak"), "G0008"), withIDs(actor("attack", "FIN7"), "G0046"),
		withIDs(actor("attack", "Lazarus Group"), "G0032"), withIDs(actor("attack", "APT38", "Lazarus Group"), "G0082"),
		withIDs(actor("attack", "Twin"), "G9903"),
		withIDs(actor("attack", "Walked Across"), "G9904"),
		withIDs(actor("attack", "Rival"), "G9905"),
	}
	microsoft.Actors = []intel.Actor{
		actor("microsoft", "Heron Crew", "Something"), actor("microsoft", "Chain Four", "Chain Three"), actor("microsoft", "Silent Sleet", "Walked Across"),
	}
	return misp, attack, microsoft, []names.Link{
		{MISP: "Storm-9999", Attack: "G9904", ID: "walked", Why: "both", Reference: "https://x.example/"},
		{MISP: "Lone Id", Attack: "G9905", Why: "wrongly: its only id is another group's", Reference: "https://x.example/"},
	}
}

func byID(t *testing.T, c intel.Catalogue) map[string]intel.Actor {
	t.Helper()
	out := map[string]intel.Actor{}
	for _, a := range c.Actors {
		if _, twice := out[a.ID]; twice {
			t.Errorf("id %s stands twice", a.ID)
		}
		out[a.ID] = a
	}
	return out
}

func owns(a intel.Actor, name string) bool {
	return slices.ContainsFunc(a.Names, func(n intel.Name) bool { return n.Name == name })
}

func TestJoin(t *testing.T) {
	misp, attack, microsoft, links := three()
	all := byID(t, names.Join(misp, attack, microsoft, links))
	for id, name := range map[string]string{
		"amber-heron": "Heron Crew", "lone-id": "Known By Id", "walked": "Walked Across", "carbanak": "Anunak", "apt38": "APT38", "twin": "Twin",
	} {
		if !owns(all[id], name) {
			t.Errorf("%s does not own %q: %+v", id, name, all[id].Names)
		}
	}
	if !owns(all["amber-heron"], "Something") {
		t.Error("Microsoft's row of a name that one actor alone carries did not join it")
	}
	for _, pair := range [][2]string{{"fin7", "Anunak"}, {"carbanak", "FIN7"}, {"lone-id", "Twin"}, {"lone-id", "Rival"}, {"twin-one", "Twin"}, {"twin-two", "Twin"}, {"chain-one", "Chain Three"}, {"walked", "Silent Sleet"}} {
		if owns(all[pair[0]], pair[1]) {
			t.Errorf("%s owns %q, which is another's", pair[0], pair[1])
		}
	}
	if _, apart := all["apt38"]; !apart || slices.Contains(all["lazarus-group"].ExternalIDs["stix"], "G0082") {
		t.Error("APT38 became Lazarus Group by an id that MISP lists for it")
	}
	if !slices.ContainsFunc(all["carbanak"].Relations, func(r intel.Relation) bool { return r.To == "fin7" && r.Type == intel.RelOverlaps }) {
		t.Errorf("Carbanak shares a name with FIN7 and does not overlap: %+v", all["carbanak"].Relations)
	}
	if want := len(misp.Actors) + len(attack.Actors) + len(microsoft.Actors) - 6; len(all) != want {
		t.Errorf("%d actors, want %d", len(all), want)
	}
}

func TestJoinLeavesItsInputs(t *testing.T) {
	misp, attack, microsoft, links := three()
	first := names.Join(misp, attack, microsoft, links)
	misp2, attack2, microsoft2, _ := three()
	if d := cmp.Diff([]intel.Catalogue{misp2, attack2, microsoft2}, []intel.Catalogue{misp, attack, microsoft}); d != "" {
		t.Errorf("the inputs changed (-was +is):\n%s", d)
	}
	if d := cmp.Diff(first, names.Join(misp, attack, microsoft, links)); d != "" {
		t.Errorf("a second join differs:\n%s", d)
	}
}

func TestIDsDoNotDependOnTheOrder(t *testing.T) {
	misp, attack, microsoft, links := three()
	facts := func() map[string]string {
		out := map[string]string{}
		for _, a := range names.Join(misp, attack, microsoft, links).Actors {
			var all []string
			for _, n := range a.Names {
				all = append(all, n.Name+"/"+n.Source)
			}
			slices.Sort(all)
			out[a.ID] = strings.Join(all, ", ")
		}
		return out
	}
	want := facts()
	random := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		for _, c := range [][]intel.Actor{misp.Actors, attack.Actors, microsoft.Actors} {
			random.Shuffle(len(c), func(i, k int) { c[i], c[k] = c[k], c[i] })
		}
		if d := cmp.Diff(want, facts()); d != "" {
			t.Fatalf("another order gives other actors (-want +got):\n%s", d)
		}
	}
}

func TestSoftwareIsTiedToActors(t *testing.T) {
	misp, attack, microsoft, links := three()
	attack.Actors[0].ExternalIDs["stix"] = []string{"intrusion-set--1"}
	attack.Software = []intel.Software{{ID: "S9901", Name: "Lantern", Kind: "malware", UsedBy: []string{"intrusion-set--1", "intrusion-set--unknown"}}}
	misp.Software = []intel.Software{{ID: "ransomware-amber-heron-ransomware", Name: "Amber Heron Ransomware", Kind: "ransomware-brand"}}
	for _, s := range names.Join(misp, attack, microsoft, links).Software {
		if len(s.OperatedBy)+len(s.UsedBy) != 1 || slices.Concat(s.OperatedBy, s.UsedBy)[0] != "amber-heron" {
			t.Errorf("software %+v, want Amber Heron's", s)
		}
	}
}

func FuzzResolve(f *testing.F) {
	for _, s := range []string{"HERON-7", "heron 7 / quiet moth", "(((", "\xff", "aka aka", "0", "Gr3y L4ntern"} {
		f.Add(s)
	}
	misp, attack, microsoft, links := three()
	r := names.NewResolver(names.Join(misp, attack, microsoft, links))
	f.Fuzz(func(t *testing.T, s string) {
		seen := map[string]bool{}
		for _, c := range r.Resolve(s) {
			if c.ID == "" || seen[c.ID] || c.Confidence <= 0 || c.Confidence > 1 {
				t.Errorf("%q gives %+v", s, c)
			}
			seen[c.ID] = true
		}
	})
}

// TestJoinsCanBeUndone: whatever joined two records, a link that keeps them apart wins, and taking it back joins them again.
func TestJoinsCanBeUndone(t *testing.T) {
	misp, attack, microsoft, links := three()
	before := names.Join(misp, attack, microsoft, links)
	if len(before.Joins) == 0 {
		t.Fatal("nothing was joined")
	}
	byOwn := byID(t, before)
	for _, j := range before.Joins {
		apart := names.Link{MISP: byOwn[j.Actor].Name, Apart: true}
		if j.Origin == "attack" {
			apart.Attack = j.Record
		} else {
			apart.Microsoft = j.Record
		}
		after := names.Join(misp, attack, microsoft, append(slices.Clone(links), apart))
		if slices.ContainsFunc(after.Joins, func(k intel.Join) bool { return k.Actor == j.Actor && k.Record == j.Record }) {
			t.Errorf("%+v is kept apart and joined all the same", j)
		}
		if d := cmp.Diff(before, names.Join(misp, attack, microsoft, links)); d != "" {
			t.Errorf("taken back, the join differs:\n%s", d)
		}
	}
}
