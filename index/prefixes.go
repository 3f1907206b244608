package index

import (
	"cmp"
	"iter"
	"slices"
	"sort"
	"strings"

	"github.com/rapsheet/rapsheet/names"
)

// prefix is one place where type-ahead may begin: a name, or a later word of it.
type prefix struct {
	key    string
	id     string
	name   string
	victim bool
	inner  bool
}

// prefixes are in order, most of them at rest and few of late: answers wait while a batch is taken in, so it must cost what it
// brings and not what there is. The two lists become one when the later one has grown to an eighth.
type prefixes struct {
	rest, late []prefix
	// fresh are those of this batch, in no order yet.
	fresh []prefix
	// renamed are the names now of what bore others before; entries of the names it no longer has are passed over.
	renamed map[bearer][]string
}

// bearer is who has a name.
type bearer struct {
	id     string
	victim bool
}

// put gives an actor or organisation its names; was are those that it had so far.
func (l *prefixes) put(b bearer, was, now []string) {
	for _, n := range now {
		if !slices.Contains(was, n) {
			l.add(b, n)
		}
	}
	if _, moved := l.renamed[b]; moved || len(was) > 0 {
		if l.renamed == nil {
			l.renamed = map[bearer][]string{}
		}
		l.renamed[b] = now
	}
}

// add lets type-ahead find a name by its beginning and by the beginning of its later words.
func (l *prefixes) add(b bearer, name string) {
	key := names.Fold(name)
	if key == "" {
		return
	}
	l.fresh = append(l.fresh, prefix{key, b.id, name, b.victim, false})
	words := 0
	for i := 1; i < len(key) && words < 6; i++ {
		if key[i-1] == ' ' && key[i] != ' ' {
			l.fresh = append(l.fresh, prefix{key[i:], b.id, name, b.victim, true})
			words++
		}
	}
}

// settle puts the entries of a batch in their places.
func (l *prefixes) settle() {
	if len(l.fresh) > 0 {
		slices.SortFunc(l.fresh, comparePrefixes)
		l.late, l.fresh = mergePrefixes(l.late, l.fresh), nil
	}
	if most := 1000 + len(l.rest)/8; len(l.late) > most || len(l.renamed) > most {
		l.rest = slices.DeleteFunc(mergePrefixes(l.rest, l.late), l.gone)
		l.late, l.renamed = nil, nil
	}
}

// gone reports whether an entry is of a name that its bearer has no longer.
func (l *prefixes) gone(p prefix) bool {
	now, moved := l.renamed[bearer{p.id, p.victim}]
	return moved && !slices.Contains(now, p.name)
}

// starting gives the entries that begin with key, in order, each once.
func (l *prefixes) starting(key string) iter.Seq[prefix] {
	return func(yield func(prefix) bool) {
		a, b := from(l.rest, key), from(l.late, key)
		for len(a) > 0 || len(b) > 0 {
			var p prefix
			switch c := compareFirst(a, b); {
			case c < 0:
				p, a = a[0], a[1:]
			case c > 0:
				p, b = b[0], b[1:]
			default:
				p, a, b = a[0], a[1:], b[1:]
			}
			if !l.gone(p) && !yield(p) {
				return
			}
		}
	}
}

// compareFirst compares the first of two lists of which one at least has any; nothing comes after everything.
func compareFirst(a, b []prefix) int {
	switch {
	case len(b) == 0:
		return -1
	case len(a) == 0:
		return 1
	}
	return comparePrefixes(a[0], b[0])
}

// from gives the entries of a list that begin with key.
func from(list []prefix, key string) []prefix {
	lo := sort.Search(len(list), func(i int) bool { return list[i].key >= key })
	n := sort.Search(len(list)-lo, func(i int) bool { return !strings.HasPrefix(list[lo+i].key, key) })
	return list[lo : lo+n]
}

func mergePrefixes(a, b []prefix) []prefix {
	out := make([]prefix, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if compareFirst(a, b) <= 0 {
			out, a = append(out, a[0]), a[1:]
		} else {
			out, b = append(out, b[0]), b[1:]
		}
	}
	return slices.Compact(append(append(out, a...), b...))
}

func comparePrefixes(a, b prefix) int {
	return cmp.Or(strings.Compare(a.key, b.key), strings.Compare(a.id, b.id), strings.Compare(a.name, b.name), compareBools(a.victim, b.victim), compareBools(a.inner, b.inner))
}

func compareBools(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}
