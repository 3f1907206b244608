package catalogue

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/rapsheet/rapsheet/intel"
)

// element is one entry of a file's list, with its place.
type element struct {
	list        string
	index, line int
	raw         json.RawMessage
}

// read decodes the entry. A value of the wrong kind is an error of this entry alone.
func (e element) read(v any) error {
	if err := json.Unmarshal(e.raw, v); err != nil {
		return fmt.Errorf("%w: %w", err, intel.ErrInvalid)
	}
	return nil
}

// at names the entry's place in errors.
func (e element) at(err error) error {
	return fmt.Errorf("%s[%d], line %d: %w", e.list, e.index, e.line, err)
}

// elements reads the list under key of an object, or the list that the file is when key is empty; the object's other members come
// back as head. A file that is cut short or malformed gives intel.ErrInvalid with the line.
func elements(b []byte, key string) (head map[string]json.RawMessage, list []element, err error) {
	dec := json.NewDecoder(bytes.NewReader(b))
	head = map[string]json.RawMessage{}
	if key == "" {
		list, err = readList(dec, b)
	} else {
		list, err = readObject(dec, b, key, head)
	}
	for i := range list {
		list[i].list = cmp.Or(key, "rows")
	}
	if err == nil {
		if _, err = dec.Token(); errors.Is(err, io.EOF) {
			return head, list, nil
		}
		err = errors.New("something follows the end")
	}
	return nil, nil, broken(b, dec.InputOffset(), err)
}

func readObject(dec *json.Decoder, b []byte, key string, head map[string]json.RawMessage) (list []element, err error) {
	if err := expect(dec, '{'); err != nil {
		return nil, err
	}
	for dec.More() {
		t, err := dec.Token()
		if err != nil {
			return nil, err
		}
		name, _ := t.(string)
		if name == key {
			list, err = readList(dec, b)
		} else {
			var raw json.RawMessage
			err = dec.Decode(&raw)
			head[name] = raw
		}
		if err != nil {
			return nil, err
		}
	}
	return list, expect(dec, '}')
}

func readList(dec *json.Decoder, b []byte) ([]element, error) {
	if err := expect(dec, '['); err != nil {
		return nil, err
	}
	var out []element
	line, counted := 1, 0
	for i := 0; dec.More(); i++ {
		var raw json.RawMessage
		if err := dec.Decode(&raw); err != nil {
			return nil, fmt.Errorf("in entry %d: %w", i, err)
		}
		start := int(dec.InputOffset()) - len(raw)
		line += bytes.Count(b[counted:start], []byte("\n"))
		counted = start
		out = append(out, element{index: i, line: line, raw: raw})
	}
	return out, expect(dec, ']')
}

func expect(dec *json.Decoder, want json.Delim) error {
	t, err := dec.Token()
	if err != nil {
		return err
	}
	if t != want {
		return fmt.Errorf("found %v where %v should be", t, want)
	}
	return nil
}

// broken says where a file breaks.
func broken(b []byte, offset int64, err error) error {
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		offset = max(offset, syntax.Offset)
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) || offset >= int64(len(b)) {
		return fmt.Errorf("line %d: the file is cut short: %w: %w", 1+bytes.Count(b, []byte("\n")), err, intel.ErrInvalid)
	}
	return fmt.Errorf("line %d: %w: %w", 1+bytes.Count(b[:offset], []byte("\n")), err, intel.ErrInvalid)
}
