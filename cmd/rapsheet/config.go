package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"

	"github.com/caarlos0/env/v11"
	"github.com/pelletier/go-toml/v2"
	"github.com/spf13/pflag"
)

// config is every setting. Flags win over RAPSHEET_* variables, which win over rapsheet.toml.
type config struct {
	// Data is the data folder.
	Data string `toml:"data" env:"DATA"`
	// Server is the address of a running rapsheet to ask instead of opening the folder.
	Server string `toml:"server" env:"SERVER"`
	// APIKey is sent to Server.
	APIKey string `toml:"api_key" env:"API_KEY"`
	// Addr is where the API listens.
	Addr string `toml:"addr" env:"ADDR"`
	// Contact is printed in the User-Agent so that publishers can reach whoever runs the crawler.
	Contact string `toml:"contact" env:"CONTACT"`
	// Sources is a file that replaces the shipped list of sources.
	Sources string `toml:"sources" env:"SOURCES"`
	// EvidenceDays is how long pages are kept as they were received, after they were last seen; 0 keeps none.
	EvidenceDays int `toml:"evidence_days" env:"EVIDENCE_DAYS"`
	// Rate is how many requests a minute a key may send.
	Rate int `toml:"rate" env:"RATE"`
	// Recognizer is the base address of an OpenAI-compatible API that is asked who was struck, beside the rules; empty asks nobody.
	Recognizer string `toml:"recognizer" env:"RECOGNIZER"`
	// RecognizerModel is the name of the model there, RecognizerKey its key.
	RecognizerModel string `toml:"recognizer_model" env:"RECOGNIZER_MODEL"`
	RecognizerKey   string `toml:"recognizer_key" env:"RECOGNIZER_KEY"`
	// TLSCert and TLSKey are files in PEM; with both the API is served over TLS.
	TLSCert string `toml:"tls_cert" env:"TLS_CERT"`
	TLSKey  string `toml:"tls_key" env:"TLS_KEY"`
	// UploadToken is the access token that 'export sentinel-stix --upload' sends.
	UploadToken string `toml:"upload_token" env:"UPLOAD_TOKEN"`
	// LogLevel is debug, info, warn or error.
	LogLevel string `toml:"log_level" env:"LOG_LEVEL"`
}

// loadConfig reads the file and the environment. An unknown key in the file is an error that names its line.
func loadConfig(environ []string) (config, error) {
	vars := environMap(environ)
	cfg := config{Data: defaultData(vars), Addr: "127.0.0.1:8080", LogLevel: "warn", EvidenceDays: 30, Rate: 600_000}
	path := vars["RAPSHEET_CONFIG"]
	if path == "" {
		path = "rapsheet.toml"
	}
	b, err := os.ReadFile(path) //nolint:gosec // the operator names the file
	switch {
	case errors.Is(err, fs.ErrNotExist) && vars["RAPSHEET_CONFIG"] == "":
	case err != nil:
		return cfg, usagef("config: read %s: %v", path, err)
	default:
		if err := decodeConfig(b, &cfg); err != nil {
			return cfg, usagef("config: %s: %v", path, err)
		}
	}
	if err := env.ParseWithOptions(&cfg, env.Options{Prefix: "RAPSHEET_", Environment: vars}); err != nil {
		return cfg, usagef("config: environment: %v", err)
	}
	return cfg, nil
}

// decodeConfig reads TOML strictly.
func decodeConfig(b []byte, cfg *config) error {
	err := toml.NewDecoder(bytes.NewReader(b)).DisallowUnknownFields().Decode(cfg)
	if strict, ok := errors.AsType[*toml.StrictMissingError](err); ok {
		return errors.New(strict.String())
	}
	if dec, ok := errors.AsType[*toml.DecodeError](err); ok {
		row, col := dec.Position()
		return fmt.Errorf("line %d, column %d: %w", row, col, err)
	}
	return err
}

// flags lets the command line override every setting.
func (c *config) flags(fl *pflag.FlagSet) {
	fl.StringVar(&c.Data, "data", c.Data, "data folder")
	fl.StringVar(&c.Server, "server", c.Server, "ask the rapsheet at this URL instead of opening the data folder")
	fl.StringVar(&c.Contact, "contact", c.Contact, "URL or address printed in the User-Agent (needed to crawl)")
	fl.StringVar(&c.LogLevel, "log-level", c.LogLevel, "debug, info, warn or error")
}

// redacted is the configuration with its secrets hidden.
func (c config) redacted() config {
	if c.APIKey != "" {
		c.APIKey = "(set)"
	}
	if c.RecognizerKey != "" {
		c.RecognizerKey = "(set)"
	}
	if c.UploadToken != "" {
		c.UploadToken = "(set)"
	}
	return c
}

// settings are all settings as they stand in rapsheet.toml, in the order of the struct.
func (c config) settings() [][2]string {
	var out [][2]string
	v := reflect.ValueOf(c)
	for i := range v.NumField() {
		text := fmt.Sprint(v.Field(i).Interface())
		if v.Field(i).Kind() == reflect.String {
			text = strconv.Quote(text)
		}
		out = append(out, [2]string{v.Type().Field(i).Tag.Get("toml"), text})
	}
	return out
}

// defaultData is $XDG_DATA_HOME/rapsheet, or its default below the home folder.
func defaultData(vars map[string]string) string {
	if dir := vars["XDG_DATA_HOME"]; dir != "" {
		return filepath.Join(dir, "rapsheet")
	}
	return filepath.Join(vars["HOME"], ".local", "share", "rapsheet")
}

func environMap(environ []string) map[string]string {
	m := make(map[string]string, len(environ))
	for _, kv := range environ {
		k, v, _ := strings.Cut(kv, "=")
		m[k] = v
	}
	return m
}

// onLoopback reports whether a listening address is on the loopback interface.
func onLoopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
