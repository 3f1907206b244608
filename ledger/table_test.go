package ledger_test

import (
	"cmp"
	"os"
	"strings"
	"testing"

	"github.com/rapsheet/rapsheet/intel"
)

// tableRow is a line of the table in doc/claims.md.
type tableRow struct{ event, attribution, impact, flat, answer string }

// table reads the rows of the table of statuses by what they are called.
func table(t *testing.T) map[string]tableRow {
	t.Helper()
	text, err := os.ReadFile("../doc/claims.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(text), "| Who says what |")
	if !found {
		t.Fatal("doc/claims.md has no table of statuses")
	}
	rows := map[string]tableRow{}
	for _, line := range strings.Split(rest, "\n")[2:] {
		cells := strings.Split(strings.Trim(line, "|"), "|")
		if !strings.HasPrefix(line, "|") || len(cells) != 6 {
			break
		}
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		if _, twice := rows[cells[0]]; twice {
			t.Errorf("two lines are called %q", cells[0])
		}
		rows[cells[0]] = tableRow{cells[1], cells[2], cells[3], cells[4], cells[5]}
	}
	return rows
}

// Every line of the table is a case, every case a line, and both say the same: TestStatus runs the cases.
func TestTableAndCasesAgree(t *testing.T) {
	rows, cases := table(t), statusCases()
	for name, row := range rows {
		c, is := cases[name]
		if !is {
			t.Errorf("no case is called %q", name)
			continue
		}
		want := tableRow{string(c.facets.Event), string(c.facets.Attribution), string(c.facets.Impact), cmp.Or(string(c.flat), "(empty)"), c.answer}
		if row != want {
			t.Errorf("%q: the page says %+v, the case %+v", name, row, want)
		}
	}
	for name := range cases {
		if _, is := rows[name]; !is {
			t.Errorf("no line of the page is called %q", name)
		}
	}
}

// What users ask for by name is a line of the table that says it in bold.
func TestTableHoldsEveryNamedCase(t *testing.T) {
	rows := table(t)
	for _, term := range []string{
		"claimed", "attributed", "confirmed", "denied", "retracted", "recycled", "claimed by two gangs", "masked and later revealed",
		"withdrawn after payment", "umbrella vs member", "event confirmed, attribution only claimed", "impact first denied then admitted",
	} {
		found := 0
		for name, row := range rows {
			if strings.HasPrefix(name, "**"+term+"**: ") {
				found++
				if s := intel.Stance(term); s.Valid() && row.flat != term {
					t.Errorf("the line of %q says %q", term, row.flat)
				}
			}
		}
		if found != 1 {
			t.Errorf("%d lines are called %q", found, term)
		}
	}
}
