package codec

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"tearline"
	"tearline/codec/internal/jsonread"
)

// A Decoder reads reports from JSON Lines, one a line:
//
//	{"id":"USA-2026-0412","title":"(U) Threat to airliners","originator":"USA",
//	 "policy":"us","date":"2026-03-04","declassify_on":"2036-03-04","banner":"SECRET//REL TO USA, GBR",
//	 "sources":["GBR-2026-007/p1"],
//	 "portions":[{"id":"p1","text":"…","marking":"S//REL TO USA, GBR",
//	   "originator":"GBR","sources":["GBR-2026-007/p3"],
//	   "tear":{"text":"…","marking":"S//REL TO USA, FRA"},
//	   "form":{"shape":"heading","level":1}}]}
//
// title, declassify_on, authority, banner, sources, and a portion's originator, sources, tear, form
// ([tearline.Form]) and unmarked (true) may be left out; every other field must be there, no field twice and none besides.
// A marking stands with or without its parentheses. What a report means is
// what [ParseMarkdown] says, and the checks are the same.
//
// Memory is bounded by one line, of at most [MaxInput] bytes. A decoder is not
// safe for concurrent use.
type Decoder struct {
	r     *bufio.Reader
	line  int
	buf   []byte
	marks *markCache
	err   error // of reading; final
	// portions are those of the last line's draft, to be used again.
	portions []draftPortion
}

// NewDecoder returns a decoder that reads from r.
func NewDecoder(r io.Reader) *Decoder {
	return &Decoder{r: bufio.NewReaderSize(r, 1<<16), marks: newMarkCache()}
}

// Next returns the next report and the number of its line, from 1. Blank lines
// are passed over. What is wrong with a line comes as [tearline.Faults], all
// of that line's, and the next call goes on with the next line. Any other
// error is final: [io.EOF] at the end, or the reader's.
func (d *Decoder) Next() (line int, r *tearline.Report, err error) {
	for d.err == nil {
		text, whole := d.readLine()
		switch {
		case d.err != nil && (!errors.Is(d.err, io.EOF) || whole && len(text) == 0):
			return d.line, nil, d.err
		case !whole:
			return d.line, nil, tearline.Faults{{
				Line: d.line, Column: 1,
				Text: fmt.Sprintf("line of more than %d bytes", MaxInput), Hint: "one report a line",
			}}
		}
		if d.line == 1 {
			text = bytes.TrimPrefix(text, []byte("\ufeff"))
		}
		if len(bytes.TrimSpace(text)) == 0 {
			continue
		}
		r, err := d.decode(text)
		return d.line, r, err
	}
	return d.line, nil, d.err
}

// readLine reads the next line without its end; whole is false if it is too
// long, and has then been passed over without being held.
func (d *Decoder) readLine() (text []byte, whole bool) {
	d.buf = d.buf[:0]
	whole = true
	for started := false; ; {
		part, err := d.r.ReadSlice('\n')
		if len(part) > 0 && !started {
			d.line++
			started = true
		}
		if whole && len(d.buf)+len(part) <= MaxInput+2 {
			d.buf = append(d.buf, part...)
		} else {
			whole, d.buf = false, d.buf[:0]
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil {
			d.err = err
		}
		break
	}
	text = bytes.TrimSuffix(bytes.TrimSuffix(d.buf, []byte("\n")), []byte("\r"))
	return text, whole && len(text) <= MaxInput
}

// decode reads one line.
func (d *Decoder) decode(text []byte) (*tearline.Report, error) {
	if i := invalidUTF8(text); i >= 0 {
		return nil, tearline.Faults{{Line: d.line, Column: i + 1, Text: fmt.Sprintf("not UTF-8 at byte %d", i)}}
	}
	l := lineReader{Reader: jsonread.Reader{S: string(text)}, line: d.line, spare: d.portions[:0]}
	l.report()
	d.portions = l.draft.portions
	if l.Err != nil {
		l.syntax()
		return nil, l.faults.err()
	}
	return check(&l.draft, d.marks, l.faults)
}

// A lineReader reads one line into a draft.
type lineReader struct {
	jsonread.Reader
	line   int
	draft  draft
	faults faultList
	// stored: the line is a stored body, which says which form it has.
	stored bool
	body   value
	// spare is room for portions.
	spare []draftPortion
}

// place is where the value at a byte stands.
func (l *lineReader) place(at, portion int, field string) place {
	return place{line: l.line, col: at + 1, field: field, portion: portion}
}

// syntax adds the syntax error as a fault.
func (l *lineReader) syntax() {
	l.faults.add(tearline.Fault{Line: l.line, Column: l.ErrAt + 1, Text: "JSON: " + l.Err.Error()})
}

// text reads a string into dst.
func (l *lineReader) text(dst *value, portion int, field string) {
	at := l.place(l.Pos, portion, field)
	if dst.set {
		l.faults.at(at, "", "stands twice")
	}
	if l.Peek() != '"' {
		l.faults.at(at, "", "want a string, got %s", l.Describe())
		l.Skip(0)
		*dst = value{at: at, set: true, broken: true}
		return
	}
	*dst = value{s: l.Str(), at: at, set: true}
}

// flag reads a boolean.
func (l *lineReader) flag(dst *bool, portion int, field string) {
	at := l.place(l.Pos, portion, field)
	word := "true"
	if l.Peek() == 'f' {
		word = "false"
	}
	if !strings.HasPrefix(l.S[l.Pos:], word) {
		l.faults.at(at, "", "want true or false, got %s", l.Describe())
		l.Skip(0)
		return
	}
	l.Pos += len(word)
	*dst = word == "true"
}

// texts reads a list of strings.
func (l *lineReader) texts(dst *[]value, portion int, field string) {
	at := l.place(l.Pos, portion, field)
	if *dst != nil {
		l.faults.at(at, "", "stands twice")
	}
	if l.Peek() != '[' {
		l.faults.at(at, "", "want a list of strings, got %s", l.Describe())
		l.Skip(0)
		return
	}
	out := make([]value, 0, 2)
	l.Array(func() {
		var v value
		l.text(&v, portion, field)
		out = append(out, v)
	})
	*dst = out
}

// unknown adds the fault of a field that a report does not have.
func (l *lineReader) unknown(at, portion int, name, known string) {
	p := l.place(at, portion, clip(name))
	l.faults.at(p, "known are "+known, "unknown field")
	l.Skip(0)
}

// report reads the whole line.
func (l *lineReader) report() {
	d := &l.draft
	if l.Peek() != '{' {
		l.Fail("want an object, got %s", l.Describe())
		return
	}
	portions := false
	l.Object(func(name string, at int) {
		switch name {
		case "id", "title", "originator", "policy", "date", "declassify_on", "authority", "banner":
			l.text(d.head(name), -1, name)
		case "sources":
			l.texts(&d.sources, -1, "sources")
		case "portions":
			if portions {
				l.faults.at(l.place(at, -1, "portions"), "", "stands twice")
			}
			portions = true
			l.portions()
		default:
			if l.stored && name == "form" {
				l.text(&l.body, -1, "form")
				return
			}
			l.unknown(at, -1, name, "id, title, originator, policy, date, declassify_on, authority, banner, sources, portions")
		}
	})
	if l.Peek(); l.Err == nil && l.Pos < len(l.S) {
		l.Fail("%s after the report's end", l.Describe())
	}
	l.unset(-1, 0, []*value{&d.id, &d.title, &d.originator, &d.policy, &d.date, &d.banner},
		[]string{"id", "title", "originator", "policy", "date", "banner"})
}

// unset gives values that are not there the place where they are missed.
func (l *lineReader) unset(portion, at int, vs []*value, fields []string) {
	for i, v := range vs {
		if !v.set {
			v.at = l.place(at, portion, fields[i])
		}
	}
}

// portions reads the list of portions.
func (l *lineReader) portions() {
	if l.Peek() != '[' {
		l.faults.at(l.place(l.Pos, -1, "portions"), "", "want a list, got %s", l.Describe())
		l.Skip(0)
		return
	}
	l.draft.portions = l.spare
	l.Array(func() {
		switch n := len(l.draft.portions); {
		case l.Peek() != '{':
			l.faults.at(l.place(l.Pos, -1, "portions"), "", "want an object, got %s", l.Describe())
			l.Skip(0)
		case n < MaxPortions:
			l.draft.portions = append(l.draft.portions, draftPortion{})
			l.portion(&l.draft.portions[n], n)
		default:
			l.Fail("more than %d portions", MaxPortions)
		}
	})
}

// portion reads one portion.
func (l *lineReader) portion(p *draftPortion, n int) {
	start := l.Pos
	p.at = l.place(start, n, "id")
	tear := false
	l.Object(func(name string, at int) {
		switch name {
		case "id":
			l.text(&p.id, n, "id")
		case "text":
			l.text(&p.text, n, "text")
		case "marking":
			l.text(&p.mark, n, "marking")
		case "originator":
			l.text(&p.originator, n, "originator")
		case "sources":
			l.texts(&p.sources, n, "sources")
		case "tear":
			if tear {
				l.faults.at(l.place(at, n, "tear"), "", "stands twice")
			}
			tear = true
			l.tear(p, n)
		case "form":
			l.form(p, n)
		case "unmarked":
			l.flag(&p.unmarked, n, "unmarked")
		default:
			l.unknown(at, n, name, "id, text, marking, originator, sources, tear, form, unmarked")
		}
	})
	l.unset(n, start, []*value{&p.id, &p.text, &p.mark, &p.originator}, []string{"id", "text", "marking", "originator"})
	for _, v := range []*value{&p.id, &p.text, &p.mark} {
		if !v.set && l.Err == nil {
			l.faults.at(v.at, "", "missing")
		}
	}
	p.faulty = !p.text.set
}

// tear reads a portion's approved tear-line wording.
func (l *lineReader) tear(p *draftPortion, n int) {
	l.Peek()
	start := l.Pos
	if l.Peek() != '{' {
		l.faults.at(l.place(start, n, "tear"), "", "want an object, got %s", l.Describe())
		l.Skip(0)
		return
	}
	l.Object(func(name string, at int) {
		switch name {
		case "text":
			l.text(&p.tearText, n, "tear.text")
		case "marking":
			l.text(&p.tearMark, n, "tear.marking")
		default:
			l.unknown(at, n, "tear."+strings.Clone(name), "text, marking")
		}
	})
	l.unset(n, start, []*value{&p.tearText, &p.tearMark}, []string{"tear.text", "tear.marking"})
	for _, v := range []*value{&p.tearText, &p.tearMark} {
		if !v.set && l.Err == nil {
			l.faults.at(v.at, "", "missing")
		}
	}
}
