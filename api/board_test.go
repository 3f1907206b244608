package api

import (
	"encoding/json"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestTheBoardAsksForFiguresThatThereAre holds doc/grafana.json to what /metrics says.
func TestTheBoardAsksForFiguresThatThereAre(t *testing.T) {
	b, err := os.ReadFile("../doc/grafana.json")
	if err != nil {
		t.Fatal(err)
	}
	var board struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(b, &board); err != nil {
		t.Fatal(err)
	}
	_, h := newServer(t)
	call(h, http.MethodGet, "/v1/enrich/x", "")
	figures := call(h, http.MethodGet, "/metrics", "").Body.String()
	name := regexp.MustCompile(`\b(?:rapsheet|go|process)_[a-z_]+`)
	route := regexp.MustCompile(`/(?:v1|taxii2|feeds)/[a-z0-9]*`)
	asked := 0
	for _, p := range board.Panels {
		for _, target := range p.Targets {
			for _, figure := range name.FindAllString(target.Expr, -1) {
				if asked++; !strings.Contains(figures, "\n"+figure) {
					t.Errorf("%s: there is no figure %s", p.Title, figure)
				}
			}
			for _, r := range route.FindAllString(target.Expr, -1) {
				if !strings.Contains(string(contract), `"`+r) {
					t.Errorf("%s: there is no route %s", p.Title, r)
				}
			}
		}
	}
	if asked < 10 {
		t.Errorf("the board asks for %d figures", asked)
	}
}
