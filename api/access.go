package api

import (
	"math"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
)

// Key is what a key's holder is called and may do.
type Key struct {
	Name   string
	Scopes []string
}

// AuditEvent is one line of the audit log. It never holds a key.
type AuditEvent struct {
	At time.Time `json:"at"`
	// What is decision, added, key-used, key-refused, scope-refused or rate-limited.
	What string `json:"what"`
	// Key is the name of the key used; empty without keys.
	Key       string `json:"key,omitempty"`
	Remote    string `json:"remote,omitempty"`
	Method    string `json:"method,omitempty"`
	Route     string `json:"route,omitempty"`
	RequestID string `json:"request_id,omitempty"`
	Detail    string `json:"detail,omitempty"`
}

const (
	rateWindow = time.Minute
	// guessesMost is how many wrong keys an address may send in a window before it is told to wait.
	guessesMost = 20
	// countedMost bounds how many callers are counted at a time, usesMost how many uses of keys are remembered.
	countedMost, usesMost = 10_000, 10_000
	// usedEvery is how often the use of a key from one address for one scope is written down.
	usedEvery = time.Hour
	// keyNamed is where the context of a request that writes keeps the name of its key.
	keyNamed = "rapsheet.key"
)

// window counts what callers did since it began.
type window struct {
	mu    sync.Mutex
	began time.Time
	by    map[string]int
}

// count adds one and says how many there are and when counting begins anew.
func (w *window) count(who string, now time.Time, every time.Duration, most int) (n int, left time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if age := now.Sub(w.began); w.by == nil || age >= every || age < 0 || len(w.by) >= most {
		w.began, w.by = now.Truncate(every), map[string]int{}
	}
	w.by[who]++
	return w.by[who], w.began.Add(every).Sub(now)
}

// first reports whether a key is met for the first time since the window began.
func (w *window) first(key []byte, now time.Time, every time.Duration, most int) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if age := now.Sub(w.began); w.by == nil || age >= every || age < 0 || len(w.by) >= most {
		w.began, w.by = now.Truncate(every), map[string]int{}
	}
	if _, met := w.by[string(key)]; met {
		return false
	}
	w.by[string(key)] = 1
	return true
}

// access is what the server remembers of its callers.
type access struct{ requests, guesses, uses window }

// limit counts a request against its caller's rate and says in headers what is left.
func (s *server) limit(c echo.Context, who string) error {
	if s.Rate <= 0 {
		return nil
	}
	n, left := s.access.requests.count(who, s.Clock(), rateWindow, countedMost)
	h, wait := c.Response().Header(), strconv.Itoa(int(math.Ceil(left.Seconds())))
	h["Ratelimit-Policy"] = s.ratePolicy
	h["Ratelimit"] = []string{`"default";r=` + strconv.Itoa(max(0, s.Rate-n)) + ";t=" + wait}
	if n <= s.Rate {
		return nil
	}
	if n == s.Rate+1 {
		s.audit(c, who, "rate-limited", "")
	}
	h.Set("Retry-After", wait)
	return bad(http.StatusTooManyRequests, "more than "+strconv.Itoa(s.Rate)+" requests a minute: wait "+wait+" seconds, or send up to 1,000 items in one request")
}

// refuseKey answers a key that is none. Who sends many is told to wait; right keys from the same address go on working.
func (s *server) refuseKey(c echo.Context, given bool) error {
	if given {
		n, left := s.access.guesses.count(remoteOf(c), s.Clock(), rateWindow, countedMost)
		if n <= guessesMost {
			s.audit(c, "", "key-refused", "")
		}
		if n > guessesMost {
			c.Response().Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(left.Seconds()))))
			return bad(http.StatusTooManyRequests, "too many wrong keys: mend the key, and wait")
		}
	}
	return bad(http.StatusUnauthorized, "send a valid key as 'Authorization: Bearer KEY' or 'X-API-Key: KEY'; 'rapsheet keys add NAME' makes one")
}

// used writes down that a key was used, once an hour for each address and scope.
func (s *server) used(c echo.Context, key Key, scope string) {
	if s.Audit == nil {
		return
	}
	var room [128]byte
	use := append(append(append(room[:0], key.Name...), 0), remoteOf(c)...)
	use = append(append(use, 0), scope...)
	if s.access.uses.first(use, s.Clock(), usedEvery, usesMost) {
		s.audit(c, key.Name, "key-used", scope)
	}
}

// audit writes a line of the audit log.
func (s *server) audit(c echo.Context, name, what, detail string) {
	if s.Audit == nil {
		return
	}
	s.Audit(AuditEvent{
		At: s.Clock().UTC(), What: what, Key: name, Remote: remoteOf(c), Method: methodLabel(c.Request().Method), Route: c.Path(),
		RequestID: c.Response().Header().Get(echo.HeaderXRequestID), Detail: detail,
	})
}

// wrote writes a line about what was written with the key of this request.
func (s *server) wrote(c echo.Context, what, detail string) {
	name, _ := c.Get(keyNamed).(string) //nolint:errcheck // without a key there is none
	s.audit(c, name, what, detail)
}

// remoteOf is the address a request came from, as the connection has it: headers that say otherwise are the caller's own words.
func remoteOf(c echo.Context) string {
	host, _, err := net.SplitHostPort(c.Request().RemoteAddr)
	if err != nil {
		return c.Request().RemoteAddr
	}
	return host
}
