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
