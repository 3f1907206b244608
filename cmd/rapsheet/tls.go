package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/http"
	"os"
	"sync"
	"time"
)

// certEvery is how often the certificate's file is looked at: a renewed one is served without a restart.
const certEvery = time.Minute

// certificate serves a certificate and key from files, read again when the certificate's file is another.
type certificate struct {
	cert, key string
	now       func() time.Time

	mu     sync.Mutex
	held   *tls.Certificate
	of     time.Time
	looked time.Time
}

// get implements tls.Config.GetCertificate. A renewal that cannot be read leaves the one held in use.
func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := c.now(); c.held == nil || now.Sub(c.looked) >= certEvery {
		c.looked = now
		st, err := os.Stat(c.cert)
		if err == nil && (c.held == nil || !st.ModTime().Equal(c.of)) {
			var pair tls.Certificate
			if pair, err = tls.LoadX509KeyPair(c.cert, c.key); err == nil {
				c.held, c.of = &pair, st.ModTime()
			}
		}
		if c.held == nil {
			return nil, fmt.Errorf("tls: %w", err)
		}
	}
	return c.held, nil
}

// tlsConfig is the server's side of TLS; nil without a certificate.
func (a *app) tlsConfig() (*tls.Config, error) {
	switch {
	case a.cfg.TLSCert == "" && a.cfg.TLSKey == "":
		return nil, nil
	case a.cfg.TLSCert == "" || a.cfg.TLSKey == "":
		return nil, usagef("--tls-cert and --tls-key: give both, files in PEM")
	}
	c := &certificate{cert: a.cfg.TLSCert, key: a.cfg.TLSKey, now: a.now}
	if _, err := c.get(nil); err != nil {
		return nil, usagef("--tls-cert %s: %v", a.cfg.TLSCert, err)
	}
	return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: c.get, NextProtos: []string{"h2", "http/1.1"}}, nil
}

// client asks a server. The certificate that this configuration serves is trusted beside the system's: it may be signed by itself.
func (a *app) client() *http.Client {
	b, err := os.ReadFile(a.cfg.TLSCert) //nolint:gosec // the operator names the file
	if a.cfg.TLSCert == "" || err != nil {
		return &http.Client{}
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	pool.AppendCertsFromPEM(b)
	return &http.Client{Transport: &http.Transport{Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: pool}}}
}
