package extract

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"math"
	"strconv"
	"strings"
	"sync"

	"github.com/rapsheet/rapsheet/intel"
)

//go:embed model.tsv
var embeddedModel []byte

// model is a logistic regression over named features, and the trees that weigh what it makes of all names of a text.
type model struct {
	index   map[string]int32
	weights []float32
	bias    float64
	// single holds the weights of the model that judges one mention alone, biasSingle its intercept.
	single     []float32
	biasSingle float64
	// whole judges whether a text names a victim at all.
	whole *model
	// trees are the second pass.
	trees  []tree
	digest string
	// idle holds collectors of features that no text uses.
	idle sync.Pool
}

// readModel reads lines of a feature, a tab and a weight; the prefix m: marks the model of single mentions, d: that
// of whole texts, bias the intercepts; a line whose feature is "tree" holds a tree of the second pass.
func readModel(raw []byte) (*model, error) {
	m := &model{index: map[string]int32{}, whole: &model{index: map[string]int32{}}}
	sum := sha256.Sum256(raw)
	m.digest = hex.EncodeToString(sum[:6])
	sc := bufio.NewScanner(bytes.NewReader(raw))
	for line := 1; sc.Scan(); line++ {
		name, value, ok := bytes.Cut(sc.Bytes(), []byte{'\t'})
		if len(name) == 0 && !ok {
			continue
		}
		if string(name) == "tree" {
			t, err := readTree(string(value))
			if err != nil {
				return nil, fmt.Errorf("model line %d: %w", line, err)
			}
			m.trees = append(m.trees, t)
			continue
		}
		w, err := strconv.ParseFloat(string(value), 32)
		if err != nil {
			return nil, fmt.Errorf("model line %d: %q is not a weight: %w", line, value, intel.ErrInvalid)
		}
		m.set(string(name), w)
	}
	if err := sc.Err(); err != nil {
		return nil, fmt.Errorf("model: %w", err)
	}
	return m, nil
}

// set takes one line of the model in.
func (m *model) set(name string, w float64) {
	switch name {
	case "bias":
		m.bias = w
		return
	case "m:bias":
		m.biasSingle = w
		return
	}
	if rest, ok := strings.CutPrefix(name, "d:"); ok && m.whole != nil {
		m.whole.set(rest, w)
		return
	}
	rest, single := strings.CutPrefix(name, "m:")
	i, ok := m.index[rest]
	if !ok {
		i = int32(len(m.weights))
		m.index[rest] = i
		m.weights, m.single = append(m.weights, 0), append(m.single, 0)
	}
	if single {
		m.single[i] = float32(w)
	} else {
		m.weights[i] = float32(w)
	}
}

func logistic(z float64) float64 { return 1 / (1 + math.Exp(-z)) }

// features collects the features of one group, and of one mention of it, each once.
type features struct {
	m *model
	// seen and mark tell which features the group has, seenOne and markOne those of the mention at hand.
	seen, seenOne []uint32
	mark, markOne uint32
	sum, one      float64
	buf           []byte
	// names collects the features of the group for training, namesOne those of the mention; nil otherwise.
	names, namesOne map[string]bool
}

// newFeatures gives a collector for m, a used one if there is any: its marks only grow, so nothing need be cleared.
func newFeatures(m *model) *features {
	if f, ok := m.idle.Get().(*features); ok {
		return f
	}
	return &features{m: m, seen: make([]uint32, len(m.weights)), seenOne: make([]uint32, len(m.weights)), buf: make([]byte, 0, 64)}
}

// done gives f back for the next text.
func (f *features) done() {
	if f.names == nil && f.mark < math.MaxUint32/2 && f.markOne < math.MaxUint32/2 {
		f.m.idle.Put(f)
	}
}

// reset begins a new group.
func (f *features) reset(bias float64) {
	f.mark++
	f.sum = bias
	if f.names != nil {
		f.names = map[string]bool{}
	}
}

// begin begins a new mention.
func (f *features) begin() {
	f.markOne++
	f.one = f.m.biasSingle
	if f.names != nil {
		f.namesOne = map[string]bool{}
	}
}

// inShort adds a feature in short notes only: what stands around a name in long articles is too varied to be learned word by word
// from the few that are labelled.
func (f *features) inShort(name, value, size string) {
	if size == "S" {
		f.add(name, value)
	}
}

// add adds the feature made of its parts.
func (f *features) add(parts ...string) {
	f.buf = f.buf[:0]
	for i, p := range parts {
		if i > 0 {
			f.buf = append(f.buf, '=')
		}
		f.buf = append(f.buf, p...)
	}
	if f.names != nil {
		f.names[string(f.buf)] = true
		if f.namesOne != nil {
			f.namesOne[string(f.buf)] = true
		}
	}
	i, ok := f.m.index[string(f.buf)]
	if !ok {
		return
	}
	if f.seen[i] != f.mark {
		f.seen[i] = f.mark
		f.sum += float64(f.m.weights[i])
	}
	if f.seenOne[i] != f.markOne {
		f.seenOne[i] = f.markOne
		f.one += float64(f.m.single[i])
	}
}
