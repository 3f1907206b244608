package recognize_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rapsheet/rapsheet/cmd/rapsheet/recognize"
	"github.com/rapsheet/rapsheet/intel"
)

// endpoint answers every question with content, as the endpoints do.
func endpoint(t *testing.T, status int, content string, seen *map[string]any) string {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/v1/chat/completions" || r.Header.Get("Authorization") != "Bearer k" {
			http.Error(w, "not here", http.StatusNotFound)
			return
		}
		if seen != nil {
			_ = json.NewDecoder(r.Body).Decode(seen)
		}
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(map[string]any{"choices": []any{map[string]any{"message": map[string]string{"role": "assistant", "content": content}}}})
	}))
	t.Cleanup(srv.Close)
	return srv.URL + "/v1/"
}

func TestChat(t *testing.T) {
	var seen map[string]any
	url := endpoint(t, http.StatusOK, "Here it is:\n```json\n{\"whole\":true,\"incidents\":[{\"victims\":[\"Tarnwick Motors\"],\"actors\":[\"Ashen Ferret\"],\"confidence\":0.9}]}\n```", &seen)
	c, err := recognize.New(recognize.Options{URL: url, Model: "m", Key: "k"})
	if err != nil {
		t.Fatal(err)
	}
	got, err := c.Recognize(t.Context(), intel.Reading{Title: "T", Text: "Ashen Ferret struck Tarnwick Motors."})
	want := intel.Recognition{Whole: true, Incidents: []intel.Recognized{{Victims: []string{"Tarnwick Motors"}, Actors: []string{"Ashen Ferret"}, Confidence: 0.9}}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("error %v (-want +got):\n%s", err, diff)
	}
	if b, _ := json.Marshal(seen); !strings.Contains(string(b), "Ashen Ferret struck") || seen["model"] != "m" {
		t.Errorf("the endpoint was asked %s", b)
	}
	long, err := c.Recognize(t.Context(), intel.Reading{Text: strings.Repeat("é", 40_000)})
	if err != nil || long.Whole {
		t.Errorf("a text that was cut: whole = %v, error %v", long.Whole, err)
	}
}

func TestChatFails(t *testing.T) {
	for name, tt := range map[string]struct {
		status  int
		content string
	}{
		"refused":      {http.StatusTooManyRequests, "{}"},
		"no object":    {http.StatusOK, "I cannot say."},
		"broken":       {http.StatusOK, `{"incidents":[{"victims":"x"}]}`},
		"wrong braces": {http.StatusOK, `} {`},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := recognize.New(recognize.Options{URL: endpoint(t, tt.status, tt.content, nil), Model: "m", Key: "k"})
			if err != nil {
				t.Fatal(err)
			}
			if got, err := c.Recognize(t.Context(), intel.Reading{Text: "x"}); err == nil {
				t.Errorf("no error, but %+v", got)
			}
		})
	}
}

func TestChatWaitsNoLonger(t *testing.T) {
	stop := make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-stop:
		}
	}))
	defer srv.Close()
	defer close(stop)
	c, err := recognize.New(recognize.Options{URL: srv.URL, Model: "m", Timeout: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Recognize(t.Context(), intel.Reading{Text: "x"}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error = %v, want the deadline", err)
	}
}

func TestNew(t *testing.T) {
	for _, o := range []recognize.Options{{URL: "file:///etc/passwd", Model: "m"}, {URL: "http://127.0.0.1"}, {Model: "m"}} {
		if _, err := recognize.New(o); !errors.Is(err, intel.ErrInvalid) {
			t.Errorf("%+v: error %v", o, err)
		}
	}
}
