package marking

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"tearline/marking/internal/nearest"
	"tearline/marking/policies"
)

// A Form is the form in which a mark was written.
type Form string

// The forms.
const (
	FormBanner  Form = "banner"  // "SECRET//NOFORN"
	FormPortion Form = "portion" // "(S//NF)", or "S//NF" without its parentheses
)

// Parse reads a banner line or a portion mark, with or without its
// parentheses. Tokens may be in any order and of either form, with any
// spacing; what comes out is canonical. All that is wrong is returned as
// [Faults]; the marking is then zero, for a mark that is wrong grants nothing.
func (p *Policy) Parse(s string) (Marking, error) {
	m, _, err := p.ParseForm(s)
	return m, err
}

// ParseForm is Parse, and tells which form the mark has.
func (p *Policy) ParseForm(s string) (Marking, Form, error) {
	b, form, faults := p.parse(s, nil)
	if len(faults) > 0 {
		return Marking{}, form, faults
	}
	return p.intern(&b), form, nil
}

// ParseUnder is Parse for a portion of a document whose banner is known. A
// portion that is "REL" or "JOINT S//REL" has the banner's list (CAPCO 2016
// §H.8 REL TO, §H.3), which it does not carry with it when it is copied out.
func (p *Policy) ParseUnder(s string, banner Marking) (Marking, error) {
	if banner.Policy() != p {
		return p.Parse(s)
	}
	over := banner.body()
	b, _, faults := p.parse(s, &over)
	if len(faults) > 0 {
		return Marking{}, faults
	}
	return p.intern(&b), nil
}

func (p *Policy) parse(s string, banner *policies.Body) (policies.Body, Form, Faults) {
	ps := parser{p: p, s: s, b: policies.Body{T: &p.t}, banner: banner}
	form := ps.mark()
	ps.settle()
	if len(ps.faults) == 1 && ps.faults[0].Rule == "form.case" && p.t.MixedCase && strings.TrimSpace(s) == ps.b.Line() {
		ps.faults = nil // the policy itself writes some words so
	}
	// What could not be read may be what a rule asks for.
	before := len(ps.faults)
	p.check(&ps.b, policies.ScopeMark, before > 0, &ps.faults)
	if len(ps.faults) > before {
		ps.locate(ps.faults[before:])
	}
	return ps.b, form, ps.faults
}

// A parser reads one mark.
type parser struct {
	p      *Policy
	s      string // the mark, in upper case from mark() on
	b      policies.Body
	faults Faults
	names  []string    // that the policy does not list; see policies.Body
	seen   uint32      // categories, by bit
	spans  []tokenSpan // only when locating
	record bool

	// Of the category being read.
	cat     int   // -1: not known yet
	pending int   // where codes before "EYES ONLY" begin, or -1
	before  int   // the category read before it, or -1
	waiting []int // codes of a line of phrases that are pending
	beside  int   // the token whose names may follow without it, or -1

	banner *policies.Body // that a portion without its list refers to, or nil
}

type tokenSpan struct{ token, lo, hi int }

func (ps *parser) fault(lo, hi int, f Fault) {
	f.Offset, f.Length = lo, hi-lo
	ps.faults.add(f)
}

// mark reads the whole.
func (ps *parser) mark() Form {
	form := FormBanner
	if len(ps.s) > MaxLength {
		ps.fault(0, len(ps.s), Fault{Rule: "form.length", Text: fmt.Sprintf("the mark is longer than %d bytes", MaxLength)})
		return form
	}
	if !utf8.ValidString(ps.s) {
		ps.fault(0, len(ps.s), Fault{Rule: "form.utf8", Text: "the mark is not UTF-8"})
		return form
	}
	ps.upper()
	lo, hi := policies.Trim(ps.s, 0, len(ps.s))
	opens, closes := lo < hi && ps.s[lo] == '(', lo < hi && ps.s[hi-1] == ')'
	switch {
	case opens && closes && hi-lo > 1:
		form = FormPortion
		lo, hi = policies.Trim(ps.s, lo+1, hi-1)
	case opens || closes:
		form = FormPortion
		ps.fault(lo, hi, Fault{Rule: "form.parentheses", Text: "one parenthesis is missing", Hint: "write both, or none"})
		return form
	}
	if lo == hi {
		ps.fault(lo, hi, Fault{Rule: "form.empty", Text: "there is no mark", Hint: "write at least the level"})
		return form
	}
	read := ps.line
	if ps.p.t.Phrases {
		read = ps.phrases
	}
	if short := read(lo, hi); short {
		form = FormPortion
	}
	return form
}

// upper makes the mark upper case; where the policy wants that, lower case is
// a fault.
func (ps *parser) upper() {
	s, first, last := policies.Upper(ps.s)
	if first < 0 {
		return
	}
	ps.s = s
	if !ps.p.t.AnyCase {
		ps.fault(first, last, Fault{
			Rule: "form.case", Cites: ps.p.t.Line.Cites, Text: "marks are written in upper case",
			Hint: "write " + policies.Quote(strings.TrimSpace(ps.s)),
		})
	}
}

// line reads level and categories, and reports whether the level was in short.
func (ps *parser) line(lo, hi int) (short bool) {
	owned := strings.HasPrefix(ps.s[lo:hi], ps.p.t.Line.Category)
	if owned {
		lo += len(ps.p.t.Line.Category)
	}
	head, next := ps.segment(lo, hi)
	a, z := policies.Trim(ps.s, lo, head)
	switch {
	case owned:
		short = ps.owner(a, z)
	case ps.unsaid(policies.Squeeze(ps.s[a:z])):
		ps.category(a, z)
	default:
		short = ps.level(a, z)
	}
	for next <= hi && !ps.faults.full() {
		lo = next
		var end int
		end, next = ps.segment(lo, hi)
		ps.category(lo, end)
	}
	return short
}

// segment returns where the segment from lo ends, and where the next begins:
// beyond hi if there is none.
func (ps *parser) segment(lo, hi int) (end, next int) {
	if i := strings.Index(ps.s[lo:hi], ps.p.t.Line.Category); i >= 0 {
		return lo + i, lo + i + len(ps.p.t.Line.Category)
	}
	return hi, hi + 1
}

// unsaid takes the level that is not written beside the token that w is, and
// reports whether there is such a level.
func (ps *parser) unsaid(w string) bool {
	x, ok := ps.p.t.Words[w]
	if !ok || has(ps.p.t.LevelWords, w) {
		return false
	}
	for i := range ps.p.t.Levels {
		if ps.p.t.Levels[i].UnsaidIf.Has(x.Token) {
			ps.b.Level = uint8(i)
			return true
		}
	}
	return false
}

// level reads the level of a mark of the policy's own nation.
func (ps *parser) level(lo, hi int) (short bool) {
	w := policies.Squeeze(ps.s[lo:hi])
	i, ok := ps.p.t.LevelWords[w]
	if !ok {
		ps.unknownLevel(lo, hi, w)
		return false
	}
	l := &ps.p.t.Levels[i]
	ps.b.Level = uint8(i) //nolint:gosec // the loader bounds the levels
	if l.Owned {
		ps.fault(lo, hi, Fault{
			Rule: "form.level", Cites: ps.p.t.Line.Cites, Text: l.Name + " is no level of the nation's own",
			Hint: "write the owner before it: " + policies.Quote(ps.p.t.Line.Category+"GBR "+l.Name),
		})
	}
	return w == l.Portion && w != l.Name
}

func (ps *parser) unknownLevel(lo, hi int, w string) {
	f := Fault{Rule: "form.level", Text: fmt.Sprintf("%s is no level of policy %s", policies.Quote(w), ps.p.t.ID)}
	for _, id := range Policies() {
		other, _ := Lookup(id)
		if _, ok := other.t.LevelWords[w]; ok && other.t.ID != ps.p.t.ID {
			f.Text = fmt.Sprintf("%s is a marking of policy %s", policies.Quote(w), id)
			f.Hint = "read it under that policy"
			ps.fault(lo, hi, f)
			return
		}
	}
	f.Hint = "begin with the level: " + policies.Quote(ps.p.t.Levels[0].Name) + " …"
	if n := nearest.To(w, maps.Keys(ps.p.t.LevelWords)); n != "" {
		f.Hint = "did you mean " + policies.Quote(n) + "?"
	}
	ps.fault(lo, hi, f)
}

// category reads one segment after the level.
func (ps *parser) category(lo, hi int) {
	ps.before = ps.cat
	ps.cat, ps.pending, ps.beside = -1, -1, -1
	if a, z := policies.Trim(ps.s, lo, hi); a == z {
		ps.formFault(lo, hi, Fault{
			Rule: "form.empty-category", Text: "there is nothing between the separators",
			Hint: "nothing holds the place of a category that is absent",
		})
		return
	}
	for lo <= hi && !ps.faults.full() {
		end, next := hi, hi+1
		if i := strings.Index(ps.s[lo:hi], ps.p.t.Line.Token); i >= 0 {
			end, next = lo+i, lo+i+len(ps.p.t.Line.Token)
		}
		a, z := policies.Trim(ps.s, lo, end)
		if a == z {
			ps.formFault(lo, min(end+1, hi), Fault{Rule: "form.empty-item", Text: "there is nothing between the separators", Hint: "drop one of them"})
		} else {
			ps.item(a, z)
		}
		lo = next
	}
	if ps.pending >= 0 {
		ps.unknown(ps.pending, hi, policies.Squeeze(ps.s[ps.pending:hi]))
	}
	if ps.cat >= 0 {
		ps.seen |= 1 << ps.cat
	}
}

// item reads what stands between two slashes.
func (ps *parser) item(lo, hi int) {
	w := policies.Squeeze(ps.s[lo:hi])
	if ps.free(w, lo, hi, true) {
		return
	}
	if x, ok := ps.p.t.Words[w]; ok && ps.pending < 0 {
		ps.word(x, w, lo, hi)
		return
	}
	if ps.eyes(w, lo, hi) {
		return
	}
	if ps.pending >= 0 {
		ps.unknown(ps.pending, hi, policies.Squeeze(ps.s[ps.pending:hi]))
		ps.pending = -1
		return
	}
	if ps.led(w, lo, hi) || ps.besideName(w, lo, hi) {
		return
	}
	if cat := ps.treeOf(w); cat >= 0 {
		ps.tree(cat, w, lo, hi)
		return
	}
	if !ps.free(w, lo, hi, false) {
		ps.unknown(lo, hi, w)
	}
}

// led reads what begins with the word before a list of codes, or before the
// names of a category. It reports whether the item does.
func (ps *parser) led(w string, lo, hi int) bool {
	for i := range ps.p.t.Leads {
		l := &ps.p.t.Leads[i]
		if !strings.HasPrefix(w, l.Text) {
			continue
		}
		switch {
		case l.Cat >= 0 && ps.p.t.Cats[l.Cat].Tree:
			ps.tree(l.Cat, w[len(l.Text):], lo, hi)
			return true
		case l.Cat >= 0:
			if !ps.free(w, lo, hi, false) {
				ps.unknown(lo, hi, w)
			}
			return true
		case w[len(l.Text)] == ' ' || w[len(l.Text)] == ',':
			ps.list(l.Token, lo, hi, len(l.Text))
			return true
		}
	}
	return false
}

// word takes an item that is one of the policy's words.
func (ps *parser) word(x policies.Word, w string, lo, hi int) {
	t := &ps.p.t.Tokens[x.Token]
	if x.Bare {
		if ps.fromBanner(x.Token, lo, hi) {
			return
		}
		e := t.Codes.Empty
		ps.fault(lo, hi, Fault{Rule: e.Rule, Cites: e.Cites, Hint: e.Hint, Text: policies.Quote(w) + " has no list here"})
		ps.enter(t.Category, lo, hi)
		return
	}
	if t.Depth == 0 && ps.p.t.Cats[t.Category].Lead != "" && ps.cat != t.Category {
		ps.unknown(lo, hi, w) // a program's name without "SAR-" is none
		return
	}
	ps.take(x.Token, lo, hi)
}

// take adds a token that stands for itself.
func (ps *parser) take(i, lo, hi int) {
	t := &ps.p.t.Tokens[i]
	if !ps.organisationControl(i) {
		ps.enter(t.Category, lo, hi)
	}
	if ps.b.Tokens.Has(i) {
		ps.fault(lo, hi, Fault{Rule: "form.twice", Text: t.Full + " is there twice", Hint: "write it once"})
	}
	ps.set(i, lo, hi)
}

// set adds a token and those above it.
func (ps *parser) set(i, lo, hi int) {
	for ; i >= 0; i = ps.p.t.Tokens[i].Parent {
		ps.b.Tokens.Add(i)
		if ps.record {
			ps.spans = append(ps.spans, tokenSpan{i, lo, hi})
		}
	}
}

// enter notes the category of the segment, and its faults.
func (ps *parser) enter(cat, lo, hi int) {
	if ps.p.t.Phrases {
		return
	}
	switch {
	case ps.cat == cat:
	case ps.cat >= 0 && (cat == ps.cat+1 && ps.p.t.Cats[cat].Joins || cat == ps.cat-1 && ps.p.t.Cats[ps.cat].Joins):
		ps.seen |= 1 << ps.cat
		ps.cat = cat
	case ps.cat >= 0:
		ps.fault(lo, hi, Fault{
			Rule: "form.separator", Cites: ps.p.t.Line.Cites,
			Text: fmt.Sprintf("%s is of category %s, what is before it of %s", policies.Quote(policies.Squeeze(ps.s[lo:hi])), ps.p.t.Cats[cat].Name, ps.p.t.Cats[ps.cat].Name),
			Hint: "part categories by " + ps.p.t.Line.Category,
		})
	case ps.seen>>cat&1 != 0:
		ps.formFault(lo, hi, Fault{
			Rule: "form.category-twice",
			Text: "category " + ps.p.t.Cats[cat].Name + " is there twice", Hint: "write its tokens together, parted by " + ps.p.t.Line.Token,
		})
		ps.cat = cat
	default:
		ps.cat = cat
	}
}

// organisationControl reports whether the token is a control of the
// organisation that owns the mark, which writes them in a category of their own.
func (ps *parser) organisationControl(token int) bool {
	o := ps.b.Organisation()
	return o != nil && slices.Contains(o.ControlTokens, token)
}

// formFault reports what the policy may let pass in what is read, and never
// writes.
func (ps *parser) formFault(lo, hi int, f Fault) {
	if !ps.p.t.LooseLine {
		f.Cites = ps.p.t.Line.Cites
		ps.fault(lo, hi, f)
	}
}

// fromBanner takes the list that a portion does not carry from the banner over
// it, where that is known (CAPCO 2016 §H.8 REL TO, §H.3).
func (ps *parser) fromBanner(token, lo, hi int) bool {
	if ps.banner == nil || token != ps.p.t.Release.List {
		return false
	}
	list, ok := ps.banner.Listed()
	if !ok || !ps.banner.Tokens.Has(token) {
		return false
	}
	ps.take(token, lo, hi)
	ps.b.Rel = list
	return true
}

// eyes reads the list before "EYES ONLY", whose codes slashes part. It reports
// whether the item belongs to one.
func (ps *parser) eyes(w string, lo, hi int) bool {
	r := ps.p.t.Release
	if r == nil || r.Eyes < 0 {
		return false
	}
	if _, isCode := ps.p.t.CodeIndex[w]; isCode {
		if ps.pending < 0 {
			ps.pending = lo
		}
		return true
	}
	for _, words := range [...]string{ps.p.t.Tokens[r.Eyes].Name, ps.p.t.Tokens[r.Eyes].Own, "EYES"} {
		if rest, ok := strings.CutSuffix(w, words); ok && strings.HasSuffix(rest, " ") {
			if strings.Contains(rest[:len(rest)-1], " ") {
				return false
			}
			if ps.pending < 0 {
				ps.pending = lo
			}
			start := ps.pending
			ps.pending = -1
			ps.take(r.Eyes, start, hi)
			ps.codes(r.Eyes, start, lo+strings.LastIndex(ps.s[lo:hi], "EYES"))
			return true
		}
	}
	return false
}

// list reads the codes of a list after the words that lead it, of which the
// first length bytes are counted without superfluous blanks.
func (ps *parser) list(token, lo, hi, length int) {
	ps.take(token, lo, hi)
	start, n := lo, 0
	for ; n < length; start++ { // the words again, in the text as it was written
		if policies.Blank(ps.s[start]) && policies.Blank(ps.s[start+1]) {
			continue
		}
		n++
	}
	ps.codes(token, start, hi)
}

// codes reads the codes of a list into its set.
func (ps *parser) codes(token, lo, hi int) {
	l := ps.p.t.Tokens[token].Codes
	set := ps.codeSet(l)
	if set == &ps.b.Rel && !set.Empty() {
		return // REL TO and EYES ONLY: the rules say that one is too many
	}
	nation, n, before := false, 0, len(ps.faults)
	defer ps.ordered(l, lo, hi, before)
	for lo < hi && !ps.faults.full() {
		if between(ps.s[lo]) {
			lo++
			continue
		}
		end := lo
		for end < hi && !between(ps.s[end]) {
			end++
		}
		n++
		if i := ps.code(ps.s[lo:end], lo); i >= 0 {
			nation = ps.listed(l, set, i, nation, lo, end)
		}
		lo = end
	}
	if len(ps.faults) == before {
		ps.nation(l, set, nation, n, lo)
	}
}

// codeSet is where the codes of a list go.
func (ps *parser) codeSet(l *policies.BuiltList) *policies.CodeSet {
	switch l.Sort {
	case policies.ListDisplay:
		return &ps.b.Display
	case policies.ListSource:
		return &ps.b.Source
	case policies.ListRelease, policies.ListEyes:
	}
	return &ps.b.Rel
}

// between reports whether c stands between the codes of a list.
func between(c byte) bool { return policies.Blank(c) || c == ',' || c == '/' }

// listed adds code i to the list, and reports whether the nation is on it.
func (ps *parser) listed(l *policies.BuiltList, set *policies.CodeSet, i int, nation bool, lo, hi int) bool {
	switch {
	case i == ps.p.t.NationCode:
		if nation {
			ps.twice(lo, hi)
		}
		return true
	case set.Has(i):
		ps.twice(lo, hi)
	case !l.Among.Empty() && !l.Among.Has(i):
		ps.fault(lo, hi, Fault{Rule: l.Empty.Rule, Cites: l.Empty.Cites, Text: ps.s[lo:hi] + " may not be on this list"})
	default:
		set.Add(i)
	}
	return nation
}

func (ps *parser) twice(lo, hi int) {
	ps.fault(lo, hi, Fault{Rule: "form.twice", Text: ps.s[lo:hi] + " is on the list twice", Hint: "write it once"})
}

// nation looks at the place of the policy's nation on a list of n codes.
func (ps *parser) nation(l *policies.BuiltList, set *policies.CodeSet, nation bool, n, at int) {
	var f policies.Breach
	var text string
	switch ofNation := l.Sort == policies.ListRelease || l.Sort == policies.ListEyes; {
	case n == 0 && !l.Bare:
		f, text = l.Empty, "the list is empty"
	case ofNation && set.Empty() && l.Alone.Rule != "":
		f, text = l.Alone, "the list names nobody but "+ps.p.t.Nation
	case ofNation && !nation && ps.p.t.NationCode >= 0 && l.Nation.Rule != "":
		f, text = l.Nation, "the list does not name "+ps.p.t.Nation
	case !ofNation && nation:
		f, text = l.Nation, ps.p.t.Nation+" is not written on this list"
	default:
		return
	}
	ps.fault(at, at, Fault{Rule: f.Rule, Cites: f.Cites, Hint: f.Hint, Text: text})
}

// ordered looks at the order of the codes of a list, where the policy asks for
// that in what is read.
func (ps *parser) ordered(l *policies.BuiltList, lo, hi, before int) {
	if !l.Ordered || len(ps.faults) > before {
		return
	}
	last := -1
	for n, w := range strings.FieldsFunc(ps.s[lo:hi], func(r rune) bool { return strings.ContainsRune(" \t\r\n,/", r) }) {
		i := ps.p.t.CodeIndex[w]
		switch {
		case i == ps.p.t.NationCode && n == 0:
		case i == ps.p.t.NationCode || i < last:
			ps.fault(lo, hi, Fault{Rule: l.Order.Rule, Cites: l.Order.Cites, Hint: l.Order.Hint, Text: w + " is out of its place on the list"})
			return
		default:
			last = i
		}
	}
}

// code returns the index of the code, or -1 and a fault.
func (ps *parser) code(w string, at int) int {
	if i, ok := ps.p.t.CodeIndex[w]; ok {
		return i
	}
	f := Fault{Rule: "form.code", Text: fmt.Sprintf("%s is no code that policy %s knows", policies.Quote(w), ps.p.t.ID)}
	if n := nearest.To(strings.ToUpper(w), maps.Keys(ps.p.t.CodeIndex)); n != "" {
		f.Hint = "did you mean " + policies.Quote(n) + " (" + ps.p.t.Codes[ps.p.t.CodeIndex[n]].Name + ")?"
	}
	ps.fault(at, at+len(w), f)
	return -1
}

// unknown reports an item that is nothing.
func (ps *parser) unknown(lo, hi int, w string) {
	f := Fault{Rule: "form.token", Text: fmt.Sprintf("%s is no marking of policy %s", policies.Quote(w), ps.p.t.ID)}
	if n := nearest.To(w, maps.Keys(ps.p.t.Words)); n != "" {
		f.Hint = "did you mean " + policies.Quote(n) + "?"
	}
	if has(ps.p.t.LevelWords, w) {
		f.Text, f.Hint = policies.Quote(w)+" is a level", "the level comes first, once"
	}
	ps.fault(lo, hi, f)
}

// locate gives faults of rules their places: those of the tokens that the rule
// is about, the whole mark otherwise.
func (ps *parser) locate(faults Faults) {
	again := parser{p: ps.p, s: ps.s, b: policies.Body{T: &ps.p.t}, record: true, banner: ps.banner}
	again.mark()
	for i := range faults {
		f := &faults[i]
		f.Offset, f.Length = 0, len(ps.s)
		r := slices.IndexFunc(ps.p.t.Rules, func(r policies.BuiltRule) bool { return r.Rule.Rule == f.Rule && r.Text == f.Text })
		if r < 0 {
			continue
		}
		about := ps.p.t.Rules[r].When
		about.Union(&ps.p.t.Rules[r].ExcludesAny)
		for _, s := range again.spans {
			if about.Has(s.token) {
				f.Offset, f.Length = s.lo, s.hi-s.lo
			}
		}
	}
}
