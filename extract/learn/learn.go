// SPDX-License-Identifier: Apache-2.0

// Package learn fits the weights of the extractor's model: logistic regression over named features, the same result every time.
package learn

import (
	"math"
	"sort"
	"strconv"
	"strings"
)

// Sample is one candidate: its features, whether it is a victim, and how much it counts.
type Sample struct {
	Features []string
	Positive bool
	Weight   float64
}

// Options steer the fit; the zero value is what the shipped model was made with.
type Options struct {
	// Epochs is the number of passes, L2 the penalty of large weights, MinCount how often a feature must occur.
	Epochs   int
	L2       float64
	MinCount int
}

// Weight is a feature with its weight.
type Weight struct {
	Feature string
	Value   float64
}

// Fit learns the weights, the intercept under the name "bias" first, then by name.
func Fit(samples []Sample, o Options) []Weight {
	if o.Epochs == 0 {
		o.Epochs = 40
	}
	if o.L2 == 0 {
		o.L2 = 0.6
	}
	if o.MinCount == 0 {
		o.MinCount = 4
	}
	index, names := vocabulary(samples, o.MinCount)
	rows := make([][]int32, len(samples))
	for i, s := range samples {
		for _, f := range s.Features {
			if k, ok := index[f]; ok {
				rows[i] = append(rows[i], k)
			}
		}
	}
	w := descend(samples, rows, len(names), o)
	out := []Weight{{"bias", w[len(names)]}}
	for i, n := range names {
		if math.Abs(w[i]) >= 0.01 {
			out = append(out, Weight{n, w[i]})
		}
	}
	return out
}

// vocabulary numbers the features that occur often enough, in the order of their names.
func vocabulary(samples []Sample, least int) (map[string]int32, []string) {
	count := map[string]int{}
	for _, s := range samples {
		for _, f := range s.Features {
			count[f]++
		}
	}
	var names []string
	for f, n := range count {
		if n >= least && !strings.ContainsAny(f, "\t\n\r") {
			names = append(names, f)
		}
	}
	sort.Strings(names)
	index := make(map[string]int32, len(names))
	for i, n := range names {
		index[n] = int32(i)
	}
	return index, names
}

// descend runs AdaGrad over the samples in a fixed, shuffled order.
func descend(samples []Sample, rows [][]int32, n int, o Options) []float64 {
	w, g := make([]float64, n+1), make([]float64, n+1)
	// The penalty is of the whole fit, so each touch of a feature carries its share: what is seen often is held back less.
	share := make([]float64, n)
	for _, r := range rows {
		for _, k := range r {
			share[k]++
		}
	}
	for k := range share {
		share[k] = o.L2 / max(share[k], 1)
	}
	for i := range g {
		g[i] = 1
	}
	order := make([]int, len(samples))
	for i := range order {
		order[i] = i
	}
	seed := uint64(88172645463325252)
	for e := 0; e < o.Epochs; e++ {
		for i := len(order) - 1; i > 0; i-- {
			seed ^= seed << 13
			seed ^= seed >> 7
			seed ^= seed << 17
			j := int(seed % uint64(i+1))
			order[i], order[j] = order[j], order[i]
		}
		for _, i := range order {
			s := &samples[i]
			z := w[n]
			for _, k := range rows[i] {
				z += w[k]
			}
			d := 1 / (1 + math.Exp(-z))
			if s.Positive {
				d--
			}
			d *= s.Weight
			step := func(k int32, grad float64) {
				g[k] += grad * grad
				w[k] -= 0.15 * grad / math.Sqrt(g[k])
			}
			for _, k := range rows[i] {
				step(k, d+share[k]*w[k])
			}
			step(int32(n), d)
		}
	}
	return w
}

// Encode writes weights as the extractor reads them.
func Encode(ws []Weight) []byte {
	var sb strings.Builder
	for _, w := range ws {
		sb.WriteString(w.Feature)
		sb.WriteByte('\t')
		sb.WriteString(strconv.FormatFloat(w.Value, 'f', 3, 64))
		sb.WriteByte('\n')
	}
	return []byte(sb.String())
}

// Score gives the probability of features under weights.
func Score(ws map[string]float64, bias string, features []string) float64 {
	z := ws[bias]
	for _, f := range features {
		z += ws[f]
	}
	return 1 / (1 + math.Exp(-z))
}

// Table makes weights easy to look up.
func Table(ws []Weight) map[string]float64 {
	m := make(map[string]float64, len(ws))
	for _, w := range ws {
		m[w.Feature] = w.Value
	}
	return m
}
