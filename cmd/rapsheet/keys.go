package main

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// apiKey is one key as it is kept: only its SHA-256, never the key.
type apiKey struct {
	Name    string    `json:"name"`
	SHA256  string    `json:"sha256"`
	Scopes  []string  `json:"scopes"`
	Created time.Time `json:"created"`
	Expires time.Time `json:"expires,omitzero"`
	// LastUsed is only printed; it is kept in another file, which the server writes.
	LastUsed time.Time `json:"last_used,omitzero"`
}

// keysName and usedName are files below the data folder: the keys, and when each was last used.
const (
	keysName = "keys.json"
	usedName = "keys-used.json"
)

// keyFile is DIR/keys.json.
type keyFile struct {
	Keys []apiKey `json:"keys"`
	path string
}

func keyScopes() []string { return []string{"read", "enrich", "add", "decide", "admin"} }

func loadKeys(dir string) (*keyFile, error) {
	k := &keyFile{path: filepath.Join(dir, keysName)}
	b, err := os.ReadFile(k.path)
	if errors.Is(err, fs.ErrNotExist) {
		return k, nil
	}
	if err != nil {
		return nil, fmt.Errorf("keys: %w", err)
	}
	if err := json.Unmarshal(b, k); err != nil {
		return nil, fmt.Errorf("keys: %s: %w", k.path, err)
	}
	return k, nil
}

// save replaces the file as a whole.
func (k *keyFile) save() error {
	b, err := json.MarshalIndent(k, "", "  ")
	if err != nil {
		return fmt.Errorf("keys: %w", err)
	}
	return replaceFile(k.path, b)
}

// replaceFile writes a file as a whole: temp, sync, rename.
func replaceFile(path string, b []byte) error {
	dir, name := filepath.Split(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("keys: %w", err)
	}
	f, err := os.CreateTemp(dir, name+"-*.tmp")
	if err != nil {
		return fmt.Errorf("keys: %w", err)
	}
	_, err = f.Write(b)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("keys: %w", errors.Join(err, os.Remove(f.Name())))
	}
	return nil
}

func (a *app) keysCmd() *cobra.Command {
	c := &cobra.Command{Use: "keys", Short: "API keys: add, list, revoke", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error { return c.Help() }}
	var scopes string
	var days int
	add := &cobra.Command{
		Use: "add NAME", Short: "Make a key; it is shown once", Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			return a.addKey(args[0], strings.Split(scopes, ","), days)
		},
	}
	add.Flags().StringVar(&scopes, "scopes", "read,enrich", strings.Join(keyScopes(), ", "))
	add.Flags().IntVar(&days, "days", 0, "days until it expires; 0 is never")
	c.AddCommand(add,
		&cobra.Command{Use: "list", Short: "List the keys", Args: cobra.NoArgs, RunE: func(*cobra.Command, []string) error { return a.listKeys() }},
		&cobra.Command{Use: "revoke NAME", Short: "Remove a key; a running server refuses it at once", Args: cobra.ExactArgs(1), RunE: func(_ *cobra.Command, args []string) error { return a.revokeKey(args[0]) }},
	)
	return c
}

func (a *app) addKey(name string, scopes []string, days int) error {
	for _, s := range scopes {
		if !slices.Contains(keyScopes(), s) {
			return usagef("keys: no scope %q; choose from %s", s, strings.Join(keyScopes(), ", "))
		}
	}
	k, err := loadKeys(a.cfg.Data)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(k.Keys, func(o apiKey) bool { return o.Name == name }) {
		return usagef("keys: there is a key %q already; revoke it first", name)
	}
	secret := make([]byte, 32)
	if _, err := rand.Read(secret); err != nil {
		return fmt.Errorf("keys: %w", err)
	}
	key := "rs_" + base64.RawURLEncoding.EncodeToString(secret)
	sum := sha256.Sum256([]byte(key))
	made := apiKey{Name: name, SHA256: hex.EncodeToString(sum[:]), Scopes: scopes, Created: a.now().UTC()}
	if days > 0 {
		made.Expires = made.Created.AddDate(0, 0, days)
	}
	k.Keys = append(k.Keys, made)
	if err := k.save(); err != nil {
		return err
	}
	a.line("%s", key)
	a.say("key %q for %s; it is not shown again", name, strings.Join(scopes, ", "))
	return nil
}

func (a *app) listKeys() error {
	k, err := loadKeys(a.cfg.Data)
	if err != nil {
		return err
	}
	rows := make([][]string, 0, len(k.Keys))
	used := loadUsed(a.cfg.Data)
	for i, key := range k.Keys {
		expires := "never"
		if !key.Expires.IsZero() {
			expires = key.Expires.Format(time.DateOnly)
		}
		last := "never"
		if at := used[key.Name]; at.After(key.Created) {
			k.Keys[i].LastUsed, last = at.UTC(), at.UTC().Format("2006-01-02 15:04")
		}
		rows = append(rows, []string{key.Name, strings.Join(key.Scopes, ","), key.Created.Format(time.DateOnly), expires, last})
	}
	if a.json || a.jsonl {
		return printJSON(a.stdout, k)
	}
	return printTable(a.stdout, []string{"NAME", "SCOPES", "CREATED", "EXPIRES", "LAST USED"}, rows)
}

func (a *app) revokeKey(name string) error {
	k, err := loadKeys(a.cfg.Data)
	if err != nil {
		return err
	}
	before := len(k.Keys)
	k.Keys = slices.DeleteFunc(k.Keys, func(o apiKey) bool { return o.Name == name })
	if len(k.Keys) == before {
		return usagef("keys: there is no key %q", name)
	}
	if err := k.save(); err != nil {
		return err
	}
	a.line("key %q revoked", name)
	return nil
}
