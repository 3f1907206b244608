package main

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/rapsheet/rapsheet/intel"
)

const wireParagraph = "The ransomware group LockBit has claimed responsibility for an attack on Brookbank Brewery Ltd and listed the company on its leak site on Tuesday. " +
	"LockBit claims to have stolen 300 gigabytes of internal documents from Brookbank Brewery, and threatens to publish them within ten days unless a ransom is paid. " +
	"The brewer, which runs four plants and employs nine hundred people, could not be reached for comment, and deliveries to pubs in the north were said to be late."

// Four outlets with one wire paragraph about a leak-site listing and a vendor's own attribution are five reports, two origins,
// corroborated; without the vendor they are the gang's word and nothing more.
func TestFourOutletsAndAVendor(t *testing.T) {
	dir := t.TempDir()
	type line struct {
		URL       string `json:"url"`
		Title     string `json:"title"`
		Text      string `json:"text"`
		Published string `json:"published"`
		Source    string `json:"source"`
	}
	save := func(lines ...line) {
		t.Helper()
		path := filepath.Join(dir, "in.jsonl")
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range lines {
			if err := json.NewEncoder(f).Encode(l); err != nil {
				t.Fatal(err)
			}
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		ok(t, dir, "", "import", "reports", path)
	}
	incident := func() intel.Incident {
		t.Helper()
		out := ok(t, dir, "", "search", "--json", "victim:\"Brookbank Brewery\"")
		var hits intel.Page[intel.Hit]
		if err := json.Unmarshal([]byte(out), &hits); err != nil || len(hits.Items) == 0 || len(hits.Items[0].Incidents) == 0 {
			t.Fatalf("%v: %s", err, out)
		}
		return hits.Items[0].Incidents[0]
	}
	var outlets []line
	for i, source := range []string{"bleepingcomputer", "krebsonsecurity", "securityweek", "the-hacker-news"} {
		outlets = append(outlets, line{
			URL: (&url.URL{Scheme: "https", Host: fmt.Sprintf("outlet%d.example", i), Path: "/lockbit"}).String(), Title: "LockBit claims attack on Brookbank Brewery",
			Text: wireParagraph + fmt.Sprintf(" This is edition %d of our paper.", i), Published: fmt.Sprintf("2025-03-0%d", i+4), Source: source,
		})
	}
	save(outlets...)
	before := incident()
	if len(before.Reports) != 4 || before.Corroborated || !before.ClaimOnly || before.Origins[intel.SpeakerActor] != 1 || len(before.Origins) != 1 {
		t.Errorf("four copies of a boast: %d reports, origins %v, corroborated %v, claim only %v", len(before.Reports), before.Origins, before.Corroborated, before.ClaimOnly)
	}
	save(line{
		URL: "https://vendor.example/brookbank", Title: "Who attacked Brookbank Brewery", Published: "2025-03-12", Source: "talos",
		Text: "We attribute the March attack on Brookbank Brewery Ltd to LockBit. Our incident responders found the group's ransomware on file servers of Brookbank Brewery, and its builder leaves marks that we have described before.",
	})
	after := incident()
	if len(after.Reports) != 5 || !after.Corroborated || after.ClaimOnly || after.Origins[intel.SpeakerActor] != 1 || after.Origins[intel.SpeakerVendor] != 1 || len(after.Origins) != 2 {
		t.Errorf("with the vendor: %d reports, origins %v, corroborated %v, claim only %v", len(after.Reports), after.Origins, after.Corroborated, after.ClaimOnly)
	}
}
