package exchange

import (
	"bytes"
	"encoding/json"
	"testing"
)

func TestObjectsAreWrittenAsTheLibraryDoes(t *testing.T) {
	hostile := "<script>\r\n\u2028\xff\"\\é\u202e"
	for _, o := range append(Fixed(), nil, Object{}, Object{
		"a": hostile, hostile: 1, "n": -7, "f": 0.25, "b": true, "null": nil, "list": []string{"x", hostile}, "none": []string{}, "nil": []string(nil),
		"refs": []Object{{"z": 1, "a": []any{1, "x", nil}}, {}}, "norefs": []Object(nil), "deep": Object{"o": Object{"k": "v"}}, "any": map[string]any{"<": ">"}, "maps": []map[string]string{{"k": "v"}},
	}) {
		got, err := AppendObject(nil, o)
		want, werr := json.Marshal(o)
		if err != nil || werr != nil || !bytes.Equal(got, want) {
			t.Errorf("%v %v\n%s\n%s", err, werr, got, want)
		}
	}
}

// TestTheProducerIsNamedByItsID holds the id that is written out to the rule by which ids are made: another one would leave every
// object that was ever handed out with a producer nobody knows.
func TestTheProducerIsNamedByItsID(t *testing.T) {
	if want := stixID("identity", "rapsheet"); producerID() != want {
		t.Errorf("the producer is %s, by the rule %s", producerID(), want)
	}
	if got := stixID("identity", "rapsheet"); got != "identity--f81a6c22-41d8-5536-9ce5-f7114a5d910e" {
		t.Errorf("ids are made in another way: %s", got)
	}
}
