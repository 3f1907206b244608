package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/rapsheet/rapsheet/intel"
)

// stage holds what the measurements share.
type stage struct {
	o         settings
	out       io.Writer
	dir, data string
	key       string
	actors    []intel.Actor
	ambiguous []string

	server, bare, naive *child
	// full is the rate of single requests, added the number of the last report added.
	full  float64
	added int
}

func (b *stage) say(format string, args ...any) { fmt.Fprintf(b.out, format+"\n", args...) }

func (b *stage) stop() {
	b.server.stop()
	b.bare.stop()
	b.naive.stop()
}

// fetch sends one request and gives the body of its answer.
func (b *stage) fetch(ctx context.Context, addr string, req []byte) ([]byte, error) {
	c, err := (&net.Dialer{}).DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	defer c.Close() //nolint:errcheck // read to its end
	if _, err := c.Write(req); err != nil {
		return nil, err
	}
	var body bytes.Buffer
	status, _, err := readAnswer(bufio.NewReader(c), &body)
	if err == nil && status != 200 {
		err = fmt.Errorf("%d: %.300s", status, body.String())
	}
	return body.Bytes(), err
}

func (b *stage) onePath(n int) string {
	return "/v1/enrich/" + url.PathEscape(b.actors[n%len(b.actors)].Name)
}

func median[T int | float64 | time.Duration](all []T) T {
	slices.Sort(all)
	return all[len(all)/2]
}

// measured is what one server made of a load: the median rate, the median p99, and what a request cost it.
type measured struct {
	rate float64
	p99  time.Duration
	cpu  time.Duration
}

// turns loads two servers by turns, the same requests on so many connections.
func (b *stage) turns(ctx context.Context, servers [2]*child, conns int, next func(conn, n int) []byte) (out [2]measured, err error) {
	var rates [2][]float64
	var p99, cpu [2][]time.Duration
	for range b.o.rounds {
		for i, s := range servers {
			before := s.cpu()
			res, err := load{addr: s.addr, conns: conns, next: next}.run(ctx, b.o.length)
			if err != nil || res.failed > 0 {
				return out, fmt.Errorf("%d requests failed: %w", res.failed, err)
			}
			rates[i], p99[i] = append(rates[i], res.rate()), append(p99[i], res.p99())
			cpu[i] = append(cpu[i], (s.cpu()-before)/time.Duration(len(res.took)))
		}
	}
	for i := range out {
		out[i] = measured{median(rates[i]), median(p99[i]), median(cpu[i])}
	}
	return out, nil
}

func (m measured) String() string {
	return fmt.Sprintf("%.0f/s, p99 %.1f ms, %.0f µs of processor a request", m.rate, float64(m.p99.Microseconds())/1000, float64(m.cpu.Nanoseconds())/1000)
}

func verdict(ok bool) string {
	if ok {
		return "met"
	}
	return "MISSED"
}

// single is one value a request on 32 connections, against the floor: of one actor, whose bytes the floor serves too.
func (b *stage) single(ctx context.Context) error {
	req := get(b.onePath(0), b.key)
	next := func(int, int) []byte { return req }
	m, err := b.turns(ctx, [2]*child{b.bare, b.server}, 32, next)
	if err != nil {
		return err
	}
	b.full = m[1].rate
	share, slower := m[1].rate/m[0].rate, float64(m[1].p99)/float64(m[0].p99)
	b.say("single, 32 connections: floor %s", m[0])
	b.say("  rapsheet %s", m[1])
	b.say("  %.0f %% of the floor (at least 75: %s), p99 %.1f times (at most 2: %s)", 100*share, verdict(share >= 0.75), slower, verdict(slower <= 2))
	mixed, err := load{addr: b.server.addr, conns: 32, next: b.mixedOne}.run(ctx, b.o.length)
	b.say("  of 300 actors and of names nobody bears by turns: %.0f/s p99 %s", mixed.rate(), mixed.p99())
	return err
}

func (b *stage) mixedOne(conn, n int) []byte {
	if n%2 == 0 {
		return get(b.onePath(conn*31+n), b.key)
	}
	return get(fmt.Sprintf("/v1/enrich/nobody-%d-%d.example", conn, n), b.key)
}

// bulkBody is the mix of the issue: 60 % not found, 30 % found, 10 % ambiguous. fresh makes what is not found differ in every request.
func (b *stage) bulkBody(fresh int) []byte {
	items := make([]intel.EnrichItem, 1000)
	for i := range items {
		value := ""
		switch i % 10 {
		case 0, 1:
			value = b.actors[i*7%len(b.actors)].Name
		case 2:
			value = victimName(i * 3)
		case 3:
			value = b.ambiguous[i%len(b.ambiguous)]
		case 4, 5:
			value = fmt.Sprintf("Contoso Trading %d Ltd", fresh*1000+i)
		case 6, 7:
			value = fmt.Sprintf("host-%d.corp.example", fresh*1000+i)
		default:
			value = fmt.Sprintf("10.%d.%d.%d", fresh%200, i/250, i%250)
		}
		items[i] = intel.EnrichItem{ID: strconv.Itoa(i), Value: value}
	}
	body, err := json.Marshal(map[string]any{"items": items})
	if err != nil {
		return nil
	}
	return body
}

func (b *stage) bulk(ctx context.Context) error {
	if err := b.describeBulk(ctx); err != nil {
		return err
	}
	same := post("/v1/enrich", b.key, b.bulkBody(0))
	next := func(int, int) []byte { return same }
	m, err := b.turns(ctx, [2]*child{b.naive, b.server}, 8, next)
	if err != nil {
		return err
	}
	b.say("  8 clients: Bind and c.JSON %s", m[0])
	b.say("  rapsheet %s", m[1])
	b.say("  %.1f times (at least 5: %s), p99 (at most 50 ms: %s)", m[1].rate/m[0].rate, verdict(m[1].rate >= 5*m[0].rate), verdict(m[1].p99 <= 50*time.Millisecond))
	many := make([][]byte, 64)
	for i := range many {
		many[i] = post("/v1/enrich", b.key, b.bulkBody(i+1))
	}
	fresh, err := load{addr: b.server.addr, conns: 8, next: func(c, n int) []byte { return many[(c*8+n)%64] }}.run(ctx, b.o.length)
	b.say("  with values not found that differ from request to request: %.0f/s p99 %s", fresh.rate(), fresh.p99())
	return err
}

// describeBulk says what the answers of a bulk request are.
func (b *stage) describeBulk(ctx context.Context) error {
	body, err := b.fetch(ctx, b.server.addr, post("/v1/enrich", b.key, b.bulkBody(0)))
	if err != nil {
		return err
	}
	var a struct{ Results []json.RawMessage }
	if err := json.Unmarshal(body, &a); err != nil {
		return err
	}
	count := map[string]int{}
	var sizes []int
	for _, raw := range a.Results {
		var r struct{ Status string }
		if err := json.Unmarshal(raw, &r); err != nil {
			return err
		}
		if count[r.Status]++; r.Status == "found" {
			sizes = append(sizes, len(raw))
		}
	}
	if len(sizes) == 0 {
		return fmt.Errorf("nothing was found: %v", count)
	}
	b.say("bulk: %v, median found item %d bytes, answer %d kB", count, median(sizes), len(body)/1000)
	return nil
}

// taxii pulls everything by pages of 1,000, as a client does: next after next.
func (b *stage) taxii(ctx context.Context) error {
	c, err := (&net.Dialer{}).DialContext(ctx, "tcp", b.server.addr)
	if err != nil {
		return err
	}
	defer c.Close() //nolint:errcheck // read to its end
	in := bufio.NewReaderSize(c, 64<<10)
	seen, last, next := map[string]bool{}, "", ""
	var begun time.Duration
	began, reading, pages := time.Now(), time.Duration(0), 0
	for {
		path := "/taxii2/rapsheet/collections/all/objects/?limit=1000"
		if next != "" {
			path += "&next=" + url.QueryEscape(next)
		}
		var body bytes.Buffer
		if _, err := c.Write([]byte(strings.Replace(string(get(path, b.key)), "*/*", "application/taxii+json;version=2.1", 1))); err != nil {
			return err
		}
		status, _, err := readAnswer(in, &body)
		if err == nil && status == 503 && time.Since(began) < 5*time.Minute {
			continue // the graph is being built; what was built is kept
		}
		if err != nil || status != 200 {
			return fmt.Errorf("page %d: status %d: %w", pages, status, err)
		}
		if pages++; pages == 1 {
			begun = time.Since(began)
			began = time.Now()
		}
		mine := time.Now() // the client's own reading is not the server's time
		var page struct {
			More    bool
			Next    string
			Objects []struct{ ID, Modified string }
		}
		if err := json.Unmarshal(body.Bytes(), &page); err != nil {
			return err
		}
		for _, o := range page.Objects {
			if seen[o.ID] {
				return fmt.Errorf("object %s came twice", o.ID)
			}
			seen[o.ID], last = true, o.ID
		}
		reading += time.Since(mine)
		if !page.More {
			break
		}
		next = page.Next
	}
	rate := float64(pages-1) / (time.Since(began) - reading).Seconds()
	b.say("taxii: %d objects in %d pages, none twice, last %s; %.0f pages/s (at least 20: %s); the first page, which builds the graph, took %s",
		len(seen), pages, last, rate, verdict(rate >= 20 && len(seen) >= 100_000), begun.Round(time.Millisecond))
	return nil
}

// report is the text of a report on an organisation nobody wrote of before.
func (b *stage) report() (item map[string]string, victim string) {
	b.added++
	victim = fmt.Sprintf("Wrenfield %s Logistics", words(b.added))
	text := fmt.Sprintf("The ransomware group Qilin claimed responsibility for an attack on %s, a haulier. %s confirmed on Tuesday that its systems were stopped by a cyber attack.", victim, victim)
	return map[string]string{"text": text, "title": victim + " hit by ransomware", "published": "2026-03-03", "url": fmt.Sprintf("https://paper.example/new/%d", b.added)}, victim
}

// words writes a number in syllables, so that names differ as names do.
func words(n int) string {
	s := strings.NewReplacer("0", "ba", "1", "re", "2", "mi", "3", "fo", "4", "lu", "5", "ka", "6", "de", "7", "si", "8", "no", "9", "tu").Replace(strconv.Itoa(n))
	return strings.ToUpper(s[:1]) + s[1:]
}

func (b *stage) add(ctx context.Context, n int) (victim string, err error) {
	var items []map[string]string
	for range n {
		item, v := b.report()
		items, victim = append(items, item), v
	}
	body, err := json.Marshal(map[string]any{"items": items})
	if err != nil {
		return "", err
	}
	answer, err := b.fetch(ctx, b.server.addr, post("/v1/reports", b.key, body))
	if err == nil && bytes.Contains(answer, []byte(`"failed"`)) {
		err = fmt.Errorf("an added report failed: %.300s", answer)
	}
	return victim, err
}

// fresh adds reports one at a time and asks until the victim is known.
func (b *stage) fresh(ctx context.Context) error {
	var took []time.Duration
	for range 40 {
		began := time.Now()
		victim, err := b.add(ctx, 1)
		if err != nil {
			return err
		}
		for {
			body, err := b.fetch(ctx, b.server.addr, get("/v1/enrich/"+url.PathEscape(victim), b.key))
			if err != nil {
				return err
			}
			if bytes.Contains(body, []byte(`"status":"found"`)) {
				break
			}
			if time.Since(began) > 30*time.Second {
				return fmt.Errorf("%s is not known after 30 s", victim)
			}
			time.Sleep(5 * time.Millisecond)
		}
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	p95 := took[len(took)*95/100]
	b.say("freshness, from add to the answer: median %s, p95 %s (at most 5 s: %s)", took[len(took)/2].Round(time.Millisecond), p95.Round(time.Millisecond), verdict(p95 <= 5*time.Second))
	return nil
}

// indexing holds a modest load of single requests with and without 100 reports a second that are added meanwhile: read, extracted,
// stored and indexed on the same two cores.
func (b *stage) indexing(ctx context.Context) error {
	l := load{addr: b.server.addr, conns: 8, pace: 8 * time.Millisecond, next: b.mixedOne}
	idle, err := l.run(ctx, 2*b.o.length)
	if err != nil {
		return err
	}
	end, cancel := context.WithTimeout(ctx, 3*b.o.length)
	defer cancel()
	var wg sync.WaitGroup
	added, first := 0, b.added
	wg.Go(func() {
		tick := time.NewTicker(200 * time.Millisecond)
		defer tick.Stop()
		for end.Err() == nil {
			if _, err := b.add(end, 20); err != nil {
				return
			}
			added = b.added - first
			select {
			case <-tick.C:
			case <-end.Done():
			}
		}
	})
	began := time.Now()
	busy, err := l.run(ctx, 3*b.o.length)
	cancel()
	wg.Wait()
	if err != nil {
		return err
	}
	times := float64(busy.p99()) / float64(idle.p99())
	b.say("single at 1,000/s: p99 at rest %s, while %.0f reports/s are read and indexed %s: %.1f times (at most 3: %s)",
		idle.p99(), float64(added)/time.Since(began).Seconds(), busy.p99(), times, verdict(times <= 3))
	return nil
}

// soak holds 70 % of the full load of single requests.
func (b *stage) soak(ctx context.Context) error {
	if b.o.soak <= 0 {
		return nil
	}
	pace := time.Duration(32 / (0.7 * b.full) * float64(time.Second))
	before, threads := b.server.memory()
	began := time.Now()
	failed, sent := 0, 0
	for i := 1; time.Since(began) < b.o.soak; i++ {
		r, err := load{addr: b.server.addr, conns: 32, pace: pace, next: b.mixedOne}.run(ctx, min(time.Minute, b.o.soak-time.Since(began)))
		if err != nil {
			return err
		}
		failed, sent = failed+r.failed, sent+len(r.took)
		mb, now := b.server.memory()
		b.say("soak, minute %d: %.0f/s p99 %s, %d MB, %d threads", i, r.rate(), r.p99(), mb, now)
	}
	after, now := b.server.memory()
	b.say("soak: %d requests, %d failed; memory %d MB before, %d after; threads %d before, %d after", sent, failed, before, after, threads, now)
	return nil
}
