package index

import (
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"hash/fnv"
	"hash/maphash"
	"math"
	"slices"
	"sync"

	"github.com/rapsheet/rapsheet/intel"
)

// The bounds of a page.
const (
	defaultLimit = 20
	maxLimit     = 200
)

// cursor is the last item of a page: the next page begins after it, wherever new items have come in since.
type cursor struct {
	query uint64
	// order is n, o or r; upper case says that the words were loosened to any of them.
	order byte
	key   int64
	id    string
	// list is the remembered list of a search by relevance, whose scores move when records come in; at is the place in it.
	list uint64
	at   uint32
}

// encode writes a cursor; the checksum tells a mistyped one from a foreign one.
func (c cursor) encode() string {
	b := []byte{1, c.order}
	b = binary.BigEndian.AppendUint64(b, c.query)
	b = binary.BigEndian.AppendUint64(b, uint64(c.key)) //nolint:gosec // bits are kept
	b = binary.BigEndian.AppendUint64(b, c.list)
	b = binary.BigEndian.AppendUint32(b, c.at)
	b = append(b, c.id...)
	b = binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b))
	return base64.RawURLEncoding.EncodeToString(b)
}

const cursorHead = 2 + 8 + 8 + 8 + 4

// decodeCursor reads the cursor of a query; nil when there is none.
func decodeCursor(s string, query uint64) (*cursor, error) {
	if s == "" {
		return nil, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(s) > 1024 || len(b) < cursorHead+4 || b[0] != 1 {
		return nil, invalid("cursor is damaged: use next_cursor as it was given, or leave it out")
	}
	body, sum := b[:len(b)-4], b[len(b)-4:]
	if crc32.ChecksumIEEE(body) != binary.BigEndian.Uint32(sum) {
		return nil, invalid("cursor is damaged: use next_cursor as it was given, or leave it out")
	}
	c := &cursor{
		order: b[1], query: binary.BigEndian.Uint64(b[2:]), key: int64(binary.BigEndian.Uint64(b[10:])), //nolint:gosec // bits are kept
		list: binary.BigEndian.Uint64(b[18:]), at: binary.BigEndian.Uint32(b[26:]), id: string(body[cursorHead:]),
	}
	if c.query != query {
		return nil, invalid("cursor belongs to another query: leave it out to begin again")
	}
	return c, nil
}

// queryHash tells queries apart; limit and cursor may change between pages.
func queryHash(what string, q intel.Query) uint64 {
	h := fnv.New64a()
	for _, v := range []string{
		what, q.Text, q.Actor, q.Victim, q.Sector, q.Country, string(q.Kind), string(q.Status), q.Source, q.Language, q.CVE, q.Technique,
		q.Observable, q.TimeField, string(q.MaxTLP), q.Sort,
	} {
		_, _ = h.Write([]byte(v))
		_, _ = h.Write([]byte{0xff})
	}
	var b []byte
	for _, d := range []intel.Date{q.From, q.To} {
		b = binary.BigEndian.AppendUint32(b, uint32(d.Year<<9|int(d.Month)<<5|d.Day)) //nolint:gosec // bits are kept
	}
	b = binary.BigEndian.AppendUint64(b, uint64(q.AsOf.UnixNano()))
	b = binary.BigEndian.AppendUint64(b, math.Float64bits(q.MinConfidence))
	if q.ExpandMembers {
		b = append(b, 1)
	}
	_, _ = h.Write(b)
	return h.Sum64()
}

func checkLimit(n int) (int, error) {
	switch {
	case n == 0:
		return defaultLimit, nil
	case n < 0 || n > maxLimit:
		return 0, invalid("limit %d: use 1 to %d", n, maxLimit)
	default:
		return n, nil
	}
}

// place orders a list item: by key, then by id.
type place struct {
	key int64
	id  string
}

// after reports whether p comes after c in an order. Items without a time are last, whichever way time runs.
func (p place) after(c place, oldest bool) bool {
	if p.key == c.key {
		return p.id > c.id
	}
	if p.key == math.MinInt64 || c.key == math.MinInt64 {
		return p.key == math.MinInt64
	}
	if oldest {
		return p.key > c.key
	}
	return p.key < c.key
}

// sortPlaces orders ordinals by their places.
func sortPlaces(list []uint32, oldest bool, at func(uint32) place) {
	slices.SortFunc(list, func(a, b uint32) int {
		if a == b {
			return 0
		}
		if at(b).after(at(a), oldest) {
			return -1
		}
		return 1
	})
}

// best gives the first n items of an order without sorting the rest.
func best[T any](items []T, n int, compare func(a, b T) int) []T {
	out := make([]T, 0, min(n, len(items))+1)
	for _, it := range items {
		if len(out) == n && compare(it, out[n-1]) >= 0 {
			continue
		}
		i, _ := slices.BinarySearchFunc(out, it, compare)
		out = slices.Insert(out, i, it)
		out = out[:min(len(out), n)]
	}
	return out
}

// pageOf gives the places of one page, and whether more follow.
func pageOf[T any](items []T, cur *cursor, limit int, oldest bool, at func(T) place) (page []T, more bool) {
	if cur != nil {
		c := place{cur.key, cur.id}
		items = slices.DeleteFunc(items, func(it T) bool { return !at(it).after(c, oldest) })
	}
	page = best(items, limit, func(a, b T) int {
		x, y := at(a), at(b)
		switch {
		case x == y:
			return 0
		case y.after(x, oldest):
			return -1
		default:
			return 1
		}
	})
	return page, len(items) > len(page)
}

// resultCache remembers the lists of the latest searches by relevance, so that their pages hold together although scores
// move. It is bounded; what fell out is computed again and goes on by score.
type resultCache struct {
	mu    sync.Mutex
	next  uint64
	lists []rememberedList
	size  int
}

type rememberedList struct {
	token, query uint64
	hits         []textHit
	// ranked says that hits are in order; they are put there when a second page is asked for.
	ranked bool
}

const (
	rememberedLists = 64
	rememberedItems = 500_000
)

func (c *resultCache) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lists, c.size = nil, 0
}

func (c *resultCache) put(query uint64, hits []textHit) uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(hits) > rememberedItems/2 {
		return 0
	}
	c.next++
	// The token is not guessable from an older process's, whose cursors must not find another list.
	token := maphash.Comparable(maphash.MakeSeed(), c.next) | 1
	c.lists = append(c.lists, rememberedList{token: token, query: query, hits: hits})
	c.size += len(hits)
	for len(c.lists) > rememberedLists || c.size > rememberedItems {
		c.size -= len(c.lists[0].hits)
		c.lists = slices.Delete(c.lists, 0, 1)
	}
	return token
}

// rank keeps the ordered form of a list.
func (c *resultCache) rank(token uint64, hits []textHit) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := range c.lists {
		if c.lists[i].token == token {
			c.lists[i].hits, c.lists[i].ranked = hits, true
		}
	}
}

func (c *resultCache) get(token, query uint64) (rememberedList, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := range c.lists {
		if c.lists[i].token == token && c.lists[i].query == query {
			return c.lists[i], true
		}
	}
	return rememberedList{}, false
}
