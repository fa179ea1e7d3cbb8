// Package policyfile reads policy files of one's own: what is embedded in
// package policies was read by it in a test, and is not read by it again. It
// says all that is wrong in a file at once, each with its place, so that a
// policy that is made from a file holds what it promises: every name in it is
// the name of something in it, and nothing exceeds the bounds. It may not read
// marks, nor files: it gets their bytes.
package policyfile

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tearline/marking"
	"tearline/marking/internal/nearest"
	"tearline/marking/policies"
)

const (
	upper  = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	lower  = "abcdefghijklmnopqrstuvwxyz"
	digits = "0123456789"

	maxName  = 32
	maxAmong = 512
)

// checkLists are the values of Check.List.
var checkLists = []string{"", "release", "display", "concealed", "sources"}

// reasons are what a file's release section cites its clauses for.
var reasons = []string{"none", "official", "list", "display", "empty", "mixed", "unmarked", "foreign"}

// A checker collects what is wrong in a file.
type checker struct {
	f      *policies.File
	words  map[string]string // spelling → canonical name, of whole items
	faults []policies.Fault
}

func (c *checker) fault(rule, format string, args ...any) {
	if len(c.faults) < marking.MaxFaults {
		c.faults = append(c.faults, policies.Fault{Rule: "policy." + rule, Text: fmt.Sprintf(format, args...)})
	}
}

// check notes a fault unless it is so.
func (c *checker) check(so bool, rule, format string, args ...any) {
	if !so {
		c.fault(rule, format, args...)
	}
}

// only reports whether s has at least one byte and at most maxName, all in set.
func only(s, set string) bool {
	return s != "" && len(s) <= maxName && !strings.ContainsFunc(s, func(r rune) bool { return !strings.ContainsRune(set, r) })
}

// word reports whether s can be a word of marks: no separator in it, no blank
// at its ends or two in a row.
func word(s string) bool {
	for _, r := range s {
		if !strings.ContainsRune(upper+digits+" -+:_&.'/", r) && (r < utf8.RuneSelf || !unicode.IsUpper(r)) {
			return false
		}
	}
	return s != "" && len(s) <= 96 && utf8.ValidString(s) && !strings.Contains(s, "//") && s == strings.Join(strings.Fields(s), " ")
}

// fits reports whether s can be a word of the file's marks: the separators are
// in none.
func (c *checker) fits(s string) bool {
	l := c.f.Line
	return word(s) && (l.Token == "" || !strings.Contains(s, l.Token)) && (l.Category == "" || !strings.Contains(s, l.Category))
}

func (c *checker) word(rule, at, s string) {
	c.check(s == "" || c.fits(s), rule, "%s: %q cannot be a word of marks", at, s)
}

func (c *checker) file() {
	f := c.f
	c.words = map[string]string{}
	c.bound("levels", len(f.Levels), policies.MaxLevels)
	c.bound("categories", len(f.Categories), policies.MaxCategories)
	c.bound("tokens", len(f.Nodes), policies.MaxTokens)
	c.bound("rules", len(f.Rules), policies.MaxRules)
	c.bound("rollup.effects", len(f.Rollup.Effects), policies.MaxEffects)
	c.bound("codes", len(f.Codes), policies.MaxCodes)
	c.check(len(f.Levels) > 0, "bounds", "levels: a policy has at least one")
	if len(c.faults) > 0 {
		return // the rest would be about what is too much
	}
	c.check(f.Format == 1, "format", "format: %d is not read; this is format 1", f.Format)
	c.check(only(f.ID, lower+digits+"-"), "id", "id: %q: want up to 32 lower-case letters, digits and hyphens", f.ID)
	c.check(f.Title != "" && f.Edition != "", "title", "title, edition: both are needed")
	c.levels()
	c.codes()
	c.profiles()
	c.line()
	for i, x := range f.Categories {
		c.category(fmt.Sprintf("categories[%d]", i), x)
	}
	for i := range f.Nodes {
		c.node(&f.Nodes[i])
	}
	c.owners()
	c.release()
	c.rules()
	c.rollup()
	c.checks()
}

func (c *checker) bound(what string, n, limit int) {
	c.check(n <= limit, "bounds", "%s: %d of them; the most is %d", what, n, limit)
}

func (c *checker) profiles() {
	f := c.f
	if len(f.Profiles) == 0 {
		c.check(f.Profile == "", "profile", "profile: %q is no profile of the file", f.Profile)
		return
	}
	_, ok := f.Profiles[f.Profile]
	c.check(ok, "profile", "profile: %q is no profile of the file", f.Profile)
	for name, p := range f.Profiles {
		c.check(only(name, lower+digits+"-"), "profile", "profiles: %q: want up to 32 lower-case letters, digits and hyphens", name)
		for _, code := range p.Expand {
			i := f.Code(code)
			c.check(code == "*" && len(p.Expand) == 1 || i >= 0 && len(f.Codes[i].Members) > 0,
				"profiles", "profiles.%s.expand: %q is no group with members", name, code)
		}
	}
}

// line looks at how lines are written, and at what is only for lines of
// phrases or only for others.
func (c *checker) line() {
	l := c.f.Line
	c.check(l.Cites != "", "line", "line.cites: the clause on how lines are written is missing")
	c.check((l.Category == "") == (l.Token == ""), "line", "line: want both separators, or none for a line of phrases")
	c.check(len(l.Category) <= 8 && len(l.Token) <= 8 && !strings.ContainsAny(l.Category+l.Token, upper+lower+digits+" ()"), "line",
		"line: %q, %q: separators have neither letters, digits, blanks nor parentheses, and up to 8 bytes", l.Category, l.Token)
	c.check(l.Token == "" || l.Category != l.Token && !strings.Contains(l.Token, l.Category), "line", "line: %q would be read as %q", l.Token, l.Category)
	c.check(l.Category != "" || c.f.Owners == nil, "line", "owners: a line of phrases has none")
	within := 0
	for i, x := range c.f.Categories {
		c.place(fmt.Sprintf("categories[%d]", i), i, &x)
		if x.Within != "" {
			within++
		}
	}
	c.check(within <= 1, "line", "categories: more than one stands within levels")
}

// place looks at how a category stands in lines.
func (c *checker) place(at string, i int, x *policies.Category) {
	phrases := c.f.Line.Category == ""
	c.check(phrases || x.Before+x.Between+x.Within == "", "line", "%s: before, between and within are for a line of phrases", at)
	c.check(!phrases || x.Form == "flat" && x.Free == nil && !x.Joins, "line", "%s: a line of phrases has neither trees, free names nor joined categories", at)
	c.check(x.Within == "" || word(x.Within) && x.Before != "", "line", "%s: within %q: want a word, and what stands before the tokens", at, x.Within)
	c.check(!x.LeadEach || x.Lead != "", "line", "%s: lead_each needs a lead", at)
	if x.After != "" {
		c.token(at+".after", x.After)
	}
	c.check(!x.Joins || i > 0, "line", "%s: there is no category before it to join", at)
	for _, s := range []string{x.Before, x.Between} {
		c.check(s == "" || len(s) <= 8 && strings.Trim(s, " ,/-") == "", "line", "%s: %q: want blanks, commas, slashes and hyphens", at, s)
	}
}

func (c *checker) levels() {
	f := c.f
	spelt := map[string]int{}
	for i, l := range f.Levels {
		at := fmt.Sprintf("levels[%d]", i)
		c.check(slices.Contains(policies.Audiences, l.Audience), "levels", "%s: audience %q: want one of %s", at, l.Audience, strings.Join(policies.Audiences, ", "))
		c.check(l.RollsUpAs == "" || f.Level(l.RollsUpAs) >= i, "levels", "%s: rolls_up_as %q: want a level that is not below it", at, l.RollsUpAs)
		for _, w := range l.Spellings(true) {
			c.check(c.fits(w), "levels", "%s: %q cannot be a word of marks", at, w)
			other, ok := spelt[w]
			c.check(!ok || other == i, "levels", "%s: %q is another level's too", at, w)
			spelt[w] = i
		}
	}
	for i, l := range f.Levels {
		c.word("levels", fmt.Sprintf("levels[%d].french", i), l.French)
		if l.Unsaid != nil {
			c.tokens(fmt.Sprintf("levels[%d].unsaid", i), append(slices.Clone(l.Unsaid.If), l.Unsaid.Among...))
		}
	}
	c.check(!f.Levels[0].Owned, "levels", "levels[0]: the lowest level must be the nation's own")
}

func (c *checker) codes() {
	f := c.f
	for i, x := range f.Codes {
		c.check(only(x.Code, upper+digits+"_-") && len(x.Code) > 1, "codes",
			"codes[%d]: %q: want 2 to 32 upper-case letters, digits, hyphens", i, x.Code)
		c.word("codes", fmt.Sprintf("codes[%d].word", i), x.Word)
		c.check(f.Code(x.Code) == i, "codes", "codes[%d]: %q is listed twice", i, x.Code)
	}
	for i, x := range f.Codes {
		for _, m := range x.Members {
			j := f.Code(m)
			c.check(j >= 0 && x.Group && !f.Codes[j].Group, "codes", "codes[%d]: member %q: want the code of a nation, in a group", i, m)
		}
	}
	c.check(f.Nation == "" || f.Code(f.Nation) >= 0, "codes", "nation: %q is not among the codes", f.Nation)
}

func (c *checker) category(at string, x policies.Category) {
	c.check(only(x.Name, lower+"_"), "categories", "%s: name %q: want lower-case letters and underscores", at, x.Name)
	c.check(x.Form == "flat" || x.Form == "tree", "categories", "%s: form %q: want flat or tree", at, x.Form)
	c.check(x.Cites != "", "categories", "%s: the clause by which it rolls up is missing", at)
	c.check(x.Form == "tree" || (x.Lead == "" || x.LeadEach) && (x.Free == nil || x.Free.Free == nil), "categories", "%s: a flat category has no lead but one for each, and no names below others", at)
	for _, w := range append([]string{x.Lead}, x.LeadAlso...) {
		c.word("categories", at, w)
	}
	c.free(at, x.Free, 0)
}

func (c *checker) free(at string, x *policies.Free, depth int) {
	if x == nil {
		return
	}
	c.check(len(x.Among) > 0 || x.Min >= 1 && x.Max >= x.Min && x.Max <= 64 && (x.Letters || x.Digits), "free",
		"%s.free: want letters or digits, and 1 ≤ min ≤ max ≤ 64, or names among which", at)
	c.check(len(x.Among) <= maxAmong, "bounds", "%s.free.among: more than %d", at, maxAmong)
	for _, w := range x.Among {
		c.check(only(w, upper+digits+"_-"), "free", "%s.free.among: %q: want up to 32 upper-case letters, digits, underscores and hyphens", at, w)
	}
	c.check(depth < policies.MaxDepth && (depth == 0 || !x.Spaces), "free", "%s.free: names nest too deep, or have blanks below the top", at)
	if depth < policies.MaxDepth {
		c.free(at+".free", x.Free, depth+1)
	}
}

func (c *checker) node(n *policies.Node) {
	if n.Hidden {
		return
	}
	at := "token " + n.Canonical
	tree := c.f.Categories[n.Category].Form == "tree"
	c.check(c.fits(n.Name), "tokens", "%s: %q cannot be a word of marks", at, n.Name)
	c.word("tokens", at, n.French)
	c.check(n.Written == "" || strings.ToUpper(n.Written) == n.Name, "tokens", "%s: it is written %q, which is another word", at, n.Written)
	c.check(!n.Beside || n.Depth == 0 && n.Free != nil && len(n.Children) == 0, "tokens", "%s: beside is for a token of the top with free names only below it", at)
	c.check(n.Depth < policies.MaxDepth, "tokens", "%s: names nest more than %d deep", at, policies.MaxDepth)
	c.check(!tree || !strings.Contains(n.Name, "-") && (n.Depth == 0 || !strings.Contains(n.Name, " ")), "tokens",
		"%s: hyphens and blanks are what joins the names of a tree", at)
	c.check(!tree || n.List == nil, "tokens", "%s: a tree's token has no list", at)
	c.check(tree || len(n.Children) == 0 && n.Free == nil, "tokens", "%s: a flat category's token has no children", at)
	c.check(slices.Contains([]string{"", "originator", "no_foreign"}, n.Role), "tokens", "%s: role %q: want originator, no_foreign or none", at, n.Role)
	c.check(&c.f.Nodes[c.f.Node(n.Canonical)] == n, "tokens", "%s is there twice", at)
	c.spellings(at, n)
	if !n.Beside { // its names may have blanks in them, for nothing is below them
		c.free(at, n.Free, n.Depth+1)
	} else {
		c.free(at, n.Free, 0)
	}
	c.check(slices.Contains([]string{"", "owner", "agency"}, n.Ask), "tokens", "%s: ask %q: want owner, agency or none", at, n.Ask)
	if n.Clearance != "" {
		c.level(at, n.Clearance)
	}
	if n.List != nil {
		c.list(at+".list", n.List)
	}
}

// spellings looks at the ways to write a token: no two at the top are written
// alike.
func (c *checker) spellings(at string, n *policies.Node) {
	for _, w := range n.Spellings() {
		c.word("tokens", at, w)
		if n.Parent >= 0 {
			continue
		}
		other, ok := c.words[w]
		c.check(!ok || other == n.Canonical, "tokens", "%s is spelt like %s: %q", at, other, w)
		c.words[w] = n.Canonical
	}
}

func (c *checker) list(at string, l *policies.List) {
	c.check(slices.Contains([]string{"release", "display", "eyes", "source"}, l.Kind), "lists",
		"%s: kind %q: want release, display, eyes or source", at, l.Kind)
	c.check(l.Separator != "" && strings.Trim(l.Separator, ", /") == "", "lists", "%s: separator %q: want a comma, a blank or a slash", at, l.Separator)
	c.check(len(c.f.Codes) > 0, "lists", "%s: a policy without codes has no lists", at)
	for _, code := range l.Only {
		c.check(c.f.Code(code) >= 0, "lists", "%s.only: %q is not among the codes", at, code)
	}
	c.check(c.f.Release != nil || l.Kind == "source", "release", "%s: the file has no release section", at)
}

func (c *checker) owners() {
	o := c.f.Owners
	if o == nil {
		return
	}
	c.word("owners", "owners", o.Concealed)
	c.word("owners", "owners", o.Joint)
	if o.SourceToken != "" {
		i := c.token("owners.source_token", o.SourceToken)
		c.check(i < 0 || c.f.Nodes[i].List != nil && c.f.Nodes[i].List.Kind == "source", "owners", "owners.source_token: %q carries no list of sources", o.SourceToken)
	}
	c.check(o.Joint == "" || c.f.Nation != "", "owners", "owners.joint: a policy without a nation cannot own jointly")
	c.check(c.f.Rollup.Source != "", "rollup", "rollup.source: the clause is missing")
	for i, g := range o.Organisations {
		at := fmt.Sprintf("owners.organisations[%d]", i)
		c.check(c.f.Code(g.Code) >= 0 && g.Code != c.f.Nation, "owners", "%s: code %q is not among the codes of others", at, g.Code)
		c.tokens(at+".controls", g.Controls)
		c.check(!g.Activity || g.ActivityPrefix != "" && word(g.ActivityPrefix), "owners", "%s: activity needs an activity_prefix", at)
		c.word("owners", at, g.ReleaseWords)
		for _, names := range []map[string]string{g.Banner, g.Portion} {
			for level, w := range names {
				c.level(at, level)
				c.check(word(w), "owners", "%s: %q cannot be a word of marks", at, w)
				c.check(g.Banner[level] != "" && g.Portion[level] != "", "owners", "%s: %s: want the words of banner and portion both", at, level)
			}
		}
	}
}

func (c *checker) level(at, name string) {
	c.check(c.f.Level(name) >= 0, "reference", "%s: %q is no level", at, name)
}

func (c *checker) token(at, name string) int {
	i := c.f.Node(name)
	if i < 0 {
		hint := ""
		if n := nearest.To(name, c.f.Names()); n != "" {
			hint = fmt.Sprintf("; did you mean %q?", n)
		}
		c.fault("reference", "%s: %q is no token%s", at, name, hint)
	}
	return i
}

// tokens looks at a list of tokens and categories.
func (c *checker) tokens(at string, names []string) {
	for _, name := range names {
		if cat, ok := strings.CutPrefix(name, "category:"); ok {
			known := slices.ContainsFunc(c.f.Categories, func(x policies.Category) bool { return x.Name == cat })
			c.check(known, "reference", "%s: %q is no category", at, cat)
			continue
		}
		c.token(at, name)
	}
}

func (c *checker) release() {
	r := c.f.Release
	if r == nil {
		return
	}
	c.check(r.List+r.Eyes+r.None != "", "release", "release.list: missing, and eyes and none too")
	for _, x := range []struct{ at, name, kind string }{
		{"none", r.None, ""},
		{"official", r.Official, ""},
		{"list", r.List, "release"},
		{"display", r.Display, "display"},
		{"eyes", r.Eyes, "eyes"},
	} {
		if x.name == "" {
			continue
		}
		if i := c.token("release."+x.at, x.name); i >= 0 {
			kind := ""
			if l := c.f.Nodes[i].List; l != nil {
				kind = l.Kind
			}
			c.check(kind == x.kind, "release", "release.%s: %q has not the kind of list that it should", x.at, x.name)
		}
	}
	for _, code := range r.Always {
		c.check(c.f.Code(code) >= 0, "release", "release.always: %q is not among the codes", code)
	}
	for _, why := range reasons {
		c.check(r.Cites[why] != "", "release", "release.cites: %q is missing", why)
	}
}

func (c *checker) rules() {
	for i, r := range c.f.Rules {
		at := fmt.Sprintf("rules[%d]", i)
		c.check(slices.Contains([]string{"", "drop", "add", "raise"}, r.Repair), "rules", "%s: repair %q: want drop, add, raise or none", at, r.Repair)
		c.check(r.Repair != "add" || len(r.Needs) > 0, "rules", "%s: repair adds the first of needs, and there is none", at)
		c.check((r.Most > 0) == (r.Count != ""), "rules", "%s: most and count go together", at)
		c.check(r.Count == "" || slices.ContainsFunc(c.f.Categories, func(x policies.Category) bool { return x.Name == r.Count }), "reference", "%s.count: %q is no category", at, r.Count)
		c.tokens(at, r.Unless)
		for _, code := range r.Sources {
			c.check(c.f.Code(code) >= 0, "reference", "%s.sources: %q is not among the codes", at, code)
		}
		c.check(r.Rule != "" && r.Cites != "" && r.Text != "", "rules", "%s: rule, cites and text are all needed", at)
		c.check(slices.Contains([]string{"", "document", "advice", "alone"}, r.Scope), "rules", "%s: scope %q: want document, advice, alone or none", at, r.Scope)
		c.check(slices.Contains([]string{"", "any", "joint", "others", "organisation"}, r.Owners), "rules", "%s: owners %q: want any, joint, others, organisation or none", at, r.Owners)
		for _, names := range [][]string{r.If, r.Needs, r.Excludes, r.OneOf} {
			c.tokens(at, names)
		}
		for _, name := range append(slices.Clone(r.On), r.Levels...) {
			c.level(at, name)
		}
		if r.Above != "" {
			c.level(at, r.Above)
		}
	}
}

func (c *checker) rollup() {
	c.check(c.f.Rollup.Level != "", "rollup", "rollup.level: the clause is missing")
	for i, e := range c.f.Rollup.Effects {
		at := fmt.Sprintf("rollup.effects[%d]", i)
		c.check(e.Rule != "" && e.Cites != "", "rollup", "%s: rule and cites are both needed", at)
		c.check(len(e.If) > 0 && len(e.Drop)+len(e.Add) > 0, "rollup", "%s: it says not when, or not what", at)
		for _, names := range [][]string{e.If, e.Beside, e.Drop, e.Add} {
			c.tokens(at, names)
		}
		for _, j := range c.f.Select(e.Add) {
			c.check(c.f.Nodes[j].List == nil, "rollup", "%s: a token with a list cannot be added", at)
		}
		c.check(len(e.Move) == 0 || len(e.Move) == 2 && e.Move[0] != "" && e.Move[1] != "", "rollup", "%s: move: want what names begin with, and with what instead", at)
		if e.Above != "" {
			c.level(at, e.Above)
		}
	}
}

func (c *checker) checks() {
	c.check(len(c.f.Rollup.Checks) <= policies.MaxRules, "size", "rollup.checks: more than %d", policies.MaxRules)
	for i, k := range c.f.Rollup.Checks {
		at := fmt.Sprintf("rollup.checks[%d]", i)
		c.check(k.Rule != "" && k.Cites != "" && k.Text != "", "rollup", "%s: rule, cites and text are all needed", at)
		c.check(slices.Contains(checkLists, k.List), "rollup", "%s: list %q: want one of %q", at, k.List, checkLists[1:])
		c.check(k.Never || k.List != "" || len(k.Needs)+len(k.Each)+len(k.Only)+len(k.Every)+len(k.Levels) > 0, "rollup", "%s: it says not what", at)
		c.check(k.List == "" || k.List == "sources" || k.List == "concealed" || c.f.Release != nil, "rollup", "%s: the file has no release section", at)
		for _, names := range [][]string{k.If, k.Unless, k.Banner, k.BannerUnless, k.Needs, k.Each, k.Only, k.Every, k.Involved} {
			c.tokens(at, names)
		}
		for _, name := range slices.Concat(k.IfLevels, k.On, k.Levels) {
			c.level(at, name)
		}
		if k.Above != "" {
			c.level(at, k.Above)
		}
		for _, code := range k.Sources {
			c.check(c.f.Code(code) >= 0, "reference", "%s.sources: %q is not among the codes", at, code)
		}
	}
}
