package learn_test

import (
	"bytes"
	"testing"

	"github.com/rapsheet/rapsheet/extract/learn"
)

func TestFit(t *testing.T) {
	var samples []learn.Sample
	for i := range 200 {
		s := learn.Sample{Features: []string{"always"}, Weight: 1}
		if i%2 == 0 {
			s.Features, s.Positive = append(s.Features, "hit"), true
		}
		samples = append(samples, s)
	}
	w := learn.Fit(samples, learn.Options{})
	table := learn.Table(w)
	if p := learn.Score(table, "bias", []string{"always", "hit"}); p < 0.7 {
		t.Errorf("with the feature: %.2f", p)
	}
	if p := learn.Score(table, "bias", []string{"always"}); p > 0.3 {
		t.Errorf("without: %.2f", p)
	}
	if !bytes.Equal(learn.Encode(w), learn.Encode(learn.Fit(samples, learn.Options{}))) {
		t.Error("two fits differ")
	}
}

// TestBoost learns what only two numbers together tell, which no sum of weights can, and writes the same trees each time.
func TestBoost(t *testing.T) {
	var rows []learn.Row
	for i := range 400 {
		a, b := float64(i%2), float64(min(i/2%3, 1))
		rows = append(rows, learn.Row{X: []float64{a, b, float64(i % 7)}, Positive: a != b, Weight: 1})
	}
	trees := learn.Boost(rows, learn.BoostOptions{Trees: 60})
	for _, r := range rows[:42] {
		z := 0.0
		for _, tree := range trees {
			z += tree.Score(r.X)
		}
		if (z > 0) != r.Positive {
			t.Errorf("%v: log odds %.2f, positive %v", r.X, z, r.Positive)
		}
	}
	names := []string{"a", "b", "c"}
	if string(learn.EncodeTrees(trees, names)) != string(learn.EncodeTrees(learn.Boost(rows, learn.BoostOptions{Trees: 60}), names)) {
		t.Error("two fits of the same rows differ")
	}
}

// TestForests: several forests speak on one scale with one, since they are averaged, not summed; each draws other rows.
func TestForests(t *testing.T) {
	var rows []learn.Row
	for i := range 400 {
		rows = append(rows, learn.Row{X: []float64{float64(i % 10), float64(i % 3)}, Positive: i%10 > 6, Weight: 1})
	}
	score := func(forests int, x []float64) float64 {
		z := 0.0
		for _, tree := range learn.Boost(rows, learn.BoostOptions{Trees: 40, Forests: forests, Columns: 1}) {
			z += tree.Score(x)
		}
		return z
	}
	for _, x := range [][]float64{{8, 1}, {2, 1}} {
		one, four := score(1, x), score(4, x)
		if d := one - four; d == 0 || d > 0.5 || d < -0.5 {
			t.Errorf("%v: log odds %.3f of one forest, %.3f of four", x, one, four)
		}
	}
}
