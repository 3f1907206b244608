package extract

import (
	"errors"
	"math"
	"testing"

	"github.com/rapsheet/rapsheet/intel"
)

func TestReadTree(t *testing.T) {
	tr, err := readTree("p<0.5 best<-1 0.25 -0.5 rank<2 1 top<0 3 4")
	if err != nil {
		t.Fatal(err)
	}
	m := &model{trees: []tree{tr}}
	at := map[string]int{}
	for i, n := range denseNames() {
		at[n] = i
	}
	row := func(p, best, rank, top float64) []float64 {
		x := make([]float64, len(at))
		x[at["p"]], x[at["best"]], x[at["rank"]], x[at["top"]] = p, best, rank, top
		return x
	}
	for _, c := range []struct {
		x    []float64
		want float64
	}{
		{row(0, -2, 9, 9), 0.25},
		{row(0, 0, 9, 9), -0.5},
		{row(1, 0, 1, 9), 1},
		{row(1, 0, 2, -1), 3},
		{row(1, 0, 2, 0), 4},
	} {
		if got := m.forest(c.x); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("forest = %v, want %v", got, c.want)
		}
	}
	for _, bad := range []string{"", "p<0.5", "p<0.5 1", "nothing<1 2 3", "p<x 1 2", "1 2", "p<0.5 1 2 3"} {
		if _, err := readTree(bad); !errors.Is(err, intel.ErrInvalid) {
			t.Errorf("readTree(%q) = %v, want ErrInvalid", bad, err)
		}
	}
}

// TestDenseNames keeps the numbers of a candidate and their names in step.
func TestDenseNames(t *testing.T) {
	x, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	in := Input{Text: "Hackers breached Norvik Foods on Monday. The company said it had told the police."}
	first := make([]First, len(x.Examples(in, nil)))
	for _, e := range x.Examples(in, first) {
		if len(e.Numbers) != len(Numbers()) {
			t.Fatalf("%d numbers, %d names", len(e.Numbers), len(Numbers()))
		}
	}
	if len(first) == 0 {
		t.Fatal("no candidates")
	}
}
