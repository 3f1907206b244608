package index

import (
	"github.com/rapsheet/rapsheet/intel"
)

func day(s string) intel.Date {
	d, err := intel.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// corpus is a small newsroom with the traps of the field: names with signs, an umbrella and its members, an alias in another
// report's words, a name that is a word, ended claims and reports of different shareability. All victims are invented.
func corpus() *newsroom {
	n := newNewsroom()
	n.actor(intel.Actor{ID: "scattered-spider", Name: "Scattered Spider", Kind: intel.ActorGroup, Origin: "curated", Names: named("UNC3944", "Octo Tempest", "0ktapus"), ExternalIDs: map[string][]string{"attack": {"G1015"}}})
	n.actor(intel.Actor{ID: "lapsus", Name: "LAPSUS$", Kind: intel.ActorGroup, Origin: "curated", Names: named("DEV-0537", "Strawberry Tempest")})
	n.actor(intel.Actor{ID: "shinyhunters", Name: "ShinyHunters", Kind: intel.ActorGroup, Origin: "curated", Names: named("UNC6040")})
	n.actor(intel.Actor{
		ID: "scattered-lapsus-hunters", Name: "Scattered LAPSUS$ Hunters", Kind: intel.ActorUmbrella, Origin: "curated", Names: named("SLSH"),
		Relations: []intel.Relation{
			{From: "scattered-spider", Type: intel.RelMemberOf, To: "scattered-lapsus-hunters", Since: day("2025-08-01"), Source: "curated"},
			{From: "shinyhunters", Type: intel.RelMemberOf, To: "scattered-lapsus-hunters", Since: day("2025-08-01"), Source: "curated"},
			{From: "lapsus", Type: intel.RelMemberOf, To: "scattered-lapsus-hunters", Source: "undated"},
		},
	})
	n.actor(intel.Actor{ID: "noname057-16", Name: "NoName057(16)", Kind: intel.ActorGroup, Origin: "misp-galaxy"})
	n.actor(intel.Actor{ID: "apt28", Name: "APT28", Kind: intel.ActorGroup, Origin: "attack", Names: named("Fancy Bear", "Forest Blizzard", "Grizzly Steppe"), Country: "RU"})
	n.actor(intel.Actor{ID: "apt29", Name: "APT29", Kind: intel.ActorGroup, Origin: "attack", Names: named("Cozy Bear", "Grizzly Steppe"), Country: "RU"})
	n.actor(intel.Actor{ID: "play", Name: "Play", Kind: intel.ActorBrand, Origin: "misp-galaxy"})
	n.victim(intel.Victim{ID: "harbour-motors", Name: "Harbour Motors", Names: []string{"Harbour Motors", "HMX"}, Domains: []string{"harbourmotors.example"}, Sector: "Manufacturing", Country: "GB"})
	n.victim(intel.Victim{ID: "northlight", Name: "Northlight Airways", Names: []string{"Northlight Airways"}, Sector: "Transportation and storage", Country: "AU"})
	n.victim(intel.Victim{ID: "brookbank", Name: "Brookbank", Names: []string{"Brookbank", "Brookbank plc"}, Sector: "Financial and insurance activities", Country: "GB"})
	n.source(intel.SourceHealth{Source: intel.Source{ID: "wire", Name: "Wire", Reliability: "B"}, State: "ok", LastSuccess: n.now})
	n.source(intel.SourceHealth{Source: intel.Source{ID: "vendor", Name: "Vendor", Reliability: "B", ServeText: true}, State: "failing"})
	for _, p := range pages() {
		n.save(p)
	}
	return n
}

func pages() []page {
	return []page{
		{
			id: "r01", title: "Harbour Motors halts production after cyber incident", source: "wire", published: "2025-09-02",
			text:    "Harbour Motors said on Tuesday that its production was severely disrupted by a cyber incident.\nThe car maker shut down its systems and found no evidence that customer data was stolen.",
			stories: []story{{incident: "i-harbour", victim: "harbour-motors", kind: intel.KindDisruption, sector: "Manufacturing", country: "GB", occurred: "2025-08-31", stance: intel.StanceConfirmed, by: intel.SpeakerVictim, speaker: "Harbour Motors"}},
		},
		{
			id: "r02", title: "Scattered LAPSUS$ Hunters claim attack on car maker", source: "wire", published: "2025-09-03",
			text:    "A channel calling itself Scattered LAPSUS$ Hunters posted screenshots and claimed the attack on HMX. The group unites Scattered Spider, LAPSUS$ and ShinyHunters.",
			stories: []story{{incident: "i-harbour", actor: "scattered-lapsus-hunters", victim: "harbour-motors", kind: intel.KindDisruption, sector: "Manufacturing", country: "GB", occurred: "2025-08-31", stance: intel.StanceClaimed, by: intel.SpeakerActor, speaker: "Scattered LAPSUS$ Hunters"}},
			actors:  []string{"scattered-lapsus-hunters", "scattered-spider", "lapsus", "shinyhunters"},
		},
		{
			id: "r03", title: "ShinyHunters sells database of Northlight Airways", source: "vendor", published: "2021-05-10",
			text:    "The seller known as ShinyHunters offered a database of Northlight Airways for sale. The data breach affects two million customers.",
			stories: []story{{incident: "i-north-21", actor: "shinyhunters", victim: "northlight", kind: intel.KindDataBreach, sector: "Transportation and storage", country: "AU", stance: intel.StanceClaimed, by: intel.SpeakerActor, speaker: "ShinyHunters"}},
			actors:  []string{"shinyhunters"},
		},
		{
			id: "r04", title: "UNC6040 vishing campaign hits CRM tenants", source: "vendor", published: "2025-09-20",
			text:    "UNC6040 phones employees and talks them into connecting a data loader. Brookbank was among the tenants breached. Traffic went to login[.]crm-sync[.]example and 203.0.113.7.",
			stories: []story{{incident: "i-brook-25", actor: "shinyhunters", victim: "brookbank", kind: intel.KindDataBreach, sector: "Financial and insurance activities", country: "GB", occurred: "2025-09-15", stance: intel.StanceAttributed, by: intel.SpeakerVendor, speaker: "Vendor"}},
			actors:  []string{"shinyhunters"}, techniques: []string{"T1566.004"}, observables: []string{"login.crm-sync.example", "203.0.113.7"},
		},
		{
			id: "r05", title: "NoName057(16) floods bank websites", source: "wire", published: "2025-03-11",
			text:    "The hacktivists of NoName057(16) claimed denial of service attacks on the website of Brookbank. The bank denied any lasting effect.",
			stories: []story{{incident: "i-brook-ddos", actor: "noname057-16", victim: "brookbank", kind: intel.KindDDoS, sector: "Financial and insurance activities", country: "GB", occurred: "2025-03-10", stance: intel.StanceClaimed, by: intel.SpeakerActor, speaker: "NoName057(16)"}},
			actors:  []string{"noname057-16"},
		},
		{
			id: "r06", title: "Forest Blizzard exploits mail server flaw", source: "vendor", published: "2025-06-18",
			text:   "Forest Blizzard, also tracked as APT 28, exploited CVE-2025-10001 to read the mail of diplomats. The malware beacons to hxxps://update.mail-sync.example/a.",
			actors: []string{"apt28"}, cves: []string{"CVE-2025-10001"}, observables: []string{"update.mail-sync.example"},
		},
		{
			id: "r07", title: "Cozy Bear returns with wine tasting lures", source: "vendor", published: "2025-04-02",
			text: "Cozy Bear sent invitations to a wine tasting. The loader resembles earlier tools.", actors: []string{"apt29"},
		},
		{
			id: "r08", title: "Play ransomware lists Northlight Airways", source: "wire", published: "2024-11-05",
			text:    "The Play ransomware gang listed Northlight Airways as a victim. The airline confirmed an intrusion into an old system.",
			stories: []story{{incident: "i-north-24", actor: "play", victim: "northlight", kind: intel.KindRansomware, sector: "Transportation and storage", country: "AU", stance: intel.StanceClaimed, by: intel.SpeakerActor, speaker: "Play"}},
			actors:  []string{"play"},
		},
		{id: "r09", title: "How children learn to play chess", source: "wire", published: "2025-02-01", text: "Children play chess at school. Nobody was attacked."},
		{
			id: "r10", title: "Angriff auf Brookbank", source: "wire", lang: "de", published: "2025-03-12",
			text:    "Die Bank wurde Ziel eines Angriffs. Die Website war zeitweise nicht erreichbar.",
			stories: []story{{incident: "i-brook-ddos", victim: "brookbank", kind: intel.KindDDoS, country: "GB", occurred: "2025-03-10", stance: intel.StanceReported}},
		},
		{
			id: "r11", title: "Reserved: inside the Brookbank breach", source: "wire", published: "2025-10-01", rights: true,
			text:    "This secretword must never be indexed nor shown.",
			stories: []story{{incident: "i-brook-25", actor: "shinyhunters", victim: "brookbank", kind: intel.KindDataBreach, stance: intel.StanceReported}},
		},
		{id: "r12", title: "Undated note on Fancy Bear", source: "vendor", text: "Fancy Bear keeps using old infrastructure.", actors: []string{"apt28"}},
	}
}
