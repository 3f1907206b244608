package extract

import (
	"sort"
	"strings"

	"github.com/rapsheet/rapsheet/intel"
)

// kindWord gives the kind that a word speaks for and how strongly.
func kindWord(low string) (intel.Kind, float64) {
	switch low {
	case "ransomware", "ransom", "decryptor", "ransomed":
		return intel.KindRansomware, 4
	case "encrypted", "encrypting", "encrypts", "encrypt":
		return intel.KindRansomware, 1.5
	case "extortion", "extort", "extorted", "blackmail", "extorting":
		return intel.KindExtortion, 1.6
	case "ddos", "denial-of-service", "denial", "ddosed", "d-dos":
		return intel.KindDDoS, 5
	case "deface", "defaced", "defacement", "defaces", "defacing", "defacements", "vandalized":
		return intel.KindDefacement, 5
	case "wiper", "wiped", "destroyed", "erased":
		return intel.KindDestructive, 3
	case "phishing", "spear-phishing", "spearphishing", "phish":
		return intel.KindPhishing, 1.5
	case "bec", "scammers", "scammer", "scam", "defrauded", "fraudsters", "duped", "fraud":
		return intel.KindFraud, 1.5
	case "espionage", "spying", "cyberespionage", "cyber-espionage", "spied":
		return intel.KindEspionage, 3
	case "malware", "trojan", "virus", "skimmer", "magecart", "backdoor", "botnet", "spyware", "infected", "malicious", "stealer", "miner":
		return intel.KindMalware, 1.4
	case "vulnerability", "zero-day", "exploited", "exploiting", "exploit", "exploits", "flaw", "0-day", "moveit", "log4j", "unpatched", "goanywhere", "reentrancy":
		return intel.KindExploitation, 1.8
	case "supply-chain":
		return intel.KindSupplyChain, 2.5
	case "stole", "stolen", "steal", "steals", "exfiltrated", "theft", "stealing", "exfiltration":
		return intel.KindDataBreach, 0.9
	case "breach", "breaches", "leak", "leaked", "leaks", "exposed", "exposing", "leaking", "compromised", "records":
		return intel.KindDataBreach, 1.1
	case "heist", "drained", "drains", "siphoned":
		return intel.KindTheft, 2.4
	case "credential-stuffing", "stuffing", "hijacked", "hijacks", "hijack", "takeover":
		return intel.KindAccountTakeover, 2.4
	case "outage", "disrupted", "disruption", "disrupts", "offline", "knocked", "halted", "standstill":
		return intel.KindDisruption, 1.0
	case "intrusion", "infiltrated", "unauthorized", "unauthorised", "intruders", "hacked", "hack":
		return intel.KindIntrusion, 0.8
	}
	return "", 0
}

// kindPhrase adds kinds that two words make together.
func (d *document) kindPhrase(i int, score map[intel.Kind]float64) {
	switch d.low(i) {
	case "account", "accounts", "twitter", "x", "email", "instagram", "facebook", "youtube", "discord", "mailbox":
		for k := i - 4; k < i+6; k++ {
			switch d.low(k) {
			case "hacked", "hijacked", "compromised", "breach", "takeover", "unauthorized", "accessed", "access", "breached", "taken":
				score[intel.KindAccountTakeover] += 1.6
				return
			}
		}
	case "tokens", "crypto", "cryptocurrency", "funds", "ethereum", "eth", "bitcoin", "bitcoins", "million":
		for k := i - 7; k < i+8; k++ {
			switch d.low(k) {
			case "stole", "stolen", "steal", "steals", "stealing", "lost", "loses", "drained", "worth", "hack", "exploit":
				score[intel.KindTheft]++
				return
			}
		}
	case "supply":
		if d.low(i+1) == "chain" {
			score[intel.KindSupplyChain] += 2.5
		}
	case "credential":
		if d.low(i+1) == "stuffing" {
			score[intel.KindAccountTakeover] += 4
		}
	case "business":
		if d.low(i+1) == "email" && d.low(i+2) == "compromise" {
			score[intel.KindFraud] += 4
		}
	case "data", "information", "database", "details":
		for k := i - 3; k < i+6; k++ {
			switch d.low(k) {
			case "breach", "stolen", "leaked", "exposed", "compromised", "accessed", "stole", "leak", "leaks", "exfiltrated", "sale":
				score[intel.KindDataBreach] += 0.7
				return
			}
		}
	}
}

// kindsOf reads the kinds of an incident from its sentences; weights are given to sentences by their nearness.
func (d *document) kindsOf(sents map[int]float64, brand bool) (intel.Kind, []intel.Kind) {
	score := map[intel.Kind]float64{}
	if brand {
		score[intel.KindRansomware] += 4
	}
	order := make([]int, 0, len(sents))
	for s := range sents {
		order = append(order, s)
	}
	sort.Ints(order)
	for _, s := range order {
		w := sents[s]
		sp := d.Sentences[s]
		one := map[intel.Kind]float64{}
		for i := sp.First; i < sp.Last; i++ {
			if k, v := kindWord(d.Tokens[i].Low); k != "" && v > one[k] {
				one[k] = v
			}
			d.kindPhrase(i, one)
		}
		for k, v := range one {
			score[k] += v * w
		}
	}
	return pickKinds(score)
}

// pickKinds orders kinds by score; the first is the main one.
func pickKinds(score map[intel.Kind]float64) (intel.Kind, []intel.Kind) {
	var kinds []intel.Kind
	for _, k := range intel.Kinds() {
		if score[k] > 0.5 {
			kinds = append(kinds, k)
		}
	}
	sort.SliceStable(kinds, func(i, j int) bool { return score[kinds[i]] > score[kinds[j]]+1e-9 })
	if len(kinds) == 0 {
		return intel.KindIntrusion, []intel.Kind{intel.KindIntrusion}
	}
	cut := len(kinds)
	for i := range kinds {
		if score[kinds[i]] < 0.25*score[kinds[0]] {
			cut = i
			break
		}
	}
	return kinds[0], kinds[:min(cut, 4)]
}

// ransomBrand reports whether the name of a hit is that of a ransomware brand in this text.
func (d *document) ransomBrand(h *hit) bool {
	return h.brand || strings.HasPrefix(d.low(h.b), "ransom")
}
