package incidents

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/rapsheet/rapsheet/intel"
)

// eachJSON calls take with every record of a file: of the list under key, of a list at the top, or, without a key, one after
// another. broken is told of a record that is too large and of the place where a file breaks off; what came before it was taken.
func eachJSON(r io.Reader, key string, take func(int, json.RawMessage) error, broken func(int, error) error) error {
	in := bufio.NewReader(r)
	first, err := firstByte(in)
	if err != nil {
		return broken(1, fmt.Errorf("the file is empty: %w", intel.ErrInvalid))
	}
	s := jsonStream{d: json.NewDecoder(in), take: take, broken: broken}
	switch {
	case first == '[':
		_, err = s.d.Token()
		s.list = true
	case key != "":
		err = seek(s.d, key)
		s.list = true
	}
	if err != nil {
		return broken(1, breaks(err))
	}
	for more := true; more; {
		if more, err = s.next(); err != nil {
			return err
		}
	}
	return nil
}

// jsonStream reads one record at a time.
type jsonStream struct {
	d      *json.Decoder
	list   bool
	n      int
	take   func(int, json.RawMessage) error
	broken func(int, error) error
}

// next takes one record; false after the last.
func (s *jsonStream) next() (bool, error) {
	s.n++
	if s.list && !s.d.More() {
		if _, err := s.d.Token(); err != nil {
			return false, s.broken(s.n, breaks(err))
		}
		return false, nil
	}
	var raw json.RawMessage
	err := s.d.Decode(&raw)
	switch {
	case errors.Is(err, io.EOF) && !s.list:
		return false, nil
	case err != nil:
		return false, s.broken(s.n, breaks(err))
	case len(raw) > maxRecord:
		return true, s.broken(s.n, fmt.Errorf("a record of %d bytes is too large: %w", len(raw), intel.ErrInvalid))
	}
	return true, s.take(s.n, raw)
}

func breaks(err error) error {
	return fmt.Errorf("the file breaks off here (%w): %w", err, intel.ErrInvalid)
}

// firstByte is the first byte that is no space, unread; a byte order mark is passed over.
func firstByte(in *bufio.Reader) (byte, error) {
	if b, err := in.Peek(3); err == nil && string(b) == "\ufeff" {
		_, _ = in.Discard(3)
	}
	for {
		c, err := in.ReadByte()
		if err != nil {
			return 0, err
		}
		if c != ' ' && c != '\n' && c != '\r' && c != '\t' {
			return c, in.UnreadByte()
		}
	}
}

// seek goes to the first element of the list under a key of the object that is read.
func seek(d *json.Decoder, key string) error {
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return errors.Join(err, fmt.Errorf("an object with %q was expected", key))
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return err
		}
		if name == key {
			if t, err := d.Token(); err != nil || t != json.Delim('[') {
				return errors.Join(err, fmt.Errorf("%q is no list", key))
			}
			return nil
		}
		var skipped json.RawMessage
		if err := d.Decode(&skipped); err != nil {
			return err
		}
	}
	return fmt.Errorf("there is no %q", key)
}

// plain says of a field of the wrong shape which one it is, without the type of ours that it does not fit.
func plain(err error) error {
	if shape, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return fmt.Errorf("field %q holds a %s: %w", shape.Field, shape.Value, intel.ErrInvalid)
	}
	return err
}
