package marking

import (
	"cmp"
	"slices"
	"strings"

	"tearline/marking/policies"
)

// A name is one token of a category in a marking, or a name that the policy
// does not list.
type name struct {
	full  string // canonical, without the category's lead
	part  [policies.MaxDepth]string
	depth int
	token int // -1: not in the policy
	last  bool
}

// splitPath parts "SI-G ABCD" into its names.
func splitPath(full string) (part [policies.MaxDepth]string, depth int) {
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

// names returns the names of a category, those that the policy does not list
// among the others.
func (b *body) names(cat int) []name {
	p := b.policy
	c := &p.t.Cats[cat]
	visible := b.tokens.And(&c.Mask)
	visible.Minus(&p.t.Hidden)
	out := make([]name, 0, visible.Count())
	for i := visible.Next(0); i >= 0; i = visible.Next(i + 1) {
		t := &p.t.Tokens[i]
		n := name{full: t.Full, depth: t.Depth, token: i, last: t.Last}
		for j, d := i, t.Depth; j >= 0; j, d = p.t.Tokens[j].Parent, d-1 {
			n.part[d] = p.t.Tokens[j].Name
		}
		out = append(out, n)
	}
	if b.free == "" {
		return out
	}
	known := len(out)
	for entry := range strings.SplitSeq(b.free, policies.FreeSeparator) {
		if entry[0] != policies.FreeMark(cat) {
			continue
		}
		n := name{full: entry[1:], token: -1}
		n.part, n.depth = splitPath(n.full)
		out = append(out, n)
	}
	if len(out) > known {
		slices.SortFunc(out, compareNames)
	}
	return out
}

// compareNames is the order where the policy does not list all names: digits
// before letters at each depth, parents before children, the last ones last
// (CAPCO 2016 §A.6).
func compareNames(a, b name) int {
	if a.last != b.last {
		if a.last {
			return 1
		}
		return -1
	}
	for d := range policies.MaxDepth {
		if c := strings.Compare(a.part[d], b.part[d]); c != 0 { // in ASCII digits come first
			return c
		}
	}
	return cmp.Compare(a.depth, b.depth)
}

// line appends the line, as a portion's or as a banner's.
func (b *body) line(dst []byte, portion bool) []byte {
	p := b.policy
	dst, controls := b.head(dst, portion)
	for i := range p.t.Cats {
		here := b.tokens.And(&p.t.Cats[i].Mask)
		here.Minus(&controls)
		here.Minus(&p.t.Hidden)
		if here.Empty() && !b.hasFree(i) {
			continue
		}
		dst = append(dst, "//"...)
		if b.hasFree(i) {
			dst = b.freeCategory(dst, &here, i, portion)
		} else {
			dst = b.category(dst, &here, i, portion)
		}
	}
	return dst
}

func (b *body) hasFree(cat int) bool {
	if b.free == "" {
		return false
	}
	m := policies.FreeMark(cat)
	return b.free[0] == m || strings.Contains(b.free, policies.FreeSeparator+string(m))
}

// head appends owner and level, and the controls that an organisation writes
// after its own levels, which it returns.
func (b *body) head(dst []byte, portion bool) ([]byte, policies.TokenSet) {
	p := b.policy
	word := p.t.Levels[b.level].Name
	if portion {
		word = p.t.Levels[b.level].Portion
	}
	switch b.kind {
	case policies.OwnerConcealed:
		dst = append(append(append(dst, "//"...), p.t.Owners.Concealed...), ' ')
	case policies.OwnerJoint:
		dst = append(append(append(dst, "//"...), p.t.Owners.Joint...), ' ')
		dst = append(append(dst, word...), ' ')
		return p.appendList(dst, &b.owner, " "), policies.TokenSet{}
	case policies.OwnerOther:
		dst = append(dst, "//"...)
		if org := b.organisation(); org != nil {
			return b.organisationHead(dst, org, portion)
		}
		dst = append(append(dst, p.t.Codes[b.owner.Next(0)].Code.Code...), ' ')
	case policies.OwnerNation:
	}
	return append(dst, word...), policies.TokenSet{}
}

// organisation returns the owner that has names of its own for its levels, or nil.
func (b *body) organisation() *policies.BuiltOrganisation {
	if b.kind != policies.OwnerOther {
		return nil
	}
	for i := range b.policy.t.Owners.Bodies {
		if o := &b.policy.t.Owners.Bodies[i]; b.owner.Has(o.Place) && o.BannerWords[b.level] != "" {
			return o
		}
	}
	return nil
}

func (b *body) organisationHead(dst []byte, o *policies.BuiltOrganisation, portion bool) ([]byte, policies.TokenSet) {
	l := &b.policy.t.Levels[b.level]
	switch {
	case b.activity == "" && portion:
		dst = append(dst, o.PortionWords[b.level]...)
	case b.activity == "":
		dst = append(dst, o.BannerWords[b.level]...)
	case portion:
		dst = append(append(append(dst, o.ActivityPrefix...), b.activity...), l.Portion...)
	default:
		dst = append(append(dst, b.policy.t.Codes[o.Place].Code.Code...), ' ')
		dst = append(append(append(dst, b.activity...), ' '), l.Name...)
	}
	var controls policies.TokenSet
	for _, t := range o.ControlTokens {
		if !b.tokens.Has(t) {
			continue
		}
		if controls.Empty() {
			dst = append(dst, "//"...)
		} else {
			dst = append(dst, '/')
		}
		controls.Add(t)
		dst = b.token(dst, t, portion)
	}
	return dst, controls
}

// category appends the tokens here, all of one category, in their order.
func (b *body) category(dst []byte, here *policies.TokenSet, cat int, portion bool) []byte {
	p := b.policy
	dst = append(dst, p.t.Cats[cat].Lead...)
	for n, i := 0, here.Next(0); i >= 0; n, i = n+1, here.Next(i+1) {
		if t := &p.t.Tokens[i]; t.Depth > 0 {
			dst = append(dst, policies.Joint(t.Depth)...)
		} else if n > 0 {
			dst = append(dst, '/')
		}
		dst = b.token(dst, i, portion)
	}
	return dst
}

// freeCategory appends the tokens here, and among them the names that the
// policy does not list.
func (b *body) freeCategory(dst []byte, here *policies.TokenSet, cat int, portion bool) []byte {
	p := b.policy
	dst = append(dst, p.t.Cats[cat].Lead...)
	first := true
	for _, x := range b.names(cat) {
		if x.token >= 0 && !here.Has(x.token) {
			continue
		}
		if x.depth > 0 {
			dst = append(dst, policies.Joint(x.depth)...)
		} else if !first {
			dst = append(dst, '/')
		}
		first = false
		if x.token >= 0 {
			dst = b.token(dst, x.token, portion)
		} else {
			dst = append(dst, x.part[x.depth]...)
		}
	}
	return dst
}

// token appends a token's own part, with its list.
func (b *body) token(dst []byte, i int, portion bool) []byte {
	p := b.policy
	t := &p.t.Tokens[i]
	word := t.Name
	if portion {
		word = t.Own
	}
	if t.Codes == nil {
		return append(dst, word...)
	}
	sep := t.Codes.Separator
	switch t.Codes.Sort {
	case policies.ListEyes:
		dst = b.nationFirst(dst, sep)
		dst = p.appendList(dst, &b.rel, sep)
		return append(append(dst, ' '), word...)
	case policies.ListRelease:
		if o := b.organisation(); o != nil && o.ReleaseWords != "" && !portion {
			word = o.ReleaseWords
		}
		dst = append(append(dst, word...), ' ')
		dst = b.nationFirst(dst, sep)
		return p.appendList(dst, &b.rel, sep)
	case policies.ListDisplay:
		return p.appendList(append(append(dst, word...), ' '), &b.display, sep)
	case policies.ListSource:
		dst = append(dst, word...)
		if b.source.Empty() {
			return dst
		}
		return p.appendList(append(dst, ' '), &b.source, sep)
	}
	return dst
}

// nationFirst appends the policy's nation, the first on its lists.
func (b *body) nationFirst(dst []byte, sep string) []byte {
	if b.policy.t.NationCode < 0 {
		return dst
	}
	dst = append(dst, b.policy.t.Nation...)
	if !b.rel.Empty() {
		dst = append(dst, sep...)
	}
	return dst
}

func (p *Policy) appendList(dst []byte, set *policies.CodeSet, sep string) []byte {
	for n, i := 0, set.Next(0); i >= 0; n, i = n+1, set.Next(i+1) {
		if n > 0 {
			dst = append(dst, sep...)
		}
		dst = append(dst, p.t.Codes[i].Code.Code...)
	}
	return dst
}
