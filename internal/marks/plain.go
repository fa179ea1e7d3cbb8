package marks

import "strings"

// names are those of the objects that lines are.
var names = [...]string{"input", "marking", "banner", "portions", "dates", "policy"}

const (
	nameInput = iota
	nameMarking
	nameBanner
	namePortions
	nameDates
	namePolicy
)

// A plain is an object whose reading needs no knowledge of JSON's finer points.
type plain struct {
	input, marking, banner, policy string
	portions, dates                []string
	seen                           uint8 // by name
}

func (f *plain) has(name int) bool { return f.seen>>name&1 != 0 }

// plainly reads an object that is plain: the known names, each once and as they
// are documented, with strings and lists of strings of printable ASCII without
// escapes. Nearly all lines are, and it is several times as fast as
// encoding/json, which reads all others. Lists are appended to those given.
func plainly(s string, portions, dates []string) (plain, bool) {
	sc := scanner{s: s}
	f := plain{portions: portions, dates: dates}
	if !sc.take('{') {
		return f, false
	}
	if sc.take('}') {
		return f, sc.end()
	}
	for {
		name, ok := sc.text()
		if !ok || !sc.take(':') || !f.value(&sc, name) {
			return f, false
		}
		if sc.take('}') {
			return f, sc.end()
		}
		if !sc.take(',') {
			return f, false
		}
	}
}

// value reads the value of a name.
func (f *plain) value(sc *scanner, name string) (ok bool) {
	for i, n := range names {
		if n != name {
			continue
		}
		if f.has(i) {
			return false
		}
		f.seen |= 1 << i
		switch i {
		case nameInput:
			f.input, ok = sc.text()
		case nameMarking:
			f.marking, ok = sc.text()
		case nameBanner:
			f.banner, ok = sc.text()
		case namePortions:
			f.portions, ok = sc.list(f.portions)
		case nameDates:
			f.dates, ok = sc.list(f.dates)
		case namePolicy:
			f.policy, ok = sc.text()
		}
		return ok
	}
	return false
}

// A scanner reads the plain part of JSON.
type scanner struct {
	s string
	i int
}

// take reads c and what blanks are before it.
func (sc *scanner) take(c byte) bool {
	sc.blanks()
	if sc.i == len(sc.s) || sc.s[sc.i] != c {
		return false
	}
	sc.i++
	return true
}

func (sc *scanner) blanks() {
	for sc.i < len(sc.s) && (sc.s[sc.i] == ' ' || sc.s[sc.i] == '\t' || sc.s[sc.i] == '\r' || sc.s[sc.i] == '\n') {
		sc.i++
	}
}

// end reports whether nothing is left.
func (sc *scanner) end() bool {
	sc.blanks()
	return sc.i == len(sc.s)
}

// text reads a string.
func (sc *scanner) text() (string, bool) {
	if !sc.take('"') {
		return "", false
	}
	n := strings.IndexByte(sc.s[sc.i:], '"')
	if n < 0 {
		return "", false
	}
	t := sc.s[sc.i : sc.i+n]
	for i := range len(t) {
		if t[i] < ' ' || t[i] >= 0x7f || t[i] == '\\' {
			return "", false
		}
	}
	sc.i += n + 1
	return t, true
}

// list reads a list of strings.
func (sc *scanner) list(to []string) ([]string, bool) {
	if !sc.take('[') {
		return to, false
	}
	if sc.take(']') {
		return to, true
	}
	for {
		t, ok := sc.text()
		if !ok {
			return to, false
		}
		to = append(to, t)
		if sc.take(']') {
			return to, true
		}
		if !sc.take(',') {
			return to, false
		}
	}
}
