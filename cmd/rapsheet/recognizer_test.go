package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestRecognizer puts a model on loopback beside the rules: what it says counts, and when it fails nothing is lost.
func TestRecognizer(t *testing.T) {
	broken := false
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if broken {
			http.Error(w, "out of memory", http.StatusInternalServerError)
			return
		}
		_, _ = w.Write([]byte(`{"choices":[{"message":{"content":"{\"whole\":true,\"incidents\":[{\"victims\":[\"Orlanda Foods\"],\"confidence\":0.9}]}"}}]}`))
	}))
	defer srv.Close()
	environ := []string{"HOME=" + t.TempDir(), "RAPSHEET_RECOGNIZER=" + srv.URL, "RAPSHEET_RECOGNIZER_MODEL=m", "RAPSHEET_RECOGNIZER_KEY=hidden"}
	ask := func(stdin string, args ...string) string {
		var out, errOut bytes.Buffer
		if code := run(t.Context(), args, strings.NewReader(stdin), &out, &errOut, environ); code != exitOK {
			t.Fatalf("exit %d\n%s", code, errOut.String())
		}
		return out.String()
	}
	in := `{"id":"1","text":"Orlanda Foods spoke on Monday about the months since Tarnwick Motors was hit by ransomware."}`
	if out := ask(in, "extract"); !strings.Contains(out, `"name":"Orlanda Foods"`) || strings.Contains(out, `"name":"Tarnwick Motors"`) {
		t.Errorf("with the model:\n%s", out)
	}
	broken = true
	if out := ask(in, "extract"); !strings.Contains(out, `"name":"Tarnwick Motors"`) {
		t.Errorf("without the model:\n%s", out)
	}
	if out := ask("", "config"); strings.Contains(out, "hidden") || !strings.Contains(out, srv.URL) {
		t.Errorf("config prints:\n%s", out)
	}
}
