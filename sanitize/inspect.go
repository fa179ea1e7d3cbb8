package sanitize

import (
	"errors"
	"fmt"
	"index/suffixarray"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tearline"
	"tearline/codec"
	"tearline/marking"
)

// runWords is the shortest run of words that counts as withheld text. Shorter
// ones are common speech; a withheld text that is shorter as a whole is
// searched for whole.
const runWords = 5

// A look is the last look at a copy: everything that must not be in it.
type look struct {
	version *Version
	spec    Spec
	// page is what was rendered, choices the wording that the reader gets.
	page    *codec.Page
	choices map[tearline.PortionID][]int
	// What the decision lets out, found by clear: out are the names of the
	// items, texts their texts as they are to stand on the page, marks their
	// marks. titled says that an unmarked title may be there, too: it is the
	// first of the texts.
	out    map[tearline.PortionID]bool
	texts  []string
	marks  []marking.Marking
	titled bool
}

// inspect reads a rendering back from its bytes and searches it. All that is
// found is in the error, which wraps ErrSurvives.
func (l *look) inspect(b []byte) error {
	found, err := l.spec.format().ReadBack(b)
	errs := l.clear()
	if err != nil {
		errs = append(errs, fmt.Errorf("%w: the bytes hold what no copy has: %w", ErrSurvives, err))
	}
	copied, frame := newPhrases(found), l.frame()
	spelt := newSpelling(found, l.open(), frame)
	errs = append(errs, l.wordings(copied, spelt, frame)...)
	errs = append(errs, l.withheldMarks(found)...)
	lower := newNames(strings.ToLower(strings.Join(found, "\n")))
	// What an item says, or every copy says, is not ours to withhold: a report
	// may be called "A", and a portion may quote the name of another.
	said := newNames(strings.ToLower(strings.Join(slices.Concat(frame, l.texts), "\n")))
	for _, name := range l.version.inside {
		name = strings.ToLower(name)
		if !said.have(name) && (lower.have(name) || spelt.spelt(name)) {
			errs = append(errs, fmt.Errorf("%w: the name %s", ErrSurvives, name))
		}
	}
	exact := newNames(strings.Join(found, "\n"))
	for _, p := range l.version.cut(l.spec) {
		if exact.have(string(p.ID)) || p.Name != "" && (copied.has(words(p.Name)) || spelt.copiedLetters(p.Name)) {
			errs = append(errs, fmt.Errorf("%w: %s, who is not to be recognised", ErrSurvives, p.ID))
		}
	}
	return errors.Join(errs...)
}

// wordings searches for the withheld texts: what is also in an item that is in
// the copy is not withheld.
func (l *look) wordings(copied *phrases, spelt *spelling, frame []string) []error {
	open := newPhrases(l.texts)
	// A short text that says no more than every copy of this kind does tells
	// nothing.
	said := newPhrases(append([]string{l.spec.RecipientName, l.spec.Date, l.version.bannerFor(l.spec)}, frame...))
	s := search{copied: copied, open: open, frame: said}
	var errs []error
	report := func(id tearline.PortionID, what string, w tearline.Wording) {
		run := s.run(w)
		if run == "" {
			run = spelt.run(w)
		}
		if run != "" {
			errs = append(errs, fmt.Errorf("%w: %s of portion %s: %q", ErrSurvives, what, id, run))
		}
	}
	r := l.version.of
	for i := range r.Portions {
		p := &r.Portions[i]
		if l.out[p.ID] {
			continue
		}
		report(p.ID, "text", p.Wording)
		if p.Tear != nil && !l.out[tearline.TearOf(p.ID)] {
			report(p.ID, "tear-line wording", p.Tear.Wording)
		}
	}
	if r.Title != "" && !l.titled {
		for _, run := range append(s.plain(r.Title), spelt.plain(r.Title)...) {
			errs = append(errs, fmt.Errorf("%w: text of the title: %q", ErrSurvives, run))
		}
	}
	return errs
}

// open are the texts that are meant to be in the copy, as they follow each
// other in it: each item behind its mark, and the name that the recipient was
// given.
func (l *look) open() []string {
	out := make([]string, 0, 2*len(l.texts)+3)
	first := len(l.texts) - len(l.marks) // behind a title without a mark
	out = append(out, l.texts[:first]...)
	for i, m := range l.marks {
		out = append(out, m.Portion(), l.texts[first+i])
	}
	return append(out, l.spec.RecipientName, l.spec.Date, l.version.bannerFor(l.spec))
}

// frame returns the texts of a page on which nothing stands but marks.
func (l *look) frame() []string {
	p := codec.Page{Banner: "-", Copy: "-", Recipient: "-", Date: "-", Individual: true, Caveats: []string{"-"}, Authority: l.version.authority()}
	b, err := l.spec.format().Render(p)
	if err != nil {
		return nil
	}
	texts, err := l.spec.format().ReadBack(b)
	if err != nil {
		return nil
	}
	for _, m := range l.marks {
		texts = append(texts, m.Portion())
	}
	return texts
}

// withheldMarks searches for the marks of what is withheld, unless an item in
// the copy bears the same or speaks of it.
func (l *look) withheldMarks(found []string) []error {
	v := l.version
	shown := map[string]bool{}
	for _, m := range l.marks {
		shown[m.Portion()] = true
	}
	var errs []error
	for i := range v.of.Portions {
		p := &v.of.Portions[i]
		var withheld []marking.Marking
		if !l.out[p.ID] {
			withheld = append(withheld, p.Marking)
			if p.Tear != nil && !l.out[tearline.TearOf(p.ID)] {
				withheld = append(withheld, p.Tear.Marking)
			}
		}
		for _, m := range withheld {
			mark := m.Portion()
			if !shown[mark] && holds(found, mark) && !holds(l.texts, mark) {
				errs = append(errs, fmt.Errorf("%w: the mark %s of portion %s", ErrSurvives, mark, p.ID))
			}
		}
	}
	return errs
}

// holds reports whether any of the texts has s in it.
func holds(texts []string, s string) bool {
	for _, t := range texts {
		if strings.Contains(t, s) {
			return true
		}
	}
	return false
}

// names finds names in a text.
type names struct {
	text  string
	index *suffixarray.Index
}

func newNames(text string) *names {
	return &names{text: text, index: suffixarray.New([]byte(text))}
}

// have reports whether the text has the name in it, not as a part of a longer
// one.
func (n *names) have(name string) bool {
	for _, i := range n.index.Lookup([]byte(name), -1) {
		if j := i + len(name); whole(n.text, i, j) && !numbers(n.text, i, j) {
			return true
		}
	}
	return false
}

// whole reports whether t[i:j] is a name by itself.
func whole(t string, i, j int) bool {
	before, _ := utf8.DecodeLastRuneInString(t[:i])
	after, _ := utf8.DecodeRuneInString(t[j:])
	part := func(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }
	if i > 0 && part(before) || j < len(t) && part(after) {
		return false
	}
	// "2026" is no name of its own in "2026-03-04".
	return (i == 0 || before != '-') && (j == len(t) || after != '-')
}

// numbers reports whether t[i:j] is the number of an item at the beginning of
// a line, "2. (": a report may be called "2".
func numbers(t string, i, j int) bool {
	return (i == 0 || t[i-1] == '\n') && strings.HasPrefix(t[j:], ". (")
}
