package fingerprintcmd

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"

	"tearline"
	"tearline/codec"
	"tearline/internal/cli/command"
	"tearline/leak/authoring"
)

// A Desk is what the commands for authors have others do, as the party that
// acts. Every function must be given.
type Desk struct {
	// Report returns a report that the party holds.
	Report func(id tearline.ReportID) (*tearline.Report, error)
	// MayHave says which of its portions another party may have now.
	MayHave func(id tearline.ReportID, to tearline.PartyID) (map[tearline.PortionID]bool, error)
	// Approved returns what the party's officers have answered to proposals,
	// by key.
	Approved func() (map[string]authoring.Approval, error)
	// Approve records answers; a later one replaces an earlier one.
	Approve func([]authoring.Approval) error
}

// A document is a report, and where it was read from.
type document struct {
	name   string
	report *tearline.Report
	// Of a file: its bytes, and where the texts of its portions stand in it.
	src    []byte
	places map[tearline.PortionID]place
}

// A place maps a portion's source on the bytes of a file: from each spot on
// they are the same, up to the next one.
type place []spot

type spot struct{ off, at int }

// at returns where byte i of the portion's source stands in the file.
func (p place) at(i int) int {
	n := 0
	for n+1 < len(p) && p[n+1].off <= i {
		n++
	}
	return p[n].at + i - p[n].off
}

// isFile reports whether a name is that of a file rather than of a report.
func isFile(name string) bool {
	if name == "-" || strings.HasSuffix(name, ".md") {
		return true
	}
	_, err := os.Stat(name)
	return err == nil
}

// open reads a report from a file, or one that is filed.
func (j Desk) open(r *command.Run, name string) (*document, error) {
	if isFile(name) {
		return readFile(r, name)
	}
	report, err := j.Report(tearline.ReportID(name))
	if err != nil {
		return nil, err
	}
	return &document{name: name, report: report}, nil
}

// readFile reads a report in Markdown.
func readFile(r *command.Run, name string) (*document, error) {
	src, err := r.ReadAll(name)
	if err != nil {
		return nil, err
	}
	report, err := codec.ParseMarkdown(src)
	if faults, ok := errors.AsType[tearline.Faults](err); ok {
		for i := range faults {
			faults[i] = inFile(name, faults[i])
		}
		return nil, faults
	}
	if err != nil {
		return nil, command.FileError(name, err)
	}
	d := &document{name: name, report: report, src: src, places: map[tearline.PortionID]place{}}
	return d, d.locate()
}

// inFile puts a file's name before a fault, as compilers do.
func inFile(name string, f tearline.Fault) tearline.Fault {
	if f.Line > 0 {
		f.Text = fmt.Sprintf("%s:%d:%d: %s", name, f.Line, max(f.Column, 1), f.Text)
		f.Line = 0
		return f
	}
	f.Text = name + ": " + f.Text
	return f
}

// portions are those that an author may word in several ways: all but a marked
// title, which is a name.
func (d *document) portions() []*tearline.Portion {
	var out []*tearline.Portion
	for i := range d.report.Portions {
		if p := &d.report.Portions[i]; p.ID != tearline.TitleID {
			out = append(out, p)
		}
	}
	return out
}

// locate finds the texts of the portions in the file: each behind a mark, after
// the one before.
func (d *document) locate() error {
	from := 0
	for _, p := range d.portions() {
		found := false
		for i := from; i < len(d.src) && !found; i++ {
			if d.src[i] != ')' {
				continue
			}
			start := i + 1 + len(d.src[i+1:]) - len(bytes.TrimLeft(d.src[i+1:], " \t\r\n"))
			if at, end, ok := matchText(d.src, start, p.Wording.Source()); ok {
				d.places[p.ID], from, found = at, end, true
			}
		}
		if !found {
			return command.FileError(d.name, fmt.Errorf("the text of %s is not found again", p.ID))
		}
	}
	return nil
}

// matchText reports whether a portion's source stands at src[i], its lines
// joined by a blank each.
func matchText(src []byte, i int, s string) (p place, end int, ok bool) {
	p = place{{off: 0, at: i}}
	for k := 0; k < len(s); k++ {
		if n := lineBreak(src, i); s[k] == ' ' && n > 0 {
			i += n
			p = append(p, spot{off: k + 1, at: i})
			continue
		}
		if i >= len(src) || src[i] != s[k] {
			return nil, 0, false
		}
		i++
	}
	return p, i, true
}

// lineBreak returns how many bytes the end of a line at src[i] has, with the
// blanks around it; 0 if there is none.
func lineBreak(src []byte, i int) int {
	end := i
	broken := false
	for end < len(src) && bytes.IndexByte([]byte(" \t\r\n"), src[end]) >= 0 {
		broken = broken || src[end] == '\n'
		end++
	}
	if !broken {
		return 0
	}
	return end - i
}

// where says at which line and column of its file a byte of a portion's source
// stands, or at which byte of the portion of a report that is filed.
func (d *document) where(id tearline.PortionID, i int) (line, column int) {
	p, ok := d.places[id]
	if !ok {
		return 1, i + 1
	}
	at := p.at(i)
	before := d.src[:at]
	return bytes.Count(before, []byte("\n")) + 1, at - bytes.LastIndexByte(before, '\n')
}
