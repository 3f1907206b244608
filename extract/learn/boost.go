package learn

import (
	"math"
	"math/rand/v2"
	"sort"
	"strconv"
	"strings"
)

// Row is one candidate as numbers.
type Row struct {
	X        []float64
	Positive bool
	Weight   float64
}

// BoostOptions steer the growing of trees; the zero value is what the shipped model was made with.
type BoostOptions struct {
	// Trees is their number, Depth their depth, Bins the number of thresholds tried for each feature.
	Trees, Depth, Bins int
	// Rate is the share of each tree, L2 the penalty of large leaves, Least the least weight (of second derivatives) of a leaf.
	Rate, L2, Least float64
	// Forests is how many forests are grown and averaged; Rows and Columns are the shares of rows and features that each tree sees.
	Forests       int
	Rows, Columns float64
}

func (o *BoostOptions) defaults() {
	if o.Trees == 0 {
		o.Trees = 200
	}
	if o.Depth == 0 {
		o.Depth = 4
	}
	if o.Bins == 0 {
		o.Bins = 24
	}
	if o.Rate == 0 {
		o.Rate = 0.06
	}
	if o.L2 == 0 {
		o.L2 = 4
	}
	if o.Least == 0 {
		o.Least = 4
	}
	if o.Forests == 0 {
		o.Forests = 3
	}
	if o.Rows == 0 {
		o.Rows = 0.7
	}
	if o.Columns == 0 {
		o.Columns = 0.4
	}
}

// Node is a node of a tree: X[Feature] < Less goes to the left child, the node behind it, else to Right; a leaf has Feature -1.
type Node struct {
	Feature int
	Less    float64
	Right   int
	Value   float64
}

// Tree is a decision tree in preorder.
type Tree []Node

// Score is what a tree makes of a row.
func (t Tree) Score(x []float64) float64 {
	i := 0
	for t[i].Feature >= 0 {
		if x[t[i].Feature] < t[i].Less {
			i++
		} else {
			i = t[i].Right
		}
	}
	return t[i].Value
}

// Boost grows trees whose sum is the log odds of a row, each on what those before left unexplained. The first is a single leaf. Of
// several forests, each on other draws of rows and features, the sum is the mean.
func Boost(rows []Row, o BoostOptions) []Tree {
	o.defaults()
	if len(rows) == 0 {
		return nil
	}
	b := newBooster(rows, o)
	out := []Tree{{{Feature: -1, Value: b.base}}}
	for k := range o.Forests {
		b.begin(uint64(k))
		for range o.Trees {
			b.gradients()
			b.draw()
			t := b.grow(b.some(), 0, nil)
			for i, r := range rows {
				b.z[i] += t.Score(r.X)
			}
			out = append(out, t.times(1/float64(o.Forests)))
		}
	}
	return out
}

// times is a tree whose leaves are multiplied.
func (t Tree) times(x float64) Tree {
	out := append(Tree(nil), t...)
	for i := range out {
		if out[i].Feature < 0 {
			out[i].Value *= x
		}
	}
	return out
}

type booster struct {
	o       BoostOptions
	rows    []Row
	cuts    [][]float64
	bins    [][]uint8
	z, g, h []float64
	base    float64
	// use says which features the tree at hand may read.
	use []bool
	rnd *rand.Rand
}

func newBooster(rows []Row, o BoostOptions) *booster {
	n := len(rows)
	b := &booster{o: o, rows: rows, z: make([]float64, n), g: make([]float64, n), h: make([]float64, n)}
	pos, all := 1.0, 2.0
	for _, r := range rows {
		all += r.Weight
		if r.Positive {
			pos += r.Weight
		}
	}
	b.base = math.Log(pos / (all - pos))
	b.use = make([]bool, len(rows[0].X))
	for f := range rows[0].X {
		b.cut(f)
	}
	return b
}

// begin begins a forest, whose draws its number decides.
func (b *booster) begin(forest uint64) {
	b.rnd = rand.New(rand.NewPCG(7, forest)) //nolint:gosec // the same draws every time
	for i := range b.z {
		b.z[i] = b.base
	}
}

// draw chooses the features of a tree.
func (b *booster) draw() {
	for i := range b.use {
		b.use[i] = b.o.Columns >= 1 || b.rnd.Float64() < b.o.Columns
	}
}

// cut finds the thresholds of a feature, at even shares of the rows, and sorts the rows in.
func (b *booster) cut(f int) {
	v := make([]float64, len(b.rows))
	for i, r := range b.rows {
		v[i] = r.X[f]
	}
	sorted := append([]float64(nil), v...)
	sort.Float64s(sorted)
	var uniq []float64
	for i, x := range sorted {
		if i == 0 || x != sorted[i-1] {
			uniq = append(uniq, x)
		}
	}
	var cuts []float64
	if len(uniq) <= b.o.Bins {
		for i := 1; i < len(uniq); i++ {
			cuts = append(cuts, (uniq[i-1]+uniq[i])/2)
		}
	} else {
		for k := 1; k < b.o.Bins; k++ {
			// half of the thresholds at even shares of the rows, half of the values met: rare high values tell most
			c := sorted[len(sorted)*k/b.o.Bins]
			if k%2 == 0 {
				c = uniq[len(uniq)*k/b.o.Bins]
			}
			cuts = append(cuts, c)
		}
		sort.Float64s(cuts)
	}
	row := make([]uint8, len(v))
	for i, x := range v {
		row[i] = uint8(sort.Search(len(cuts), func(k int) bool { return x < cuts[k] }))
	}
	b.cuts, b.bins = append(b.cuts, cuts), append(b.bins, row)
}

func (b *booster) gradients() {
	for i, r := range b.rows {
		p := 1 / (1 + math.Exp(-b.z[i]))
		y := 0.0
		if r.Positive {
			y = 1
		}
		b.g[i], b.h[i] = (y-p)*r.Weight, p*(1-p)*r.Weight
	}
}

// some are the rows that a tree is grown on.
func (b *booster) some() []int {
	out := make([]int, 0, len(b.rows))
	for i := range b.rows {
		if b.o.Rows >= 1 || b.rnd.Float64() < b.o.Rows {
			out = append(out, i)
		}
	}
	return out
}

// grow appends the subtree of rows idx to t.
func (b *booster) grow(idx []int, depth int, t Tree) Tree {
	g, h := 0.0, 0.0
	for _, i := range idx {
		g += b.g[i]
		h += b.h[i]
	}
	f, k := -1, 0
	if depth < b.o.Depth {
		f, k = b.split(idx, g, h)
	}
	if f < 0 {
		return append(t, Node{Feature: -1, Value: b.o.Rate * g / (h + b.o.L2)})
	}
	var left, right []int
	for _, i := range idx {
		if int(b.bins[f][i]) <= k {
			left = append(left, i)
		} else {
			right = append(right, i)
		}
	}
	at := len(t)
	t = append(t, Node{Feature: f, Less: b.cuts[f][k]})
	t = b.grow(left, depth+1, t)
	t[at].Right = len(t)
	return b.grow(right, depth+1, t)
}

// split finds the feature and threshold that part the rows best; -1 where none gains.
func (b *booster) split(idx []int, g, h float64) (feature, bin int) {
	best := 1e-3
	feature = -1
	whole := g * g / (h + b.o.L2)
	for f := range b.bins {
		if !b.use[f] {
			continue
		}
		var gs, hs [256]float64
		col := b.bins[f]
		for _, i := range idx {
			gs[col[i]] += b.g[i]
			hs[col[i]] += b.h[i]
		}
		gl, hl := 0.0, 0.0
		for k := range b.cuts[f] {
			gl += gs[k]
			hl += hs[k]
			if hl < b.o.Least || h-hl < b.o.Least {
				continue
			}
			gain := gl*gl/(hl+b.o.L2) + (g-gl)*(g-gl)/(h-hl+b.o.L2) - whole
			if gain > best {
				best, feature, bin = gain, f, k
			}
		}
	}
	return feature, bin
}

// EncodeTrees writes trees as lines of the model: the word tree, a tab, and the nodes in preorder, "feature<threshold" or a value.
func EncodeTrees(trees []Tree, names []string) []byte {
	var sb strings.Builder
	for _, t := range trees {
		sb.WriteString("tree\t")
		for i, n := range t {
			if i > 0 {
				sb.WriteByte(' ')
			}
			if n.Feature < 0 {
				sb.WriteString(strconv.FormatFloat(n.Value, 'f', 4, 64))
				continue
			}
			sb.WriteString(names[n.Feature])
			sb.WriteByte('<')
			sb.WriteString(strconv.FormatFloat(n.Less, 'g', -1, 64))
		}
		sb.WriteByte('\n')
	}
	return []byte(sb.String())
}
