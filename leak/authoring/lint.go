package authoring

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"tearline"
	"tearline/leak/fingerprint"
)

// A Finding is something about a point of a wording that its author should
// know. Its Fault says what, by which rule and how to mend it; the rules are
//
//	number, negation, name, place, marking, likelihood  the alternatives say different things
//	alike        two alternatives read alike: a leaked text does not show which it was
//	unreadable   what stands around the point is too little, or too like the alternatives
//	stutter      an alternative repeats the word beside it
//	long         an alternative is too long to be quoted whole
//	detail       an alternative is empty, and the others are no detail (a warning)
type Finding struct {
	tearline.Fault
	// Point counts the points of the wording from 0. Start and End are its
	// byte offsets in the source.
	Point      int
	Start, End int
	// Warning: the wording may be filed all the same.
	Warning bool
}

// Bounds of one alternative.
const (
	longWords = 25
	longBytes = 240
)

// Lint finds what is wrong with a wording's alternatives, in the order of the
// points. The faults have no line; a caller who knows where the wording stands
// can tell it from Start. Line is 1 and Column counts the bytes of the source,
// from 1.
func Lint(w tearline.Wording) []Finding {
	l := &linter{segs: w.Segments()}
	bad := unread(w)
	for i, s := range l.segs {
		if s.Alternatives == nil {
			continue
		}
		x, y, unreadable := bad.pair(l.point, s.Alternatives)
		switch alike := unreadable && foldsAlike(x, y); {
		case alike:
			l.add(s, "alike", "a difference must be heard: capitals, accents, hyphens and punctuation are not looked at", "%q and %q read alike", x, y)
		case l.facts(i, s) || l.shape(i, s):
		case unreadable:
			l.add(s, "unreadable", fmt.Sprintf("leave %d words as they are around it, and none of them in the alternatives", aroundWords),
				"%q would not be read for certain in a text that quotes it: too little around it is fixed, or it is too much like it", y)
		}
		l.point++
	}
	return l.out
}

// Unlike returns what [Lint] finds of alternatives that do not say the same: in
// a number, a negation, a name, a marking, a degree of certainty. Copies with
// them would tell their readers different things.
func Unlike(w tearline.Wording) tearline.Faults {
	l := &linter{segs: w.Segments()}
	for i, s := range l.segs {
		if s.Alternatives != nil {
			l.facts(i, s)
			l.point++
		}
	}
	return Refused(l.out)
}

// Refused returns the findings for which a wording should not be filed, as
// faults; nil if there are none.
func Refused(findings []Finding) tearline.Faults {
	var out tearline.Faults
	for _, f := range findings {
		if !f.Warning {
			out = append(out, f.Fault)
		}
	}
	return out
}

type linter struct {
	segs  []tearline.Segment
	point int
	out   []Finding
}

func (l *linter) add(s tearline.Segment, rule, hint, format string, args ...any) *Finding {
	l.out = append(l.out, Finding{
		Fault: tearline.Fault{Line: 1, Column: s.Start + 1, Text: fmt.Sprintf(format, args...), Rule: rule, Hint: hint},
		Point: l.point, Start: s.Start, End: s.End,
	})
	return &l.out[len(l.out)-1]
}

// facts refuses alternatives that say different things, and reports whether it
// did. Only the first difference is named. What stands there or not is a detail,
// and may have facts of its own.
func (l *linter) facts(i int, s tearline.Segment) bool {
	if slices.Contains(s.Alternatives, "") {
		return l.detail(i, s)
	}
	opens, before, next := l.opensSentence(i), lastWord(l.text(i-1)), firstWord(l.text(i+1))
	first := saidIn(s.Alternatives[0], before, next)
	for _, r := range factRules {
		for _, a := range s.Alternatives[1:] {
			if what := r.differ(first, saidIn(a, before, next), opens); what != "" {
				l.add(s, r.name, "offer only wordings that say the same, or take the point out", "%q and %q differ in %s: %s",
					s.Alternatives[0], a, r.what, what)
				return true
			}
		}
	}
	return false
}

// detail looks at a point of which an alternative is empty, and reports whether
// it refused it. What may be left out is a detail of the author's choice; it may
// not turn the sentence round.
func (l *linter) detail(i int, s tearline.Segment) bool {
	before, next := lastWord(l.text(i-1)), firstWord(l.text(i+1))
	for _, a := range s.Alternatives {
		x := saidIn(a, before, next)
		for _, left := range []struct {
			rule string
			what []string
		}{{"negation", x.negations}, {"likelihood", x.estimates}, {"marking", x.markings}} {
			if len(left.what) > 0 {
				l.add(s, left.rule, "say it in every copy", "%q may be left out, and with it %q", a, left.what[0])
				return true
			}
		}
	}
	if !isDetail(s.Alternatives) {
		l.add(s, "detail", "make it a detail of a few words that a reader would repeat, or offer another word instead of none",
			"leaving out %q leaves nothing out that a reader would miss", longest(s.Alternatives)).Warning = true
	}
	return false
}

// isDetail reports whether all that may be left out has a word that carries
// something.
func isDetail(alternatives []string) bool {
	for _, a := range alternatives {
		if a == "" {
			continue
		}
		if !slices.ContainsFunc(words(a), func(w string) bool { return len(w) > 3 && !lists()["hollow"].has(w) }) {
			return false
		}
	}
	return true
}

func longest(list []string) string {
	return slices.MaxFunc(list, func(x, y string) int { return cmp.Compare(len(x), len(y)) })
}

// shape refuses alternatives that cannot be quoted whole or that stutter, and
// reports whether it did.
func (l *linter) shape(i int, s tearline.Segment) bool {
	before, after := lastWord(l.text(i-1)), firstWord(l.text(i+1))
	for _, a := range s.Alternatives {
		ws := words(a)
		if len(a) > longBytes || len(ws) > longWords {
			l.add(s, "long", "make two points of it, or put it into a portion of its own", "an alternative of %d words: at most %d are ever quoted whole", len(ws), longWords)
			return true
		}
		if len(ws) > 0 && (ws[0] == before || ws[len(ws)-1] == after) {
			l.add(s, "stutter", "leave the word out here or there", "%q repeats the word beside it", a)
			return true
		}
	}
	return false
}

// text returns the fixed text of segment i, "" if it is a point or not there.
func (l *linter) text(i int) string {
	if i < 0 || i >= len(l.segs) || l.segs[i].Alternatives != nil {
		return ""
	}
	return l.segs[i].Text
}

// opensSentence reports whether the point at segment i begins a sentence, so
// that a capital says nothing.
func (l *linter) opensSentence(i int) bool {
	for i--; i >= 0; i-- {
		text := l.segs[i].Text
		between := text[len(strings.TrimRightFunc(text, func(r rune) bool { return !wordRune(r) })):]
		switch {
		case l.segs[i].Alternatives != nil:
			return false
		case strings.ContainsAny(between, ".!?…:;"):
			return true
		case between != text:
			return false
		}
	}
	return true
}

// An unreadable says of a point which alternative is not read back.
type unreadable map[int]int

// pair returns the alternative of a point that is not read back, and another
// one that it may be taken for: one that folds alike, else the first.
func (u unreadable) pair(point int, alternatives []string) (x, y string, ok bool) {
	k, ok := u[point]
	if !ok {
		return "", "", false
	}
	y = alternatives[k]
	for i, a := range alternatives {
		if i != k && foldsAlike(a, y) {
			return a, y, true
		}
	}
	if k == 0 {
		return alternatives[1], y, true
	}
	return alternatives[0], y, true
}

// foldsAlike reports whether two alternatives differ in nothing that is read.
func foldsAlike(x, y string) bool {
	w, err := tearline.ParseWording("seven grey herons stood by " + braces([]string{x, y, "quite another thing"}) + " until evening came")
	if err != nil {
		return x == y
	}
	for k := range 2 {
		text, err := w.Render([]int{k})
		if err != nil || fingerprint.Read(w, text)[0] != k {
			return true
		}
	}
	return false
}

// Bounds of what is looked at around a point, so that all points together take
// time in proportion to the text.
const (
	windowPoints = 2
	windowWords  = 14
	// wholeText is up to how many bytes a wording is read as a whole, too.
	wholeText = 16 << 10
)

// unread finds the points at which some alternative would not be read back
// from a text that shows it: each within its surroundings, and, of a wording of
// usual length, within the whole, and from a quotation of its surroundings.
func unread(w tearline.Wording) unreadable {
	out := unreadable{}
	usual := len(w.Source()) <= wholeText
	segs, plain := w.Segments(), w.Plain()
	point, end := 0, 0
	for i, s := range segs {
		if s.Alternatives == nil {
			end += len(s.Text)
			continue
		}
		start := end
		end += len(s.Alternatives[0])
		if k := unreadAround(segs, i); k >= 0 {
			out[point] = k
		} else if usual && fingerprint.Read(w, quotation(plain, start, end))[point] != 0 {
			out[point] = 0
		}
		point++
	}
	if usual {
		out.whole(w, false)
		out.whole(w, true)
	}
	return out
}

// whole adds the points that are not read back from the whole text, with the
// first alternative everywhere, or the last.
func (u unreadable) whole(w tearline.Wording, last bool) {
	choices := extreme(w, last)
	text, err := w.Render(choices)
	if err != nil {
		return
	}
	for n, seen := range fingerprint.Read(w, text) {
		if _, known := u[n]; seen != choices[n] && !known {
			u[n] = choices[n]
		}
	}
}

// unreadAround returns an alternative of the point at segs[i] that is not read
// back within its surroundings, -1 if all are.
func unreadAround(segs []tearline.Segment, i int) int {
	around, at, ok := window(segs, i)
	if !ok {
		return 0
	}
	choices := make([]int, around.Points())
	for k := range segs[i].Alternatives {
		choices[at] = k
		text, err := around.Render(choices)
		if err != nil || fingerprint.Read(around, text)[at] != k {
			return k
		}
	}
	return -1
}

// quotedBytes is how much on either side a short quotation has: some nine words.
const quotedBytes = 60

// quotation cuts plain[start:end) out with some words around it.
func quotation(plain string, start, end int) string {
	from, to := 0, len(plain)
	if start > quotedBytes {
		from = start - quotedBytes
		from += strings.IndexByte(plain[from:start], ' ') + 1
	}
	if len(plain)-end > quotedBytes {
		if blank := strings.LastIndexByte(plain[end:end+quotedBytes], ' '); blank > 0 {
			to = end + blank
		}
	}
	return plain[from:to]
}

// extreme chooses the first alternative everywhere, or the last.
func extreme(w tearline.Wording, last bool) []int {
	choices := make([]int, 0, w.Points())
	for _, s := range w.Segments() {
		if s.Alternatives != nil {
			k := 0
			if last {
				k = len(s.Alternatives) - 1
			}
			choices = append(choices, k)
		}
	}
	return choices
}

// window returns the point at segs[i] with its surroundings as a wording, and
// the point's number in it.
func window(segs []tearline.Segment, i int) (w tearline.Wording, at int, ok bool) {
	from, to := i, i+1
	for points := 0; from > 0 && points < windowPoints && !enough(segs[from:i], points); {
		if from--; segs[from].Alternatives != nil {
			points++
		}
	}
	for points := 0; to < len(segs) && points < windowPoints && !enough(segs[i+1:to], points); to++ {
		if segs[to].Alternatives != nil {
			points++
		}
	}
	var b strings.Builder
	for n := from; n < to; n++ {
		s := segs[n]
		switch {
		case s.Alternatives != nil:
			if n < i {
				at++
			}
			b.WriteString(braces(s.Alternatives))
		case n == from && n < i:
			b.WriteString(escape(tail(s.Text)))
		case n == to-1:
			b.WriteString(escape(head(s.Text)))
		default:
			b.WriteString(escape(s.Text))
		}
	}
	w, err := tearline.ParseWording(b.String())
	return w, at, err == nil
}

// enough reports whether the stretch has words enough for a window.
func enough(segs []tearline.Segment, points int) bool {
	n := 0
	for _, s := range segs {
		n += len(s.Text)
	}
	return points > 0 && n > windowWords*8
}

// tail and head cut a long text to the words of a window.
func tail(s string) string {
	if at := len(s) - windowWords*10; at > 0 {
		if blank := strings.IndexByte(s[at:], ' '); blank >= 0 {
			return s[at+blank:]
		}
	}
	return s
}

func head(s string) string {
	if len(s) > windowWords*10 {
		if blank := strings.LastIndexByte(s[:windowWords*10], ' '); blank > 0 {
			return s[:blank]
		}
	}
	return s
}

// mostRounds bounds how often proposals are left out and the rest tried again.
const mostRounds = 12

// readBack leaves out proposals that would not be read back, were all put in.
func readBack(w tearline.Wording, found []Proposal) []Proposal {
	for range mostRounds {
		if len(found) == 0 {
			return nil
		}
		source, err := Apply(w, found)
		if err != nil {
			return nil
		}
		with, err := tearline.ParseWording(source)
		if err != nil {
			return nil
		}
		bad, kept := unread(with), found[:0:0]
		at, shift := 0, 0 // the number of the point; how far the source has grown
		for _, s := range with.Segments() {
			if s.Alternatives == nil {
				continue
			}
			if n := slices.IndexFunc(found[at-shift:min(len(found), at-shift+1)], func(p Proposal) bool { return slices.Equal(p.Alternatives, s.Alternatives) }); n < 0 {
				shift++ // a point that was there before
			} else if _, unread := bad[at]; !unread {
				kept = append(kept, found[at-shift])
			}
			at++
		}
		if len(kept) == len(found) {
			return found
		}
		found = kept
	}
	return nil
}
