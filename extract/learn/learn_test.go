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
