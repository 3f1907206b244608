package exchange

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"unicode/utf8"
)

// AppendObject appends an object as encoding/json writes it: a page of TAXII is a thousand of them, and maps written by reflection
// take most of its time. TestObjectsAreWrittenAsTheLibraryDoes holds the two together.
func AppendObject(b []byte, o Object) ([]byte, error) {
	if o == nil {
		return append(b, "null"...), nil
	}
	var room [24]string
	keys := slices.AppendSeq(room[:0], maps.Keys(o))
	slices.Sort(keys)
	b = append(b, '{')
	for i, k := range keys {
		if i > 0 {
			b = append(b, ',')
		}
		var err error
		if b, err = AppendText(b, k); err != nil {
			return b, err
		}
		if b, err = appendValue(append(b, ':'), o[k]); err != nil {
			return b, err
		}
	}
	return append(b, '}'), nil
}

func appendValue(b []byte, v any) ([]byte, error) {
	switch v := v.(type) {
	case string:
		return AppendText(b, v)
	case int:
		return strconv.AppendInt(b, int64(v), 10), nil
	case bool:
		return strconv.AppendBool(b, v), nil
	case Object:
		return AppendObject(b, v)
	case []string:
		return appendAll(b, v, v == nil, AppendText)
	case []Object:
		return appendAll(b, v, v == nil, AppendObject)
	}
	j, err := json.Marshal(v)
	return append(b, j...), err
}

func appendAll[T any](b []byte, all []T, null bool, one func([]byte, T) ([]byte, error)) ([]byte, error) {
	if null {
		return append(b, "null"...), nil
	}
	b = append(b, '[')
	for i, v := range all {
		if i > 0 {
			b = append(b, ',')
		}
		var err error
		if b, err = one(b, v); err != nil {
			return b, err
		}
	}
	return append(b, ']'), nil
}

// AppendText appends a JSON string as encoding/json writes it, HTML escaped.
func AppendText(b []byte, s string) ([]byte, error) {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == 0xe2 && i+2 < len(s) && s[i+1] == 0x80 && s[i+2]&^1 == 0xa8 || c >= utf8.RuneSelf && !utf8.ValidString(s[i:]) || c < ' ' || c == 0x7f || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			j, err := json.Marshal(s)
			return append(b, j...), err
		}
		if c >= utf8.RuneSelf {
			_, n := utf8.DecodeRuneInString(s[i:])
			i += n - 1
		}
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"'), nil
}
