package ism

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"tearline/marking"
)

// ParseJSON reads a JSON object of attributes (see the package comment). The
// error is a [marking.Faults] with all that is wrong.
func ParseJSON(data []byte) (Attributes, error) {
	var b builder
	switch {
	case len(data) > MaxLength:
		b.fault(0, len(data), marking.Fault{Rule: "ism.length", Text: fmt.Sprintf("the object is longer than %d bytes", MaxLength)})
		return b.done()
	case !utf8.Valid(data):
		b.fault(0, len(data), marking.Fault{Rule: "ism.utf8", Text: "the object is not UTF-8"})
		return b.done()
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	if err := b.object(dec); err != nil {
		b.fault(int(dec.InputOffset()), 0, marking.Fault{Rule: "ism.json", Text: err.Error(), Hint: `write {"classification":"S","ownerProducer":["USA"]}`})
	}
	return b.done()
}

var errShape = errors.New("a JSON object of strings and arrays of strings is wanted")

// object reads the object; the error is of what ends the reading.
func (b *builder) object(dec *json.Decoder) error {
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return errors.Join(errShape, err)
	}
	for dec.More() {
		t, err := dec.Token()
		key, ok := t.(string)
		if err != nil || !ok {
			return errors.Join(errShape, err)
		}
		at := int(dec.InputOffset())
		x, ok := named(key)
		if !ok {
			b.fault(at, 0, marking.Fault{Rule: "ism.name", Text: quote(key) + " is no name of an attribute"})
		}
		if x.Value, err = value(dec); err != nil {
			return fmt.Errorf("%s: %w", quote(key), err)
		}
		if ok {
			b.add(at, 0, x)
		}
	}
	if _, err := dec.Token(); err != nil {
		return errors.Join(errShape, err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errors.New("there is more after the object")
	}
	return nil
}

// value reads a string, or an array of tokens.
func value(dec *json.Decoder) (string, error) {
	t, err := dec.Token()
	if s, ok := t.(string); ok && err == nil {
		return s, nil
	}
	if err != nil || t != json.Delim('[') {
		return "", errors.Join(errShape, err)
	}
	var tokens []string
	for dec.More() {
		t, err := dec.Token()
		s, ok := t.(string)
		if err != nil || !ok {
			return "", errors.Join(errShape, err)
		}
		if len(strings.Fields(s)) != 1 || strings.TrimSpace(s) != s {
			return "", fmt.Errorf("%s is not one token", quote(s))
		}
		tokens = append(tokens, s)
	}
	_, err = dec.Token()
	return strings.Join(tokens, " "), err
}

// MarshalJSON writes the JSON object that [ParseJSON] reads as the same
// attributes. It fails, with [marking.Faults], for what no form can write.
func (a Attributes) MarshalJSON() ([]byte, error) {
	if faults := a.writable(); len(faults) > 0 {
		return nil, faults
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	write := func(v any) error {
		err := enc.Encode(v)
		b.Truncate(b.Len() - 1) // the line's end
		return err
	}
	b.WriteByte('{')
	for i, x := range a {
		if i > 0 {
			b.WriteByte(',')
		}
		if err := write(x.qualified()); err != nil {
			return nil, err
		}
		b.WriteByte(':')
		// Other blanks than one between tokens survive in a string only.
		var v any = x.Value
		if tokens := strings.Fields(x.Value); x.Space == "" && lists[x.Name] && len(tokens) > 0 && strings.Join(tokens, " ") == x.Value {
			v = tokens
		}
		if err := write(v); err != nil {
			return nil, err
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// UnmarshalJSON is [ParseJSON], for package encoding/json.
func (a *Attributes) UnmarshalJSON(data []byte) error {
	x, err := ParseJSON(data)
	if err != nil {
		return err
	}
	*a = x
	return nil
}
