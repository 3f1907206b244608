package main

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/rapsheet/rapsheet/api"
)

// usedKept is how often the times of last use are written.
const usedKept = time.Minute

// lookEvery is how often the file of keys is looked at: a key that was revoked is refused, and a new one works, after this at most.
const lookEvery = 20 * time.Millisecond

// keyring answers whose a key is while the server runs.
type keyring struct {
	dir string
	now func() time.Time
	log *slog.Logger

	mu sync.Mutex
	// looked is when the file was last looked at, seen what it was.
	looked time.Time
	seen   fs.FileInfo
	keys   []heldKey
	used   map[string]time.Time
	kept   time.Time
}

// heldKey is an apiKey with its hash as bytes.
type heldKey struct {
	apiKey
	sum []byte
}

func newKeyring(dir string, now func() time.Time, log *slog.Logger) *keyring {
	return &keyring{dir: dir, now: now, log: log, used: loadUsed(dir), kept: now()}
}

// verify answers whose key it is and what it may do; every key is compared in constant time.
func (k *keyring) verify(key string) (api.Key, bool) {
	sum := sha256.Sum256([]byte(key))
	now := k.now()
	k.mu.Lock()
	defer k.mu.Unlock()
	if age := now.Sub(k.looked); age >= lookEvery || age < 0 {
		k.looked = now
		k.refresh()
	}
	var grant api.Key
	found := false
	for _, known := range k.keys {
		if subtle.ConstantTimeCompare(sum[:], known.sum) == 1 && (known.Expires.IsZero() || known.Expires.After(now)) {
			grant, found = api.Key{Name: known.Name, Scopes: known.Scopes}, true
		}
	}
	if found {
		k.used[grant.Name] = now
		if now.Sub(k.kept) >= usedKept {
			k.kept = now
			if err := k.saveUsed(); err != nil {
				k.log.Warn("key use not kept", "error", err)
			}
		}
	}
	return grant, found
}

// refresh reads the keys again where the file is another. Keys that cannot be read open nothing.
func (k *keyring) refresh() {
	st, err := os.Stat(filepath.Join(k.dir, keysName))
	if errors.Is(err, fs.ErrNotExist) {
		k.seen, k.keys = nil, nil
		return
	}
	if err == nil && k.seen != nil && os.SameFile(st, k.seen) && st.ModTime().Equal(k.seen.ModTime()) && st.Size() == k.seen.Size() {
		return
	}
	k.seen, k.keys = st, nil
	file, err := loadKeys(k.dir)
	if err != nil {
		k.log.Error("keys unreadable", "error", err)
		return
	}
	for _, known := range file.Keys {
		if sum, err := hex.DecodeString(known.SHA256); err == nil {
			k.keys = append(k.keys, heldKey{known, sum})
		}
	}
}

// keep writes what is not written yet.
func (k *keyring) keep() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.saveUsed()
}

func (k *keyring) saveUsed() error {
	if len(k.used) == 0 {
		return nil
	}
	b, err := json.Marshal(k.used)
	if err != nil {
		return fmt.Errorf("keys: %w", err)
	}
	return replaceFile(filepath.Join(k.dir, usedName), b)
}

// loadUsed gives when each key was last used, by name. A file that cannot be read costs nothing but these times.
func loadUsed(dir string) map[string]time.Time {
	used := map[string]time.Time{}
	if b, err := os.ReadFile(filepath.Join(dir, usedName)); err == nil { //nolint:gosec // below the data folder
		if json.Unmarshal(b, &used) != nil || used == nil {
			return map[string]time.Time{}
		}
	}
	return used
}

// auditLog appends what people and programs did to DIR/audit.jsonl.
type auditLog struct {
	mu  sync.Mutex
	f   *os.File
	log *slog.Logger
}

func openAudit(dir string, log *slog.Logger) (*auditLog, error) {
	f, err := os.OpenFile(filepath.Join(dir, "audit.jsonl"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600) //nolint:gosec // below the data folder
	if err != nil {
		return nil, fmt.Errorf("audit log: %w", err)
	}
	return &auditLog{f: f, log: log}, nil
}

// write appends one line; encoding/json leaves no line break in it.
func (l *auditLog) write(e api.AuditEvent) {
	b, err := json.Marshal(e)
	if err == nil {
		l.mu.Lock()
		_, err = l.f.Write(append(b, '\n'))
		l.mu.Unlock()
	}
	if err != nil {
		l.log.Error("audit line lost", "what", e.What, "error", err)
	}
}
