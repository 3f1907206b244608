package extract

import (
	"sort"
	"strings"

	"github.com/rapsheet/rapsheet/intel"
)

// kindWord gives the kind that a word speaks for and how strongly.
func kindWord(low string) (intel.Kind, float64) {
	switch low {
	case "ransomware", "decryptor", "ransomed":
		return intel.KindRansomware, 4
	case "ransom":
		return intel.KindRansomware, 2
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
	case "phishing", "spear-phishing", "spearphishing", "phish", "smishing", "vishing":
		return intel.KindPhishing, 1.4
	case "bec", "scammers", "scammer", "scam", "defrauded", "fraudsters", "duped", "fraud":
		return intel.KindFraud, 1.5
	case "espionage", "spying", "cyberespionage", "cyber-espionage", "spied":
		return intel.KindEspionage, 3
	case "malware", "trojan", "virus", "skimmer", "magecart", "backdoor", "botnet", "spyware", "infected", "malicious", "stealer", "miner":
		return intel.KindMalware, 1.4
	case "zero-day", "0-day", "moveit", "goanywhere", "log4j", "reentrancy":
		return intel.KindExploitation, 1.8
	case "vulnerability", "vulnerabilities", "exploited", "exploiting", "exploit", "exploits", "flaw", "bug", "unpatched":
		return intel.KindExploitation, 1.2
	case "supply-chain":
		return intel.KindSupplyChain, 2.5
	case "stole", "stolen", "steal", "steals", "exfiltrated", "theft", "stealing", "exfiltration":
		return intel.KindDataBreach, 0.9
	case "leak", "leaked", "leaks", "exposed", "exposing", "exposure", "leaking", "records", "data-breach":
		return intel.KindDataBreach, 1.1
	case "breach", "breaches", "compromised":
		return intel.KindDataBreach, 0.8
	case "heist", "drained", "drains", "siphoned":
		return intel.KindTheft, 2.4
	case "credential-stuffing", "stuffing", "hijacked", "hijacks", "hijack", "takeover":
		return intel.KindAccountTakeover, 2.4
	case "outage", "disrupted", "disruption", "disrupts", "offline", "outages", "disruptions", "knocked", "halted", "halts", "standstill", "cease", "unavailable", "paralyzed", "paralysed", "crippled":
		return intel.KindDisruption, 1.0
	case "intrusion", "infiltrated", "breached", "break-in", "unauthorized", "unauthorised", "intruders", "hacked", "hack":
		return intel.KindIntrusion, 0.8
	}
	return "", 0
}

// kindPhrase adds kinds that two words make together.
func (d *document) kindPhrase(i int, score map[intel.Kind]float64) {
	switch d.low(i) {
	case "account", "accounts", "twitter", "x", "instagram", "facebook", "youtube", "discord", "mailbox", "mailboxes":
		d.kindAccount(i, score)
	case "e-mail", "email":
		if d.low(i+1) == "compromise" || d.low(i-1) == "business" && d.low(i+1) != "address" && d.low(i+1) != "addresses" {
			score[intel.KindAccountTakeover] += 1.6
		}
	case "down", "offline":
		d.kindDown(i, score)
	case "disable", "disables", "disabled", "overload", "overloaded", "flooded", "flood", "unreachable", "inaccessible":
		for k := i - 6; k < i+8; k++ {
			if webWord(d.low(k)) || d.low(k) == "traffic" || d.low(k) == "requests" {
				score[intel.KindDDoS] += 2.5
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

// kindAccount reads an account that others got into.
func (d *document) kindAccount(i int, score map[intel.Kind]float64) {
	mail := d.low(i) == "mailbox" || d.low(i) == "mailboxes" || d.low(i-1) == "email" || d.low(i-1) == "e-mail" || d.low(i-2) == "email"
	for k := i - 6; k < i+9; k++ {
		switch d.low(k) {
		case "hacked", "hijacked", "compromised", "compromise", "breach", "takeover", "unauthorized", "unauthorised", "accessed", "access", "breached", "taken":
			score[intel.KindAccountTakeover] += 1.6
			if mail {
				score[intel.KindAccountTakeover] += 1.2
			}
			return
		}
	}
}

func webWord(w string) bool {
	switch w {
	case "website", "websites", "site", "sites", "web", "portal", "portals", "pages", "page", "homepage", "webpage", "online", "e-services":
		return true
	}
	return false
}

// kindDown reads a site that somebody takes down: a flood of traffic when activists do it, or when it is only the site that falls.
func (d *document) kindDown(i int, score map[intel.Kind]float64) {
	verb := false
	for k := i - 3; k < i; k++ {
		switch d.low(k) {
		case "take", "takes", "took", "taken", "taking", "brought", "brings", "bring", "knocked", "knocks", "knock", "put", "went", "goes", "gone":
			verb = true
		}
	}
	if !verb || i < 1 {
		return
	}
	web, activists := false, false
	for k := i - 22; k < i+14; k++ {
		web = web || webWord(d.low(k))
		switch d.low(k) {
		case "hacktivist", "hacktivists", "collective", "anonymous", "killnet", "pro-russian", "pro-russia", "pro-palestinian", "noname057", "activists", "sudan", "retaliation", "squad", "team", "army":
			activists = true
		}
	}
	switch {
	case web && activists:
		score[intel.KindDDoS] += 5
	case activists && d.low(i) == "down":
		score[intel.KindDDoS] += 3
	case web:
		score[intel.KindDDoS] += 1.2
	}
}

// kindsOf reads the kinds of an incident from its sentences; weights are given to sentences by their nearness.
func (d *document) kindsOf(sents map[int]float64, brand bool) (intel.Kind, []intel.Kind) {
	score := map[intel.Kind]float64{}
	order := make([]int, 0, len(sents))
	for s := range sents {
		order = append(order, s)
	}
	sort.Ints(order)
	if brand && d.mentionsRansom(order) {
		score[intel.KindRansomware] += 4
	} else if brand {
		score[intel.KindRansomware] += 0.6
	}
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
		switch c := d.sentenceContent(s); {
		case c.data && !c.noData:
			one[intel.KindDataBreach] += 0.9
		case c.noData:
			one[intel.KindDataBreach] *= 0.3
		}
		for k, v := range one {
			score[k] += v * w
		}
	}
	if d.dataUntouched(order) {
		score[intel.KindDataBreach] *= 0.3
	}
	if score[intel.KindDDoS] >= 2 && score[intel.KindDisruption] > 0 {
		score[intel.KindDDoS] += 0.5
	}
	return pickKinds(score)
}

// mentionsRansom reports whether sentences speak of ransom, encryption or a leak at all.
func (d *document) mentionsRansom(sents []int) bool {
	for _, s := range sents {
		for i := d.Sentences[s].First; i < d.Sentences[s].Last; i++ {
			if w := d.Tokens[i].Low; strings.HasPrefix(w, "ransom") || strings.HasPrefix(w, "encrypt") || strings.HasPrefix(w, "extort") || w == "leak" || w == "leaked" || w == "affiliate" {
				return true
			}
		}
	}
	return false
}

// dataUntouched reports whether the sentences say that no data was taken, and none says that some was.
func (d *document) dataUntouched(sents []int) bool {
	untouched := false
	for _, s := range sents {
		c := d.sentenceContent(s)
		if c.data && !c.noData {
			return false
		}
		untouched = untouched || c.noData
	}
	return untouched
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
