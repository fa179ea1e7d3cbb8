package marks_test

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"tearline/internal/marks"
)

// FuzzLines: lines are the same however they come, and what bufio and bytes
// make of them.
func FuzzLines(f *testing.F) {
	for _, s := range []string{"", "a\n\r\nb", "\n\n", "S\r\r\n \t\nT\r", "\u0085\n\u00a0x\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		var want strings.Builder
		for l := range bytes.SplitSeq(in, []byte("\n")) {
			if l = bytes.TrimRight(l, "\r"); len(bytes.TrimSpace(l)) > 0 {
				want.Write(l)
				want.WriteByte('|')
			}
		}
		for _, r := range []io.Reader{bytes.NewReader(in), iotest.OneByteReader(bytes.NewReader(in)), iotest.DataErrReader(bytes.NewReader(in))} {
			var out strings.Builder
			ok, err := marks.Lines(t.Context(), r, &out, func(dst, line []byte) ([]byte, bool) { return append(append(dst, line...), '|'), true })
			if !ok || err != nil {
				t.Fatal(ok, err)
			}
			if diff := cmp.Diff(want.String(), out.String()); diff != "" {
				t.Fatal(diff)
			}
		}
	})
}

// FuzzMark: a line is read as encoding/json reads it, and the answer is one
// line of JSON of the documented shape.
func FuzzMark(f *testing.F) {
	for _, s := range []string{
		"(S//NF)", `"(S)"`, `{"input":"S"}`, `{"input":"S","policy":"tlp"}`, `{"marking":"S","input":null}`, `{"Input":"\u0053"}`, `{"input":"S","input":"U"}`,
		`{"input":"é"}`, `{"portions":["U"],"input":"U","dates":[ ]}`, `{}`, `{"input":"S",}`, ` { "input" : "S" } x`, "{\"input\":\"a\x7f\tb\"}", `{"portions":[null],"input":"U"}`,
	} {
		f.Add([]byte(s))
	}
	p := us(f)
	f.Fuzz(func(t *testing.T, line []byte) {
		got, ok := marks.Parsing(p, nil)(nil, line)
		var a marks.Parsed
		dec := json.NewDecoder(bytes.NewReader(got))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&a); err != nil || bytes.Count(got, []byte("\n")) != 1 || a.OK != ok || ok != (len(a.Faults) == 0) {
			t.Fatalf("%v\n%s", err, got)
		}
		in, q, err := string(line), p, error(nil)
		switch l := bytes.TrimSpace(line); {
		case bytes.HasPrefix(l, []byte(`"`)):
			err = json.Unmarshal(l, &in)
		case bytes.HasPrefix(l, []byte("{")):
			var o struct {
				Input           *string
				Marking, Policy string
			}
			if err = json.Unmarshal(l, &o); err == nil && o.Policy != "" {
				q, err = marks.Policy(o.Policy)
			}
			if in = o.Marking; o.Input != nil {
				in = *o.Input
			}
		}
		if err != nil {
			if ok {
				t.Fatalf("%v is no error in %s", err, got)
			}
			return
		}
		m, form, err := q.ParseForm(in)
		if (err == nil) != ok || a.Form != form || a.Banner != m.Banner() || a.Input != valid(t, in) {
			t.Fatalf("%q is read as %s", in, got)
		}
	})
}

// valid is s as JSON carries it.
func valid(t *testing.T, s string) (out string) {
	t.Helper()
	b, err := json.Marshal(s)
	if err == nil {
		err = json.Unmarshal(b, &out)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// FuzzDocument: a line is the document that encoding/json reads.
func FuzzDocument(f *testing.F) {
	for _, s := range []string{
		`{"portions":["(S)","U"]}`, `{"banner":"SECRET","portions":["(S)"],"dates":["2020-01-01"],"policy":"us"}`, `{"portions":null}`, `{"portions":["S",null]}`, `{"Portions":["S"]}`,
		`{"portions":["S"],"portions":["U","U"]}`, `{"banner":7,"portions":["S"]}`, `{"banner":"\u0053","portions":[]}`, "S;U", ";", `{"x":{},"portions":["S"]}`, `{"portions":["S"],"policy":"tlp"}`,
		"[]", "null", `{"portions":["S",]}`, `{"portions":["S"] "dates":[]}`, `{"input":"S","marking":"","portions":["S"]}`,
	} {
		f.Add([]byte(s))
	}
	p := us(f)
	f.Fuzz(func(t *testing.T, line []byte) {
		roll, check := marks.NewRollUp(p, nil), marks.NewCheck(p, nil)
		got, ok := check.Lines()(nil, line)
		var d marks.Document
		if err := json.Unmarshal(line, &d); err == nil {
			want, wantOK := check.Document(nil, &d)
			if diff := cmp.Diff(string(want), string(got)); diff != "" || ok != wantOK {
				t.Fatalf("check: %v, %v\n%s", ok, wantOK, diff)
			}
		} else if ok {
			t.Fatalf("%v is no error in %s", err, got)
		}
		got, ok = roll.Lines()(nil, line)
		var r struct {
			Portions, Dates []string
			Policy          string
		}
		var err error
		if l := bytes.TrimSpace(line); bytes.HasPrefix(l, []byte("{")) {
			err = json.Unmarshal(l, &r)
		} else {
			for m := range strings.SplitSeq(string(line), ";") {
				r.Portions = append(r.Portions, strings.TrimSpace(m))
			}
		}
		if err != nil {
			if ok {
				t.Fatalf("%v is no error in %s", err, got)
			}
			return
		}
		want, wantOK := roll.Document(nil, &marks.Document{Portions: r.Portions, Dates: r.Dates, Policy: r.Policy})
		if diff := cmp.Diff(string(want), string(got)); diff != "" || ok != wantOK {
			t.Fatalf("rollup: %v, %v\n%s", ok, wantOK, diff)
		}
	})
}
