package eval_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/rapsheet/rapsheet/extract/eval"
	"github.com/rapsheet/rapsheet/intel"
)

func TestSameOrganisation(t *testing.T) {
	tests := []struct {
		a, b string
		want bool
	}{
		{"Acme Widgets", "acme widgets inc", true},
		{"The Café Group", "Cafe", true},
		{"Acme's", "Acme", true},
		{"Acme", "Acme Industrial Machinery", false},
		{"University Hospital", "University Hospital of Eastmere", false},
		{"Beta", "Gamma", false},
		{"", "Gamma", false},
	}
	for _, tt := range tests {
		if got := eval.SameOrganisation(tt.a, tt.b); got != tt.want {
			t.Errorf("%q, %q: %v", tt.a, tt.b, got)
		}
	}
	if !eval.SameActor("LAPSUS$", "lapsus$ group") || eval.SameActor("LockBit", "Play") {
		t.Error("actors")
	}
}

func finding(p float64, actor string, victims ...string) intel.Finding {
	f := intel.Finding{Confidence: p, Kind: intel.KindRansomware, Status: intel.StanceConfirmed, Country: "GB"}
	if actor != "" {
		f.Actors = []intel.ActorRef{{Ref: intel.Ref{Name: actor}}}
	}
	for _, v := range victims {
		f.Victims = append(f.Victims, intel.VictimRef{Ref: intel.Ref{Name: v}})
	}
	return f
}

func TestScore(t *testing.T) {
	var gold []eval.Gold
	err := json.Unmarshal([]byte(`[
		{"id":"a","text":"t","incidents":[{"victims":[["Acme Widgets","AW"]],"actors":[["LockBit"]],"role":"main","kind":"ransomware","status":"confirmed","country":"GB"}],"non_victims":["FBI"],"ambiguous":[]},
		{"id":"b","text":"t","incidents":[],"non_victims":["Kaspersky"],"ambiguous":["Windows"]}]`), &gold)
	if err != nil {
		t.Fatal(err)
	}
	got, err := eval.Score(gold, []intel.Extraction{
		{Incidents: []intel.Finding{finding(0.95, "lockbit", "AW"), finding(0.6, "", "FBI")}},
		{Incidents: []intel.Finding{finding(0.3, "", "Kaspersky"), finding(0.7, "", "Windows")}},
	}, 0.5)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][2]eval.Ratio{
		"recall": {got.VictimRecall, {Hit: 1, Of: 1}}, "main": {got.MainVictim, {Hit: 1, Of: 1}}, "precision": {got.VictimPrecision, {Hit: 1, Of: 2}},
		"false victim": {got.FalseVictim, {Hit: 0, Of: 1}}, "non-victim": {got.NonVictim, {Hit: 1, Of: 2}},
		"pair precision": {got.PairPrecision, {Hit: 1, Of: 1}}, "pair recall": {got.PairRecall, {Hit: 1, Of: 1}}, "false actor": {got.FalseActor, {Hit: 0, Of: 1}},
		"bin 0.9": {got.Reliability[9].Right, {Hit: 1, Of: 1}}, "bin 0.3": {got.Reliability[3].Right, {Hit: 0, Of: 1}}, "kind": {got.Kind, {Hit: 1, Of: 1}},
	}
	for name, w := range want {
		if w[0] != w[1] {
			t.Errorf("%s = %+v, want %+v", name, w[0], w[1])
		}
	}
	if s := got.Sure; s.VictimRecall != (eval.Ratio{Hit: 1, Of: 1}) || s.VictimPrecision != (eval.Ratio{Hit: 1, Of: 1}) || s.NonVictim != (eval.Ratio{Of: 2}) {
		t.Errorf("at 0.8 and above: %+v", s)
	}
	var sb strings.Builder
	if err := got.Write(&sb); err != nil || !strings.Contains(sb.String(), "victim precision   0.5000  (1/2)") {
		t.Errorf("table %v:\n%s", err, sb.String())
	}
	if _, err := eval.Score(gold, nil, 0.5); !errors.Is(err, intel.ErrInvalid) {
		t.Errorf("missing answers: %v", err)
	}
}
