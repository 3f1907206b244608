package dates_test

import (
	"testing"
	"time"

	"github.com/rapsheet/rapsheet/extract/dates"
	"github.com/rapsheet/rapsheet/extract/sentence"
	"github.com/rapsheet/rapsheet/intel"
)

// The reference is Wednesday 3 September 2025.
func TestFind(t *testing.T) {
	ref := intel.OnDay(intel.Date{Year: 2025, Month: time.September, Day: 3})
	tests := []struct {
		text, words, from, to string
		precision             intel.Precision
	}{
		{"It began on Sunday, they said.", "on Sunday", "2025-08-31", "2025-08-31", intel.PrecisionDay},
		{"It was seen late August by staff.", "late August", "2025-08-21", "2025-08-31", intel.PrecisionWeek},
		{"It was seen in mid-March by staff.", "in mid-March", "2025-03-11", "2025-03-20", intel.PrecisionWeek},
		{"They had access between May and July 2024.", "between May and July 2024", "2024-05-01", "2024-07-31", intel.PrecisionMonth},
		{"They struck over the weekend again.", "over the weekend", "2025-08-30", "2025-08-31", intel.PrecisionDay},
		{"Active since at least 2021, they grew.", "since at least 2021", "2021-01-01", "", intel.PrecisionYear},
		{"In the second quarter of 2025 it paid.", "In the second quarter of 2025", "2025-04-01", "2025-06-30", intel.PrecisionQuarter},
		{"It was hit earlier this week.", "earlier this week", "2025-09-01", "2025-09-03", intel.PrecisionWeek},
		{"The breach of 1 September 2025 is known.", "1 September 2025", "2025-09-01", "2025-09-01", intel.PrecisionDay},
		{"On December 28 it went dark.", "On December 28", "2024-12-28", "2024-12-28", intel.PrecisionDay},
		{"It happened last year.", "last year", "2024-01-01", "2024-12-31", intel.PrecisionYear},
		{"In early 2025 a group came.", "In early 2025", "2025-01-01", "2025-04-30", intel.PrecisionYear},
		{"It broke in two weeks ago.", "in two weeks ago", "2025-08-17", "2025-08-23", intel.PrecisionWeek},
		{"Staff saw it yesterday.", "yesterday", "2025-09-02", "2025-09-02", intel.PrecisionDay},
		{"It stood still over the Easter weekend, they say.", "over the Easter weekend", "2025-04-18", "2025-04-21", intel.PrecisionDay},
		{"The attack of Good Friday cost it a week.", "Good Friday", "2025-04-18", "2025-04-18", intel.PrecisionDay},
		{"It began on Christmas Eve, staff say.", "on Christmas Eve", "2024-12-24", "2024-12-24", intel.PrecisionDay},
		{"It was hit this spring.", "this spring", "2025-03-01", "2025-05-31", intel.PrecisionQuarter},
		{"It was hit in the autumn of 2024.", "in the autumn of 2024", "2024-09-01", "2024-11-30", intel.PrecisionQuarter},
		{"It broke out in the week of 11 August.", "in the week of 11 August", "2025-08-11", "2025-08-17", intel.PrecisionWeek},
		{"They had access between 8 and 18 August.", "between 8 and 18 August", "2025-08-08", "2025-08-18", intel.PrecisionDay},
		{"Mail has been down since Friday night.", "since Friday night", "2025-08-29", "2025-08-29", intel.PrecisionDay},
		{"It has dealt with this since April.", "since April", "2025-04-01", "2025-04-30", intel.PrecisionMonth},
		{"It struck this month.", "this month", "2025-09-01", "2025-09-03", intel.PrecisionMonth},
		{"It struck last month.", "last month", "2025-08-01", "2025-08-31", intel.PrecisionMonth},
		{"It struck last Wednesday, Aug 27.", "last Wednesday, Aug 27", "2025-08-27", "2025-08-27", intel.PrecisionDay},
		{"It struck a few days ago.", "a few days ago", "2025-08-28", "2025-09-01", intel.PrecisionWeek},
		{"La panne, survenue dimanche, dure encore.", "dimanche", "2025-08-31", "2025-08-31", intel.PrecisionDay},
		{"Des données ont fui entre le 6 février et le 5 mars.", "entre le 6 février et le 5 mars", "2025-02-06", "2025-03-05", intel.PrecisionDay},
		{"Der Ausfall begann am Freitagabend und dauert an.", "am Freitagabend", "2025-08-29", "2025-08-29", intel.PrecisionDay},
		{"In der Nacht zum 30. Oktober 2023 fiel alles aus.", "zum 30. Oktober 2023", "2023-10-29", "2023-10-30", intel.PrecisionDay},
		{"El ataque del 3 de marzo de 2024 sigue.", "3 de marzo de 2024", "2024-03-03", "2024-03-03", intel.PrecisionDay},
		{"L'attacco è avvenuto nel maggio 2024 a Roma.", "maggio 2024", "2024-05-01", "2024-05-31", intel.PrecisionMonth},
		{"It was seen at the start of last month by staff.", "at the start of last month", "2025-08-01", "2025-08-07", intel.PrecisionWeek},
		{"It is in its fifth day of outages.", "fifth day", "2025-08-30", "2025-08-30", intel.PrecisionDay},
		{"Twelve were struck within two weeks, it says.", "within two weeks", "2025-08-20", "2025-09-03", intel.PrecisionWeek},
		{"From 30 May to 2 June it was open.", "From 30 May to 2 June", "2025-05-30", "2025-06-02", intel.PrecisionDay},
	}
	for _, tt := range tests {
		t.Run(tt.words, func(t *testing.T) {
			txt := sentence.Read(tt.text)
			got := dates.Find(txt.Tokens, ref)
			if len(got) != 1 {
				t.Fatalf("found %+v", got)
			}
			g := got[0]
			words := tt.text[txt.Tokens[g.First].Start:txt.Tokens[g.Last-1].End]
			if words != tt.words || g.From.String() != tt.from || g.To.String() != tt.to || g.Precision != tt.precision {
				t.Errorf("got %q %s..%s %s", words, g.From, g.To, g.Precision)
			}
		})
	}
}

func TestNothingIsGuessed(t *testing.T) {
	for _, text := range []string{"It began on Sunday.", "It was seen in late August.", "It was hit earlier this week.", "It happened last month.", "Three days ago it fell."} {
		got := dates.Find(sentence.Read(text).Tokens, intel.Moment{})
		if len(got) != 1 || got[0].Known() || got[0].Precision != intel.PrecisionUnknown {
			t.Errorf("%s: %+v", text, got)
		}
	}
}

func TestNoTime(t *testing.T) {
	for _, text := range []string{"They may march on.", "The second attack hit a second firm.", "He sat in the sun.", "The last server fell.", "Room 12 is open."} {
		if got := dates.Find(sentence.Read(text).Tokens, intel.Moment{}); len(got) != 0 {
			t.Errorf("%s: %+v", text, got)
		}
	}
}

func TestLaterCountsFromTheDateBefore(t *testing.T) {
	ref := intel.OnDay(intel.Date{Year: 2025, Month: time.September, Day: 3})
	text := "It was entered on 12 May 2024. Two days later staff saw it. The following day it was shut."
	got := dates.Find(sentence.Read(text).Tokens, ref)
	var days []string
	for _, g := range got {
		days = append(days, g.From.String())
	}
	if len(days) != 3 || days[1] != "2024-05-14" || days[2] != "2024-05-15" {
		t.Errorf("days %v", days)
	}
	alone := dates.Find(sentence.Read("Two days later staff saw it.").Tokens, ref)
	if len(alone) != 1 || alone[0].Known() {
		t.Errorf("without a date before it: %+v", alone)
	}
}

func FuzzFind(f *testing.F) {
	f.Add("between May and July, 31 February 2025, the 1st of Q2 last year", int64(1756900000))
	f.Fuzz(func(t *testing.T, text string, sec int64) {
		txt := sentence.Read(text)
		at := time.Unix(sec%4102444800, 0)
		for _, g := range dates.Find(txt.Tokens, intel.Instant(at)) {
			if g.First < 0 || g.Last > len(txt.Tokens) || g.First >= g.Last || !g.Precision.Valid() {
				t.Fatalf("found %+v among %d tokens", g, len(txt.Tokens))
			}
		}
	})
}
