// SPDX-License-Identifier: Apache-2.0

// Package records reads lists that others publish as JSON or CSV: rows of columns, and a mapping that says which text a row stands
// for. It knows nothing of what the rows tell; a row that cannot be read costs itself, not the list.
package records

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"

	"github.com/rapsheet/rapsheet/intel"
)

const (
	// MaxRows bounds what one list may hold, maxValue what one column of a row may.
	MaxRows  = 50_000
	maxValue = 64 << 10
	// maxNested bounds how deep a row's columns may be nested.
	maxNested = 6
)

// Row is one row by its columns; those of nested objects have dots in their names.
type Row map[string]string

// Parse reads a list. broken counts rows that could not be read; cut says that there were more than MaxRows.
func Parse(body []byte, format, path string) (rows []Row, broken int, cut bool, err error) {
	body = bytes.TrimPrefix(body, []byte("\ufeff"))
	switch format {
	case "csv":
		rows, broken, err = parseCSV(body)
	case "json":
		rows, broken, err = parseJSON(body, path)
	default:
		err = fmt.Errorf("records: format %q: choose json or csv: %w", format, intel.ErrInvalid)
	}
	if len(rows) > MaxRows {
		rows, cut = rows[:MaxRows], true
	}
	return rows, broken, cut, err
}

// separators are what columns may be set apart by.
const separators = ",;\t|"

// parseCSV takes the names of columns from the first line.
func parseCSV(body []byte) (rows []Row, broken int, err error) {
	first, _, _ := bytes.Cut(body, []byte("\n"))
	r := csv.NewReader(strings.NewReader(strings.ToValidUTF8(string(body), "\ufffd")))
	r.Comma, r.LazyQuotes, r.FieldsPerRecord, r.TrimLeadingSpace = ',', true, -1, true
	most := 0
	for _, s := range separators {
		if n := bytes.Count(first, []byte(string(s))); n > most {
			r.Comma, most = s, n
		}
	}
	names, err := r.Read()
	if err != nil {
		return nil, 0, fmt.Errorf("records: no line with the names of columns: %w: %w", err, intel.ErrInvalid)
	}
	for i, n := range names {
		names[i] = strings.TrimSpace(n)
	}
	for len(rows) <= MaxRows {
		values, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil || len(values) > len(names) {
			if broken++; broken > MaxRows {
				break
			}
			continue
		}
		row := Row{}
		for i, v := range values {
			row.set(names[i], v)
		}
		rows = append(rows, row)
	}
	return rows, broken, nil
}

// parseJSON reads an array of objects, an object that holds one below path, or one object a line.
func parseJSON(body []byte, path string) (rows []Row, broken int, err error) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var values []any
	for len(values) <= MaxRows {
		var v any
		err := d.Decode(&v)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			if len(values) == 0 {
				return nil, 0, fmt.Errorf("records: %w: %w", err, intel.ErrInvalid)
			}
			broken++
			break
		}
		values = append(values, v)
	}
	if len(values) == 1 {
		if values, err = below(values[0], path); err != nil {
			return nil, 0, err
		}
	}
	for _, v := range values[:min(len(values), MaxRows+1)] {
		object, ok := v.(map[string]any)
		if !ok {
			broken++
			continue
		}
		row := Row{}
		row.fill("", object, 0)
		rows = append(rows, row)
	}
	return rows, broken, nil
}

// below finds the list that a path of names with dots leads to; an object of objects is a list too.
func below(v any, path string) ([]any, error) {
	for name := range strings.SplitSeq(path, ".") {
		if name == "" {
			continue
		}
		object, ok := v.(map[string]any)
		if !ok || object[name] == nil {
			return nil, fmt.Errorf("records: rows %q: there is no %q: %w", path, name, intel.ErrInvalid)
		}
		v = object[name]
	}
	switch v := v.(type) {
	case []any:
		return v, nil
	case map[string]any:
		out := make([]any, 0, len(v))
		for _, k := range slices.Sorted(maps.Keys(v)) {
			out = append(out, v[k])
		}
		return out, nil
	}
	return nil, fmt.Errorf("records: rows %q: no list: %w", path, intel.ErrInvalid)
}

// fill takes the columns of an object.
func (r Row) fill(prefix string, object map[string]any, depth int) {
	for name, v := range object {
		switch v := v.(type) {
		case map[string]any:
			if depth < maxNested {
				r.fill(prefix+name+".", v, depth+1)
			}
		case []any:
			var parts []string
			for _, e := range v {
				switch e := e.(type) {
				case string:
					parts = append(parts, e)
				case json.Number:
					parts = append(parts, e.String())
				}
			}
			r.set(prefix+name, strings.Join(parts, ", "))
		case string:
			r.set(prefix+name, v)
		case json.Number:
			r.set(prefix+name, v.String())
		case bool:
			r.set(prefix+name, strconv.FormatBool(v))
		}
	}
}

// set notes a column as text: without tags and control characters, within limits.
func (r Row) set(name, value string) {
	if len(value) > maxValue {
		value = strings.ToValidUTF8(value[:maxValue], "")
	}
	if strings.Contains(value, "<") {
		value = untagged(value)
	}
	value = strings.Map(func(c rune) rune {
		if c < ' ' && c != '\n' && c != '\t' || c == 0x7f {
			return -1
		}
		return c
	}, value)
	if value = strings.TrimSpace(value); name != "" && value != "" {
		r[name] = value
	}
}

// untagged is the text of a piece of HTML.
func untagged(s string) string {
	z := html.NewTokenizer(strings.NewReader(s))
	var out strings.Builder
	for {
		switch z.Next() {
		case html.ErrorToken:
			return out.String()
		case html.TextToken:
			out.Write(z.Text())
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			out.WriteByte(' ')
		}
	}
}

// Write fills the columns of a row into a text: {name} is a column, [what stands in brackets] is left out when a column in it is
// empty. ok is false when a column outside of brackets is.
func Write(text string, row Row) (out string, ok bool) {
	out, ok = write(text, row)
	return strings.TrimSpace(out), ok
}

func write(text string, row Row) (out string, ok bool) {
	var b strings.Builder
	for text != "" {
		i := strings.IndexAny(text, "[{")
		if i < 0 {
			break
		}
		b.WriteString(text[:i])
		end := strings.IndexByte(text[i:], closing[text[i]])
		if end < 0 {
			return "", false
		}
		inner, optional := text[i+1:i+end], text[i] == '['
		text = text[i+end+1:]
		if !optional {
			v, found := row[inner]
			if !found {
				return "", false
			}
			b.WriteString(v)
			continue
		}
		if part, whole := write(inner, row); whole {
			b.WriteString(part)
		}
	}
	b.WriteString(text)
	return b.String(), true
}

var closing = map[byte]byte{'[': ']', '{': '}'}
