package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// certFiles writes a certificate for 127.0.0.1 that is signed by itself.
func certFiles(t *testing.T, dir string) (cert, key string, pool *x509.CertPool) {
	t.Helper()
	secret, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	made := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "rapsheet"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, made, made, &secret.PublicKey, secret)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(secret)
	if err != nil {
		t.Fatal(err)
	}
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	chain := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	for path, b := range map[string][]byte{cert: chain, key: pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})} {
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	pool = x509.NewCertPool()
	pool.AppendCertsFromPEM(chain)
	return cert, key, pool
}

// TestServeOverTLS asks a server over TLS, as a stranger, with a key, after the key was revoked, and as a command beside it.
func TestServeOverTLS(t *testing.T) {
	dir := t.TempDir()
	cert, key, pool := certFiles(t, dir)
	if code, _, errOut := rapsheet(t, dir, "", "serve", "--roles", "api", "--tls-cert", cert); code != exitUsage || !strings.Contains(errOut, "both") {
		t.Errorf("a certificate without its key: %d, %s", code, errOut)
	}
	secret := strings.TrimSpace(ok(t, dir, "", "keys", "add", "siem"))
	url := serving(t, dir, "--tls-cert", cert, "--tls-key", key)
	if !strings.HasPrefix(url, "https://") {
		t.Fatalf("serves %s", url)
	}
	transport := http.DefaultTransport.(*http.Transport).Clone() //nolint:errcheck,forcetypeassert // the library's own
	transport.TLSClientConfig = &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
	defer transport.CloseIdleConnections()
	status := func() int {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/v1/enrich/Qilin", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("X-API-Key", secret)
		res, err := transport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		return res.StatusCode + 0*len(drained(t, res))
	}
	if got := status(); got != http.StatusOK {
		t.Errorf("%d with a key", got)
	}
	var out, errOut bytes.Buffer
	if code := run(t.Context(), []string{"resolve", "Qilin"}, strings.NewReader(""), &out, &errOut, []string{"HOME=" + dir, "RAPSHEET_DATA=" + filepath.Join(dir, "data"), "RAPSHEET_TLS_CERT=" + cert}); code != exitOK || !strings.Contains(out.String(), "qilin") {
		t.Errorf("a command beside it: exit %d, %s%s", code, &out, &errOut)
	}
	ok(t, dir, "", "keys", "revoke", "siem")
	time.Sleep(2 * lookEvery)
	if got := status(); got != http.StatusUnauthorized {
		t.Errorf("%d after the key was revoked", got)
	}
	b, err := os.ReadFile(filepath.Join(dir, "data", "audit.jsonl"))
	if err != nil || !strings.Contains(string(b), `"what":"key-used","key":"siem"`) || !strings.Contains(string(b), "key-refused") || strings.Contains(string(b), secret) {
		t.Errorf("%v: the audit log says %s", err, b)
	}
}

func drained(t *testing.T, res *http.Response) []byte {
	t.Helper()
	b, err := io.ReadAll(res.Body)
	if err != nil || res.Body.Close() != nil {
		t.Fatal(err)
	}
	return b
}
