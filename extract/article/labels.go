package article

import (
	"regexp"
	"strings"

	"github.com/rapsheet/rapsheet/intel"
)

// labels is what the lines at the top of a saved text say of it, such as "Date: 2025-08-22".
type labels struct {
	title, site string
	authors     []string
	published   intel.Moment
}

var (
	labelLine = regexp.MustCompile(`^([\p{L} ]{2,24}?)\s*:\s*(\S[^\n]{0,298})$`)
	// labelKinds maps what such lines begin with to what they tell; "-" is told and not kept.
	labelKinds = labelTable(`date date|published|published on|publication date|posted|posted on|release date|released|datum|veröffentlicht|publié le|date de publication|fecha|data|published at
title title|headline|titel|titre|título|titolo|betreff|subject|objet
author author|authors|by|byline|von|autor|autoren|auteur|autores|written by
site source|publisher|publication|site|outlet|quelle|fuente
- url|link|address|section|category|categories|tags|keywords|language|updated|last updated|modified|last modified|retrieved|accessed|rubrik|stand`)
)

func labelTable(s string) map[string]string {
	out := map[string]string{}
	for line := range strings.SplitSeq(s, "\n") {
		kind, names, _ := strings.Cut(line, " ")
		for n := range strings.SplitSeq(names, "|") {
			out[n] = kind
		}
	}
	return out
}

// plainHead takes the labelled lines off the top of a text, above its first paragraph. Lines between them stay.
func plainHead(blocks []block) (labels, []block) {
	var head labels
	var kept []block
	i := 0
	for ; i < len(blocks) && i < 14 && !bodyLike(blocks[i]); i++ {
		if !head.take(blocks[i].text) {
			kept = append(kept, blocks[i])
		}
	}
	return head, append(kept, blocks[i:]...)
}

// take reads one line; false says that it is no label, or none whose value can be read.
func (h *labels) take(line string) bool {
	m := labelLine.FindStringSubmatch(line)
	if m == nil {
		return false
	}
	switch labelKinds[strings.ToLower(m[1])] {
	case "date":
		when := parseTime(m[2])
		if when.IsZero() {
			when = visibleDate(m[2], false, false)
		}
		if when.IsZero() || !h.published.IsZero() || countLetters(m[2]) > 60 {
			return false
		}
		h.published = when
	case "title":
		if h.title != "" || len(strings.Fields(m[2])) < 2 {
			return false
		}
		h.title = m[2]
	case "author":
		if len(strings.Fields(m[2])) > 14 {
			return false
		}
		h.authors = append(h.authors, m[2])
	case "site":
		if len([]rune(m[2])) > 60 || strings.Contains(m[2], "://") {
			return strings.Contains(m[2], "://")
		}
		h.site = m[2]
	case "-":
		return len([]rune(m[2])) <= 120
	default:
		return false
	}
	return true
}
