package marking

import (
	"maps"
	"slices"
	"strings"
	"sync"

	"tearline/marking/policies"
)

// A Policy is a security policy: levels, categories, rules of grammar, roll-up
// and releasability. It is immutable and safe for concurrent use.
type Policy struct {
	t      policies.Table
	lowest Marking
}

// library has the embedded policies by id; each file is read when it is first
// asked for.
var library = sync.OnceValue(func() map[string]func() map[string]*Policy {
	all := map[string]func() map[string]*Policy{}
	for _, id := range policies.Embedded() {
		all[id] = sync.OnceValue(func() map[string]*Policy { return load(id) })
	}
	return all
})

// load reads an embedded file, and returns its policies by profile, with the
// preferred one under "" too.
func load(id string) map[string]*Policy {
	all := map[string]*Policy{}
	files, _ := policies.Decode(policies.Source(id)) // each was read by a test
	for i, f := range files {
		p := Compile(f)
		all[p.t.Profile] = p
		if i == 0 {
			all[""] = p
		}
	}
	return all
}

// Lookup returns an embedded policy: "us", "nato", "tlp" (see [Policies]). A
// policy of several profiles has each of them under "ID@PROFILE"
// ("us@ism-2022"); the bare id is that of the profile that the policy's file
// prefers.
func Lookup(id string) (*Policy, bool) {
	id, profile, _ := strings.Cut(id, "@")
	variants, ok := library()[id]
	if !ok {
		return nil, false
	}
	p, ok := variants()[profile]
	return p, ok
}

// Policies lists the ids of the embedded policies, without profiles, in order.
func Policies() []string { return policies.Embedded() }

// PolicySource returns the file of an embedded policy, nil if there is none of
// that id: what a file of one's own may look like.
func PolicySource(id string) []byte { return policies.Source(id) }

// Profiles lists the profiles of an embedded policy, the preferred one first;
// nil if it has none.
func Profiles(id string) []string {
	preferred, ok := Lookup(id)
	if !ok || preferred.t.Profile == "" {
		return nil
	}
	out := []string{preferred.t.Profile}
	for _, name := range slices.Sorted(maps.Keys(library()[id]())) {
		if name != "" && name != preferred.t.Profile {
			out = append(out, name)
		}
	}
	return out
}

// ID returns the policy's id, "us" or "us@ism-2022".
func (p *Policy) ID() string { return p.t.ID }

// Title returns the policy's name, in words.
func (p *Policy) Title() string { return p.t.Title }

// Edition returns the publications that the policy follows.
func (p *Policy) Edition() string { return p.t.Edition }

// Profile returns the profile, "" if the policy has none.
func (p *Policy) Profile() string { return p.t.Profile }

// ProfileTitle returns the profile's name in words, "" if the policy has none.
func (p *Policy) ProfileTitle() string { return p.t.ProfileTitle }

// Nation returns the code of the nation whose policy it is ("USA"), or "".
func (p *Policy) Nation() string { return p.t.Nation }

// Level returns the level of that name, title or abbreviation.
func (p *Policy) Level(name string) (Level, bool) {
	i, ok := p.t.LevelNames[strings.ToUpper(name)]
	if !ok {
		return Level{}, false
	}
	return p.level(i), true
}

// Levels returns the policy's levels, the lowest first.
func (p *Policy) Levels() []Level {
	all := make([]Level, len(p.t.Levels))
	for i := range p.t.Levels {
		all[i] = p.level(i)
	}
	return all
}

func (p *Policy) level(i int) Level {
	return Level{Name: p.t.Levels[i].Name, Rank: i}
}

// Lowest returns the marking of the lowest level, without controls.
func (p *Policy) Lowest() Marking { return p.lowest }

// HasReleaseLists reports whether marks of the policy can name those who may
// have what they mark.
func (p *Policy) HasReleaseLists() bool {
	return p.t.Release != nil && (p.t.Release.List >= 0 || p.t.Release.Eyes >= 0)
}

// A Category is a part of lines: "dissem", with the tokens that the policy
// lists in it by their canonical names.
type Category struct {
	Name   string
	Tokens []string
}

// Categories returns the policy's categories, in the order in which lines have
// them.
func (p *Policy) Categories() []Category {
	all := make([]Category, len(p.t.Cats))
	for i := range p.t.Cats {
		all[i].Name = p.t.Cats[i].Name
	}
	for i := range p.t.Tokens {
		if t := &p.t.Tokens[i]; !t.Hidden {
			c := &all[t.Category]
			c.Tokens = append(c.Tokens, p.t.Cats[t.Category].Lead+t.Full)
		}
	}
	return all
}

// Codes returns the codes of the nations, organisations and coalitions that the
// policy's table has, in canonical order, without those that were given up.
func (p *Policy) Codes() (all []string) {
	for i := range p.t.Codes {
		if p.t.Codes[i].Deprecated == "" {
			all = append(all, p.t.Codes[i].Code.Code)
		}
	}
	return all
}

// NumRules returns how many rules about marks the policy has.
func (p *Policy) NumRules() int { return len(p.t.Rules) }

// KnowsCode reports whether the policy's table has the code of a nation,
// organisation or coalition.
func (p *Policy) KnowsCode(code string) bool {
	_, ok := p.t.CodeIndex[code]
	return ok
}

// Members returns the codes of the nations in an organisation or coalition, in
// canonical order; nil if the code is none, or no list of its members is
// published. The caller must not change the slice.
//
// They are the members at the edition of the policies. Who is a member at another
// time is for the caller's own records.
func (p *Policy) Members(code string) []string {
	i, ok := p.t.CodeIndex[code]
	if !ok {
		return nil
	}
	return p.t.Codes[i].Names
}

// A Level is a level of one policy; a higher rank is more sensitive. Ranks of
// different policies cannot be compared.
type Level struct {
	Name string
	Rank int
}

// Audience is who may have what carries no release list.
type Audience uint8

const (
	// AudienceOriginator is the originator's organisation alone (TLP:RED, TLP:AMBER+STRICT, TLP:AMBER).
	AudienceOriginator Audience = iota
	// AudienceNation is parties of the originator's own nation (US marks).
	AudienceNation
	// AudienceCommunity is parties that share a coalition with the originator (TLP:GREEN).
	AudienceCommunity
	// AudienceEveryone is anybody (TLP:CLEAR).
	AudienceEveryone
)

// String returns "originator", "nation", "community" or "everyone".
func (a Audience) String() string {
	if int(a) < len(policies.Audiences) {
		return policies.Audiences[a]
	}
	return policies.Audiences[AudienceOriginator]
}
