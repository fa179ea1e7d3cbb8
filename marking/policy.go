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
	id, title, edition, nation, profile string

	anyCase bool
	levels  []level
	tokens  []token
	cats    []category
	codes   []code
	groups  codeSet // codes that are groups
	expand  codeSet // groups that a roll-up may replace by their members

	levelWords map[string]int  // in marks
	levelNames map[string]int  // for Level
	words      map[string]word // whole items
	codeIndex  map[string]int
	leads      []lead      // "REL TO", "FGI", "SAR-": longest first
	owned      []ownedWord // "CTS", "NATO SECRET"
	owners     *owners
	release    *release
	rules      []rule
	ruleSets   []ruleSet // by token: the rules about it; last: those about every mark
	effects    []effect
	lowest     Marking
	nationCode int // index, or -1

	// Masks over the tokens.
	originator  tokenSet // ORCON and its like
	releaseMask tokenSet // tokens of foreign disclosure and release
	caveats     tokenSet // tokens that make an unmarked portion caveated
	hidden      tokenSet // "HCS-P *"
	noForeign   tokenSet // NOFORN and its like
	intricate   tokenSet // tokens that roll-up does not simply unite
	needChild   tokenSet // tokens that may not stand alone

	levelCites, sourceCites string
}

type level struct {
	policies.Level
	audience  Audience
	rollsUpAs int
}

// A token is a node of a category; the index is its place in canonical order.
type token struct {
	policies.Node
	name     string // canonical
	portion  string // its own part in portions; in banners it is Name
	children map[string]int
	readIn   bool
	list     *list
	cites    string
	below    tokenSet // the tokens below it
}

type category struct {
	policies.Category
	tree bool
	star int            // the hidden token of a name that the file does not list; -1
	top  map[string]int // spelling → token
	mask tokenSet
}

type listKind uint8

const (
	listRelease listKind = iota + 1
	listDisplay
	listEyes
	listSource
)

var listKinds = map[string]listKind{"release": listRelease, "display": listDisplay, "eyes": listEyes, "source": listSource}

type list struct {
	*policies.List
	kind listKind
	only codeSet
}

type code struct {
	policies.Code
	members codeSet // of a group
	names   []string
	in      codeSet // the code itself and the groups it is a member of
}

type word struct {
	token int
	bare  bool // it needs a list, which is not there
}

// A lead is a word before a list of codes, or before the names of a category.
type lead struct {
	text  string
	token int // of the list, or -1
	cat   int // of the names, or -1
}

// An ownedWord is a whole owner and level: "COSMIC TOP SECRET".
type ownedWord struct {
	text         string
	organisation int
	level        int
}

type owners struct {
	*policies.Owners
	source        int // the token that names sources, or -1
	organisations []organisation
}

type organisation struct {
	policies.Organisation
	code            int
	banner, portion []string // by level; "" where it has none
	controls        []int    // tokens, in the order in which they are written
}

type release struct {
	none, official, list, display, eyes int // tokens, or -1
	since                               string
	cites                               map[string]string // for each of policies.Reasons
}

// A rule is a policies.Rule over bit sets.
type rule struct {
	policies.Rule
	scope                  ruleScope
	owners                 uint8    // bit per ownerKind
	when                   tokenSet // any of; empty: every mark
	on                     levelSet // the levels on which it applies
	levels                 levelSet // the levels that satisfy it
	needs, excludes, oneOf tokenSet
}

type ruleScope uint8

const (
	scopeMark     ruleScope = iota // a mark that breaks it is no mark
	scopeDocument                  // it is for the document, or its users, to see to
	scopeAdvice                    // it is mostly so
)

var scopes = map[string]ruleScope{"": scopeMark, "document": scopeDocument, "advice": scopeAdvice}

// An effect is a policies.Effect over bit sets.
type effect struct {
	policies.Effect
	when, beside, drop, add tokenSet
	above                   int // level, or -1
	unconditional           bool
}

// library reads the embedded policies, once, when one is first asked for.
var library = sync.OnceValue(func() map[string]*Policy {
	all := map[string]*Policy{}
	for name, data := range policies.Embedded() {
		variants, err := loadAll(data)
		if err != nil {
			// TestEmbeddedPolicies fails before such a policy is shipped.
			panic("marking: " + name + ": " + err.Error())
		}
		for _, p := range variants {
			all[p.id] = p
		}
	}
	return all
})

// Lookup returns an embedded policy: "us", "tlp". A policy of several profiles
// has each of them under "ID@PROFILE" ("us@ism-2022"); the bare id is that of
// the profile that the policy's file prefers.
func Lookup(id string) (*Policy, bool) {
	p, ok := library()[id]
	return p, ok
}

// Policies lists the ids of the embedded policies, without profiles, in order.
func Policies() []string {
	ids := slices.Sorted(maps.Keys(library()))
	return slices.DeleteFunc(ids, func(id string) bool { return strings.Contains(id, "@") })
}

// ID returns the policy's id, "us" or "us@ism-2022".
func (p *Policy) ID() string { return p.id }

// Title returns the policy's name, in words.
func (p *Policy) Title() string { return p.title }

// Edition returns the publications that the policy follows.
func (p *Policy) Edition() string { return p.edition }

// Profile returns the profile, "" if the policy has none.
func (p *Policy) Profile() string { return p.profile }

// Nation returns the code of the nation whose policy it is ("USA"), or "".
func (p *Policy) Nation() string { return p.nation }

// Level returns the level of that name, title or abbreviation.
func (p *Policy) Level(name string) (Level, bool) {
	i, ok := p.levelNames[strings.ToUpper(name)]
	if !ok {
		return Level{}, false
	}
	return p.level(i), true
}

// Levels returns the policy's levels, the lowest first.
func (p *Policy) Levels() []Level {
	all := make([]Level, len(p.levels))
	for i := range p.levels {
		all[i] = p.level(i)
	}
	return all
}

func (p *Policy) level(i int) Level {
	return Level{Name: p.levels[i].Name, Rank: i}
}

// Lowest returns the marking of the lowest level, without controls.
func (p *Policy) Lowest() Marking { return p.lowest }

// HasReleaseLists reports whether marks of the policy can name those who may
// have what they mark.
func (p *Policy) HasReleaseLists() bool { return p.release != nil && p.release.list >= 0 }

// KnowsCode reports whether the policy's table has the code of a nation,
// organisation or coalition.
func (p *Policy) KnowsCode(code string) bool {
	_, ok := p.codeIndex[code]
	return ok
}

// Members returns the codes of the nations in an organisation or coalition, in
// canonical order; nil if the code is none, or no list of its members is
// published. The caller must not change the slice.
//
// They are the members at the edition of the table. Who is a member at another
// time is for the caller's own records.
func (p *Policy) Members(code string) []string {
	i, ok := p.codeIndex[code]
	if !ok {
		return nil
	}
	return p.codes[i].names
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
