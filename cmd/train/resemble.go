package main

import (
	"math"
	"slices"
	"strings"
	"unicode"
)

// A text told in our own words may follow a labelled one closely: the same course of events under other names. What is learned from
// it must not be measured on that one, so it is left out with it.

// likeLong and likeShort are the least likeness to a long and to a short record of a text that is left out with it.
const likeLong, likeShort, longText = 0.09, 0.3, 160

// resembling writes down for each own text the records that it resembles.
func resembling(records, own []record) {
	words := make([][]string, 0, len(records)+len(own))
	count := map[string]float64{}
	for _, rs := range [][]record{records, own} {
		for i := range rs {
			w := wordsOf(rs[i].in.Title + " " + rs[i].in.Text)
			words = append(words, w)
			for _, x := range w {
				count[x]++
			}
		}
	}
	rare := func(w string) float64 {
		l := math.Log(float64(len(words)) / count[w])
		return l * l
	}
	norm := make([]float64, len(words))
	for i, set := range words {
		for _, w := range set {
			norm[i] += rare(w)
		}
		norm[i] = math.Sqrt(norm[i])
	}
	for k := range own {
		mine := map[string]bool{}
		for _, w := range words[len(records)+k] {
			mine[w] = true
		}
		for i := range records {
			if len(records[i].parts) > 0 {
				continue // a roundup is made of records
			}
			both := 0.0
			for _, w := range words[i] {
				if mine[w] {
					both += rare(w)
				}
			}
			least := likeLong
			if len(words[i]) < longText {
				least = likeShort
			}
			if both >= least*norm[i]*norm[len(records)+k] {
				own[k].parts = append(own[k].parts, records[i].in.ID)
			}
		}
	}
}

// wordsOf are the words of a text of three letters and more, each once, sorted.
func wordsOf(s string) []string {
	all := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	slices.Sort(all)
	return slices.DeleteFunc(slices.Compact(all), func(w string) bool { return len(w) < 3 })
}
