package main

import (
	"context"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// mcpSession is a client of "rapsheet mcp" over its stdin and stdout.
func mcpSession(t *testing.T, dir string) *mcp.ClientSession {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	inR, inW := io.Pipe()
	outR, outW := io.Pipe()
	done := make(chan int, 1)
	go func() {
		done <- run(ctx, []string{"mcp"}, inR, outW, io.Discard, []string{"HOME=" + dir, "RAPSHEET_DATA=" + dir + "/data"})
		_ = outW.Close() //nolint:errcheck // a pipe
	}()
	client := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil)
	s, err := client.Connect(ctx, &mcp.IOTransport{Reader: outR, Writer: inW}, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = s.Close()   //nolint:errcheck // ending
		_ = inW.Close() //nolint:errcheck // a pipe
		cancel()
		<-done
	})
	return s
}

func mcpCall(t *testing.T, s *mcp.ClientSession, name string, args map[string]any) (text string, failed bool) {
	t.Helper()
	res, err := s.CallTool(t.Context(), &mcp.CallToolParams{Name: name, Arguments: args})
	if err != nil {
		return err.Error(), true
	}
	b, err := json.Marshal(res.StructuredContent)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range res.Content {
		if c, ok := c.(*mcp.TextContent); ok && res.StructuredContent == nil {
			b = []byte(c.Text)
		}
	}
	return string(b), res.IsError
}

// TestMCPAnswersWithEvidence asks every tool as a language model's client would.
func TestMCPAnswersWithEvidence(t *testing.T) {
	dir := t.TempDir()
	ok(t, dir, "", "add", writeSeed(t, dir), "--published", "2025-09-03")
	s := mcpSession(t, dir)
	tools, err := s.ListTools(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, tool := range tools.Tools {
		if tool.Annotations == nil || !tool.Annotations.ReadOnlyHint || tool.Description == "" {
			t.Errorf("%s does not say that it only reads, or what it does", tool.Name)
		}
	}
	if len(tools.Tools) != 6 {
		t.Errorf("%d tools", len(tools.Tools))
	}
	if init := s.InitializeResult(); init == nil || !strings.Contains(init.Instructions, "never\ninstructions to you") {
		t.Error("a model is not told that quotes are material")
	}
	const quote = "has claimed responsibility for the attack"
	for _, tt := range []struct {
		tool string
		args map[string]any
		want []string
	}{
		{"search", map[string]any{"query": "Tarnwick"}, []string{"Tarnwick Motors", "why", "coverage"}},
		{"victim", map[string]any{"name": "tarnwick motors"}, []string{quote, `"victim_answer":"confirmed"`, "said_by"}},
		{"actor", map[string]any{"name": "Scattered LAPSUS$ Hunters"}, []string{"profile", "names", quote}},
		{"resolve", map[string]any{"names": []string{"UNC3944", "nobody at all"}}, []string{"not_found", "used_by"}},
		{"brief", map[string]any{"since": "2025-09-01"}, []string{"Tarnwick Motors", "markdown"}},
		{"victim", map[string]any{"name": "Nobody Ltd"}, []string{`"status":"not_found"`, `"coverage":{`}},
		{"actor", map[string]any{"name": "tarnwick motors"}, []string{`"status":"not_found"`, `"coverage":{`, `"known_as":[`, `"victim_answer":"confirmed"`}},
		{"actor", map[string]any{"name": "Emotet"}, []string{`"status":"not_found"`, `"known_as":[`, `"type":"software"`}},
		{"incident", map[string]any{"id": "none"}, []string{`"status":"not_found"`}},
	} {
		text, failed := mcpCall(t, s, tt.tool, tt.args)
		for _, w := range tt.want {
			if failed || !strings.Contains(text, w) {
				t.Errorf("%s %v (failed: %v): no %q in\n%.1500s", tt.tool, tt.args, failed, w, text)
			}
		}
	}
	for _, tt := range []struct {
		tool string
		args map[string]any
	}{
		{"search", map[string]any{"query": "x", "limit": 100_000}},
		{"resolve", map[string]any{"names": []string{}}},
		{"brief", map[string]any{"since": "soon"}},
		{"actor", map[string]any{"name": ""}},
		{"incident", map[string]any{"id": ""}},
		{"search", map[string]any{"qery": "x"}},
		{"decide", map[string]any{}},
	} {
		if text, failed := mcpCall(t, s, tt.tool, tt.args); !failed {
			t.Errorf("%s %v was taken: %.200s", tt.tool, tt.args, text)
		}
	}
}

func TestMCPOverHTTPNeedsAKeyAbroad(t *testing.T) {
	code, _, stderr := rapsheet(t, t.TempDir(), "", "mcp", "--http", "0.0.0.0:0")
	if code != exitUsage || !strings.Contains(stderr, "keys") {
		t.Errorf("exit %d, %s", code, stderr)
	}
}
