package index

// The lists of hits below are sorted by ordinal; scores of what is in both add up.

// intersect gives what is in both.
func intersect(a, b []textHit) []textHit {
	out := make([]textHit, 0, min(len(a), len(b)))
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i].ord < b[j].ord:
			i++
		case a[i].ord > b[j].ord:
			j++
		default:
			out = append(out, textHit{a[i].ord, a[i].score + b[j].score})
			i, j = i+1, j+1
		}
	}
	return out
}

// union gives what is in either.
func union(a, b []textHit) []textHit {
	out := make([]textHit, 0, len(a)+len(b))
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i].ord < b[j].ord:
			out = append(out, a[i])
			i++
		case a[i].ord > b[j].ord:
			out = append(out, b[j])
			j++
		default:
			out = append(out, textHit{a[i].ord, a[i].score + b[j].score})
			i, j = i+1, j+1
		}
	}
	return append(append(out, a[i:]...), b[j:]...)
}

// subtract gives what is in a and not in b.
func subtract(a, b []textHit) []textHit {
	out := make([]textHit, 0, len(a))
	j := 0
	for _, h := range a {
		for j < len(b) && b[j].ord < h.ord {
			j++
		}
		if j == len(b) || b[j].ord != h.ord {
			out = append(out, h)
		}
	}
	return out
}
