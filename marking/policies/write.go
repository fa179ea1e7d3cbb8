package policies

import (
	"cmp"
	"slices"
	"strings"
)

// A Style is how a line is written.
type Style uint8

// The styles.
const (
	StyleBanner  Style = iota
	StylePortion       // in the words of portions, without their parentheses
	StyleFrench        // a banner in French, as far as the file has the words
)

// A Name is one token of a category in a mark, or a name that the file does
// not list.
type Name struct {
	Full  string // canonical, without the category's lead
	Depth int
	Token int // -1: not in the file

	part [MaxDepth]string
	last bool
}

// splitPath parts "SI-G ABCD" into its names.
func splitPath(full string) (part [MaxDepth]string, depth int) {
	top, rest, ok := strings.Cut(full, "-")
	part[0] = top
	if !ok {
		return part, 0
	}
	comp, sub, ok := strings.Cut(rest, " ")
	part[1] = comp
	if !ok {
		return part, 1
	}
	part[2] = sub
	return part, 2
}

// Names returns the names of a category, those that the file does not list
// among the others.
func (b *Body) Names(cat int) []Name {
	c := &b.T.Cats[cat]
	visible := b.Tokens.And(&c.Mask)
	visible.Minus(&b.T.Hidden)
	out := make([]Name, 0, visible.Count())
	for i := visible.Next(0); i >= 0; i = visible.Next(i + 1) {
		t := &b.T.Tokens[i]
		n := Name{Full: t.Full, Depth: t.Depth, Token: i, last: t.Last}
		for j, d := i, t.Depth; j >= 0; j, d = b.T.Tokens[j].Parent, d-1 {
			n.part[d] = b.T.Tokens[j].Name
		}
		out = append(out, n)
	}
	if b.Free == "" {
		return out
	}
	known := len(out)
	for entry := range strings.SplitSeq(b.Free, FreeSeparator) {
		if entry[0] == FreeMark(cat) {
			out = append(out, b.T.freeName(cat, entry[1:]))
		}
	}
	if len(out) > known {
		b.sort(cat, out)
	}
	return out
}

// freeName returns a name that the file does not list.
func (t *Table) freeName(cat int, full string) Name {
	n := Name{Full: full, Token: -1}
	if t.Cats[cat].Tree {
		n.part, n.Depth = splitPath(full)
		if top, ok := t.Cats[cat].Top[n.part[0]]; ok && t.Tokens[top].Beside {
			n.part, n.Depth = [MaxDepth]string{n.part[0], strings.TrimPrefix(full, n.part[0]+"-")}, 1
		}
	}
	return n
}

// sort brings the names of a category, some of which the file does not list,
// into their order: digits before letters at each depth, parents before
// children, the last ones last (CAPCO 2016 §A.6); where the tokens of the top
// have names of their own kind below them, in the order of the file.
func (b *Body) sort(cat int, names []Name) {
	rank := func(n *Name) int {
		if top, ok := b.T.Cats[cat].Top[n.part[0]]; ok && b.T.Cats[cat].ByFile {
			return top
		}
		return 0
	}
	slices.SortFunc(names, func(x, y Name) int {
		if c := cmp.Compare(rank(&x), rank(&y)); c != 0 {
			return c
		}
		return compareNames(x, y)
	})
}

func compareNames(a, b Name) int {
	if a.last != b.last {
		if a.last {
			return 1
		}
		return -1
	}
	for d := range MaxDepth {
		x, y := a.part[d], b.part[d]
		if x == y {
			continue
		}
		if digitsOnly(x) && digitsOnly(y) && len(x) != len(y) { // 9 before 10
			return cmp.Compare(len(x), len(y))
		}
		return strings.Compare(x, y) // in ASCII digits come first
	}
	return cmp.Compare(a.Depth, b.Depth)
}

func digitsOnly(s string) bool {
	return s != "" && strings.Trim(s, digits) == ""
}

// Line returns the line of a banner.
func (b *Body) Line() string { return string(b.Append(make([]byte, 0, 96), StyleBanner)) }

// Append appends the line.
func (b *Body) Append(dst []byte, style Style) []byte {
	start := len(dst)
	dst, told := b.head(dst, style)
	last := -1
	for i := range b.T.Cats {
		c := &b.T.Cats[i]
		here := b.Tokens.And(&c.Mask)
		here.Minus(&told)
		here.Minus(&b.T.Hidden)
		free := b.hasFree(i)
		if here.Empty() && !free {
			continue
		}
		switch {
		case len(dst) == start: // the level is not said
		case c.Joins && last == i-1:
			dst = append(dst, b.T.Line.Token...)
		default:
			dst = append(dst, c.Before...)
		}
		if free {
			dst = b.freeCategory(dst, &here, i, style)
		} else {
			dst = b.category(dst, &here, i, style)
		}
		last = i
	}
	return dst
}

func (b *Body) hasFree(cat int) bool {
	if b.Free == "" {
		return false
	}
	m := FreeMark(cat)
	return b.Free[0] == m || strings.Contains(b.Free, FreeSeparator+string(m))
}

// head appends owner and level, and the tokens that are written with them,
// which it returns.
func (b *Body) head(dst []byte, style Style) ([]byte, TokenSet) {
	t := b.T
	l := &t.Levels[b.Level]
	word := l.Name
	switch {
	case style == StylePortion:
		word = l.Portion
	case style == StyleFrench && l.French != "":
		word = l.French
	}
	switch b.Kind {
	case OwnerConcealed:
		dst = append(append(append(dst, t.Line.Category...), t.Owners.Concealed...), ' ')
	case OwnerJoint:
		dst = append(append(append(dst, t.Line.Category...), t.Owners.Joint...), ' ')
		dst = append(append(dst, word...), ' ')
		return t.appendList(dst, &b.Owner, " "), TokenSet{}
	case OwnerOther:
		dst = append(dst, t.Line.Category...)
		if org := b.Organisation(); org != nil {
			return b.organisationHead(dst, org, style)
		}
		dst = append(append(dst, t.Codes[b.Owner.Next(0)].Code.Code...), ' ')
	case OwnerNation:
		if b.unsaid() {
			return dst, TokenSet{}
		}
		if t.Inner >= 0 && b.Tokens.Meets(&t.Cats[t.Inner].Mask) {
			return b.inner(dst, word, style)
		}
	}
	return append(dst, word...), TokenSet{}
}

// unsaid reports whether the level is not written.
func (b *Body) unsaid() bool {
	l := &b.T.Levels[b.Level]
	if b.Kind != OwnerNation || !l.UnsaidIf.Meets(&b.Tokens) {
		return false
	}
	rest := b.Tokens
	rest.Minus(&l.UnsaidAmong)
	return rest.Empty()
}

// sorted appends the tokens of a category from A to Z.
func (b *Body) sorted(dst []byte, here *TokenSet, between string, style Style) []byte {
	var words []string
	for i := here.Next(0); i >= 0; i = here.Next(i + 1) {
		words = append(words, b.Written(i, style))
	}
	slices.Sort(words)
	return append(dst, strings.Join(words, between)...)
}

// inner appends a level with the tokens that stand within it.
func (b *Body) inner(dst []byte, word string, style Style) ([]byte, TokenSet) {
	c := &b.T.Cats[b.T.Inner]
	here := b.Tokens.And(&c.Mask)
	first, rest, _ := strings.Cut(word, " ")
	if style == StylePortion {
		first, rest = word, ""
	}
	dst = append(append(dst, first...), c.Before...)
	dst = b.category(dst, &here, b.T.Inner, style)
	if rest != "" {
		dst = append(append(dst, ' '), rest...)
	}
	return dst, here
}

func (b *Body) organisationHead(dst []byte, o *BuiltOrganisation, style Style) ([]byte, TokenSet) {
	l := &b.T.Levels[b.Level]
	portion := style == StylePortion
	switch {
	case b.Activity == "" && portion:
		dst = append(dst, o.PortionWords[b.Level]...)
	case b.Activity == "":
		dst = append(dst, o.BannerWords[b.Level]...)
	case portion:
		dst = append(append(append(dst, o.ActivityPrefix...), b.Activity...), l.Portion...)
	default:
		dst = append(append(dst, b.T.Codes[o.Place].Code.Code...), ' ')
		dst = append(append(append(dst, b.Activity...), ' '), l.Name...)
	}
	var controls TokenSet
	for _, i := range o.ControlTokens {
		if !b.Tokens.Has(i) {
			continue
		}
		if controls.Empty() {
			dst = append(dst, b.T.Line.Category...)
		} else {
			dst = append(dst, b.T.Line.Token...)
		}
		controls.Add(i)
		dst = b.token(dst, i, style)
	}
	return dst, controls
}

// category appends the tokens here, all of one category, in their order.
func (b *Body) category(dst []byte, here *TokenSet, cat int, style Style) []byte {
	c := &b.T.Cats[cat]
	if l := &b.T.Levels[b.Level]; l.UnsaidSorted && b.unsaid() {
		return b.sorted(dst, here, c.Between, style)
	}
	dst = append(dst, c.Lead...)
	for n, i := 0, here.Next(0); i >= 0; n, i = n+1, here.Next(i+1) {
		switch t := &b.T.Tokens[i]; {
		case t.Depth > 0:
			dst = append(dst, Joint(t.Depth)...)
		case n > 0:
			dst = append(dst, c.Between...)
			if c.LeadEach {
				dst = append(dst, c.Lead...)
			}
		}
		dst = b.token(dst, i, style)
	}
	return dst
}

// freeCategory appends the tokens here, and among them the names that the file
// does not list.
func (b *Body) freeCategory(dst []byte, here *TokenSet, cat int, style Style) []byte {
	c := &b.T.Cats[cat]
	dst = append(dst, c.Lead...)
	first, beside := true, -1
	for _, x := range b.Names(cat) {
		if x.Token >= 0 && !here.Has(x.Token) {
			continue
		}
		switch {
		case beside >= 0 && x.Depth > 0: // the second name below it and those after
			dst = append(dst, c.Between...)
		case x.Depth > 0:
			dst = append(dst, Joint(x.Depth)...)
			if top, ok := c.Top[x.part[0]]; ok && b.T.Tokens[top].Beside {
				beside = top
			}
		case !first:
			dst = append(dst, c.Between...)
			if c.LeadEach {
				dst = append(dst, c.Lead...)
			}
		}
		if x.Depth == 0 {
			beside = -1
		}
		first = false
		switch {
		case x.Token >= 0:
			dst = b.token(dst, x.Token, style)
		case c.Tree:
			dst = append(dst, x.part[x.Depth]...)
		default:
			dst = append(dst, x.Full...)
		}
	}
	return dst
}

// Phrase returns tokens, all of the category of the first, as a banner writes
// them.
func (b *Body) Phrase(tokens *TokenSet) string {
	return string(b.category(nil, tokens, b.T.Tokens[tokens.Next(0)].Category, StyleBanner))
}

// Written returns a token as it is written, with its list.
func (b *Body) Written(i int, style Style) string { return string(b.token(nil, i, style)) }

// token appends a token's own part, with its list.
func (b *Body) token(dst []byte, i int, style Style) []byte {
	t := &b.T.Tokens[i]
	word := t.Banner
	switch {
	case style == StylePortion:
		word = t.Own
	case style == StyleFrench && t.French != "":
		word = t.French
	}
	if t.Codes == nil {
		return append(dst, word...)
	}
	sep := t.Codes.Separator
	switch t.Codes.Sort {
	case ListEyes:
		dst = b.nationFirst(dst, sep)
		dst = b.T.appendList(dst, &b.Rel, sep)
		return append(append(dst, ' '), word...)
	case ListRelease:
		if o := b.Organisation(); o != nil && o.ReleaseWords != "" && style != StylePortion {
			word = o.ReleaseWords
		}
		dst = append(append(dst, word...), ' ')
		dst = b.nationFirst(dst, sep)
		return b.T.appendList(dst, &b.Rel, sep)
	case ListDisplay:
		return b.T.appendList(append(append(dst, word...), ' '), &b.Display, sep)
	case ListSource:
		dst = append(dst, word...)
		if b.Source.Empty() {
			return dst
		}
		return b.T.appendList(append(dst, ' '), &b.Source, sep)
	}
	return dst
}

// nationFirst appends the table's nation, the first on its lists.
func (b *Body) nationFirst(dst []byte, sep string) []byte {
	if b.T.NationCode < 0 || b.T.Unwritten {
		return dst
	}
	dst = append(dst, b.T.Codes[b.T.NationCode].Word...)
	if !b.Rel.Empty() {
		dst = append(dst, sep...)
	}
	return dst
}

func (t *Table) appendList(dst []byte, set *CodeSet, sep string) []byte {
	for n, i := 0, set.Next(0); i >= 0; n, i = n+1, set.Next(i+1) {
		if n > 0 {
			dst = append(dst, sep...)
		}
		dst = append(dst, t.Codes[i].Word...)
	}
	return dst
}
