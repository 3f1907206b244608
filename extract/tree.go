package extract

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/rapsheet/rapsheet/intel"
)

// node is a node of a tree in preorder: below less the next node follows, otherwise the one at right; a leaf has feature -1.
type node struct {
	feature, right int
	less           float64
}

type tree []node

// readTree reads the nodes of a tree: "name<threshold" or the value of a leaf.
func readTree(s string) (tree, error) {
	index := map[string]int{}
	for i, n := range denseNames() {
		index[n] = i
	}
	var out tree
	var open []int
	for w := range strings.FieldsSeq(s) {
		if len(open) == 0 && len(out) > 0 {
			return nil, fmt.Errorf("tree goes on behind its end: %w", intel.ErrInvalid)
		}
		name, value, inner := strings.Cut(w, "<")
		if !inner {
			name, value = "", w
		}
		v, err := strconv.ParseFloat(value, 64)
		f, known := index[name]
		if err != nil || inner && !known {
			return nil, fmt.Errorf("node %q of a tree: %w", w, intel.ErrInvalid)
		}
		if inner {
			open = append(open, len(out))
			out = append(out, node{feature: f, less: v})
			continue
		}
		out = append(out, node{feature: -1, less: v})
		for len(open) > 0 && out[open[len(open)-1]].right != 0 {
			open = open[:len(open)-1]
		}
		if len(open) > 0 {
			out[open[len(open)-1]].right = len(out)
		}
	}
	if len(open) > 0 || len(out) == 0 {
		return nil, fmt.Errorf("tree ends early: %w", intel.ErrInvalid)
	}
	return out, nil
}

// forest is the sum of what the trees make of the numbers of a candidate, as log odds.
func (m *model) forest(x []float64) float64 {
	z := 0.0
	for _, t := range m.trees {
		i := 0
		for t[i].feature >= 0 {
			if x[t[i].feature] < t[i].less {
				i++
			} else {
				i = t[i].right
			}
		}
		z += t[i].less
	}
	return z
}
