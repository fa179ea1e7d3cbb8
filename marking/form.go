package marking

import (
	"slices"
	"strings"

	"tearline/marking/policies"
)

// form reports how the line is written otherwise than banners are: in the
// words of portions, in another order, with other separators. The titles of
// controls may stand for them (CAPCO 2016 §D.1). A line that could not be read
// whole has faults enough.
func (d *document) form() {
	ps := &d.ps
	if d.lost {
		return
	}
	canonical := string(ps.b.Append(nil, policies.StyleBanner))
	hint := "write " + quoteAll(canonical)
	lo, hi := policies.Trim(ps.s, 0, len(ps.s))
	note := func(lo, hi int, rule, text string) {
		ps.fault(lo, hi, Fault{Rule: rule, Cites: "CAPCO 2016 §D.1", Text: text, Hint: hint, Severity: SeverityForm})
	}
	switch {
	case ps.s[lo:hi] == canonical:
		return
	case d.kind == FormPortion:
		note(lo, hi, "form.portion", "a banner line has no parentheses, and writes the level in full")
		return
	case ps.b.Kind != policies.OwnerNation:
		note(lo, hi, "form.owner-line", "the owner's mark is not written so")
		return
	}
	level, hiLevel := d.place(&policies.TokenSet{})
	raw, last := ps.s[level:hiLevel], -1
	rest, ordered := strings.CutPrefix(canonical, d.p.t.Levels[ps.b.Level].Name)
	for _, it := range d.items() {
		sep := "/"
		if it.cat != last {
			sep = "//"
		}
		text, right := ps.s[it.lo:it.hi], it.canonical
		if it.cat == last {
			right = strings.TrimPrefix(right, d.p.t.Cats[it.cat].Lead)
		}
		raw += sep + text
		last = it.cat
		was := ordered
		if rest, ordered = strings.CutPrefix(rest, sep+right); was && !ordered {
			note(it.lo, it.hi, "form.order", policies.Quote(text)+" stands out of its place")
		}
		d.item(&it, text, note)
	}
	if raw != ps.s[lo:hi] {
		note(lo, hi, "form.separator", "categories are parted by //, tokens by /, without blanks")
	}
}

// An item is what stands between two slashes of the line, an EYES list whole.
type item struct {
	lo, hi, cat int
	b           policies.Body // what it says, at the highest level
	canonical   string        // with the lead of its category
}

// items returns the items as they stand.
func (d *document) items() []item {
	ps := &d.ps
	var out []item
	for _, s := range ps.spans {
		if slices.ContainsFunc(out, func(it item) bool { return it.lo == s.lo }) {
			continue
		}
		it := item{lo: s.lo, hi: s.hi, cat: d.p.t.Tokens[s.token].Category}
		lead := d.p.t.Cats[it.cat].Lead
		text := ps.s[s.lo:s.hi]
		if slices.ContainsFunc(append([]string{lead}, d.p.t.Cats[it.cat].LeadAlso...), func(l string) bool { return strings.HasPrefix(text, l) }) {
			lead = ""
		}
		level := d.p.t.Levels[len(d.p.t.Levels)-1].Name + "//"
		one := parser{p: d.p, s: level + lead + text, b: policies.Body{T: &d.p.t}}
		one.mark()
		one.settle()
		it.b = one.b
		it.canonical = strings.TrimPrefix(string(one.b.Append(nil, policies.StyleBanner)), level)
		out = append(out, it)
	}
	slices.SortFunc(out, func(a, b item) int { return a.lo - b.lo })
	return out
}

// item reports how one item is written otherwise than in a banner.
func (d *document) item(it *item, text string, note func(lo, hi int, rule, text string)) {
	p := d.p
	right := it.canonical
	if !strings.HasPrefix(text, p.t.Cats[it.cat].Lead) {
		right = strings.TrimPrefix(right, p.t.Cats[it.cat].Lead)
	}
	if text == right {
		return
	}
	written, wanted := p.codesOf(text), p.codesOf(right)
	for _, t := range p.lists() {
		if it.b.Tokens.Has(t) && p.t.NationCode >= 0 && len(written) > 0 && written[0] != p.t.Nation {
			l := p.t.Tokens[t].Codes.Nation
			if !slices.ContainsFunc(d.ps.faults, func(f Fault) bool { return f.Rule == l.Rule }) {
				d.ps.fault(it.lo, it.hi, Fault{Rule: l.Rule, Cites: l.Cites, Hint: l.Hint, Text: p.t.Nation + " is not the first on the list"})
			}
			return
		}
	}
	portion := strings.Trim(string(it.b.Append(nil, policies.StylePortion)), "()")
	switch {
	case policies.Words(text) == policies.Words(right) || !slices.Equal(written, wanted):
		note(it.lo, it.hi, "form.order", policies.Quote(text)+" is written "+quoteAll(right))
	case strings.HasSuffix(portion, "//"+text):
		note(it.lo, it.hi, "form.portion", policies.Quote(text)+" is how portions write "+quoteAll(right))
	}
}

// codesOf returns the codes in a text, as they stand.
func (p *Policy) codesOf(text string) []string {
	return slices.DeleteFunc(policies.Split(text), func(w string) bool { return !has(p.t.CodeIndex, w) })
}

func quoteAll(s string) string { return `"` + s + `"` }
