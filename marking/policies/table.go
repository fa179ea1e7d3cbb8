package policies

// A Table is a policy, compiled. It is immutable once built.
type Table struct {
	ID, Title, Edition, Nation, Profile, ProfileTitle string

	AnyCase   bool
	MixedCase bool // some words are written in lower case
	Line      Line // the separators
	Phrases   bool // it has none
	LooseLine bool // empty categories and tokens, and categories in two places, are read
	NoRelease bool
	Closed    bool
	Inner     int  // the category whose tokens stand within levels, or -1
	Abroad    bool // others may own jointly without the nation
	// Unwritten: the nation is not on its lists.
	Unwritten bool
	// Closes: every banner of right portions is a right mark.
	Closes   bool
	Levels   []BuiltLevel
	Tokens   []BuiltToken
	Cats     []BuiltCategory
	FlatFree []int // the categories without trees that admit names which the file does not list
	Codes    []BuiltCode
	Groups   CodeSet // codes that are groups
	Expand   CodeSet // groups that a roll-up may replace by their members

	LevelWords map[string]int // in marks
	// Of a line of phrases: by their first byte, and of the levels; the longest first.
	PhraseIndex  map[byte][]Phrase
	LevelPhrases []Phrase
	LevelNames   map[string]int  // for Level
	Words        map[string]Word // whole items
	CodeIndex    map[string]int
	Leads        []Lead      // "REL TO", "FGI", "SAR-": longest first
	Owned        []OwnedWord // "CTS", "NATO SECRET"
	Owners       *BuiltOwners
	Release      *BuiltRelease
	Rules        []BuiltRule
	RuleSets     []RuleSet // by token: the rules about it; last: those about every mark
	Effects      []BuiltEffect
	Checks       []BuiltCheck
	NationCode   int  // index, or -1
	EyesAlone    bool // an eyes list may name the nation alone

	// Masks over the tokens.
	Originator  TokenSet // ORCON and its like
	ReleaseMask TokenSet // tokens of foreign disclosure and release
	Caveats     TokenSet // tokens that make an unmarked portion caveated
	Hidden      TokenSet // "HCS-P *"
	NoForeign   TokenSet // NOFORN and its like
	Intricate   TokenSet // tokens that roll-up does not simply unite
	NeedChild   TokenSet // tokens that may not stand alone
	ReadIns     TokenSet // tokens that a person must be read into
	AskOwner    TokenSet // tokens whose owner says who may have it
	AskOthers   TokenSet // tokens whose owner says so but for agencies of the nation
	Cleared     []Cleared

	LevelCites, SourceCites string
}

// A BuiltLevel is a level of a table.
type BuiltLevel struct {
	Level
	MeantFor uint8 // index in Audiences

	As int // the level as which it rolls up
	// The level is not written beside a token of the first with none but
	// tokens of the second.
	UnsaidIf, UnsaidAmong TokenSet
	UnsaidSorted          bool
}

// A BuiltToken is a node of a category; the index is its place in canonical order.
type BuiltToken struct {
	Node
	Full        string // canonical
	Own         string // its own part in portions
	Banner      string // and in banners
	ByName      map[string]int
	NeedsReadIn bool
	Codes       *BuiltList
	Clause      string
	Below       TokenSet // the tokens below it
}

// A BuiltCategory is a category of a table.
type BuiltCategory struct {
	Category
	Tree       bool
	Star       int            // the hidden token of a name that the file does not list; -1
	Top        map[string]int // spelling → token
	Mask       TokenSet
	AfterToken int  // the token right after which its names are read, or -1
	ByFile     bool // its tokens stand in the file's order, also where free names are among them
}

// A ListKind is what the codes of a list are.
type ListKind uint8

// The kinds of lists.
const (
	ListRelease ListKind = iota + 1
	ListDisplay
	ListEyes
	ListSource
)

var listKinds = map[string]ListKind{"release": ListRelease, "display": ListDisplay, "eyes": ListEyes, "source": ListSource}

// A BuiltList is the list that a token carries.
type BuiltList struct {
	*List
	Sort    ListKind
	Among   CodeSet
	Ordered bool // codes out of order are a fault
}

// A BuiltCode is a code of a table.
type BuiltCode struct {
	Code
	Nations CodeSet // of a group
	Names   []string
	In      CodeSet // the code itself and the groups it is a member of
}

// A Word is a whole item of a mark.
type Word struct {
	Token int
	Bare  bool // it needs a list, which is not there
}

// A Cleared is a token that asks for a clearance, whatever the level.
type Cleared struct{ Token, Level int }

// A Lead is a word before a list of codes, or before the names of a category.
type Lead struct {
	Text  string
	Token int // of the list, or -1
	Cat   int // of the names, or -1
}

// An OwnedWord is a whole owner and level: "COSMIC TOP SECRET".
type OwnedWord struct {
	Text         string
	Organisation int
	Level        int
}

// BuiltOwners are the owners whose marks a table admits.
type BuiltOwners struct {
	*Owners
	Source int // the token that names sources, or -1
	Bodies []BuiltOrganisation
}

// A BuiltOrganisation is an owner with names of its own for its levels.
type BuiltOrganisation struct {
	Organisation
	Place                     int
	BannerWords, PortionWords []string // by level; "" where it has none
	ControlTokens             []int    // tokens, in the order in which they are written
}

// A BuiltRelease has the tokens that say who else may have it.
type BuiltRelease struct {
	None, Official, List, Display, Eyes int     // tokens, or -1
	Always                              CodeSet // named by every mark without an eyes list
	Since                               string
	Cites                               map[string]string // for each of Reasons
}

// A BuiltRule is a Rule over bit sets.
type BuiltRule struct {
	Rule
	Kind                             Scope
	OwnedBy                          uint8    // bit per ownerKind
	When                             TokenSet // any of; empty: every mark
	AtLevels                         LevelSet // the levels on which it applies
	RightLevels                      LevelSet // the levels that satisfy it
	NeedsAny, ExcludesAny, AtMostOne TokenSet
	UnlessAny                        TokenSet
	SourceCodes                      CodeSet
	First                            int // the first of Needs, or -1
	CountCat                         int // the category whose names Most counts, or -1
}

// A Scope is what a rule is about.
type Scope uint8

// The scopes of rules.
const (
	ScopeMark     Scope = iota // a mark that breaks it is no mark
	ScopeDocument              // it is for the document, or its users, to see to
	ScopeAdvice                // it is mostly so
	ScopeAlone                 // it is for the document, where the mark has no portions to show
)

var scopes = map[string]Scope{"": ScopeMark, "document": ScopeDocument, "advice": ScopeAdvice, "alone": ScopeAlone}

// A BuiltEffect is an Effect over bit sets.
type BuiltEffect struct {
	Effect
	When, BesideAny, DropSet, AddSet TokenSet
	AboveLevel                       int // level, or -1
	Unconditional                    bool
}

// An OwnerKind is whose mark it is.
type OwnerKind uint8

// The kinds of owners.
const (
	OwnerNation OwnerKind = iota
	OwnerOther
	OwnerConcealed
	OwnerJoint
)

// ownedByOrganisation is the bit of an organisation's own marks, beside those of
// the kinds of owners.
const ownedByOrganisation = 4

// A BuiltCheck is a Check over bit sets.
type BuiltCheck struct {
	Check
	When, Without, WithBanner, WithoutBanner           TokenSet
	WhenLevels, AtLevels, NeedsLevels                  LevelSet // the first and the last 0: not asked
	NeedsAny, EachOf, OnlyOf, EveryAny, InvolvedTokens TokenSet
	SourceCodes                                        CodeSet
	About                                              TokenSet // what it is about: where its fault is, and what it explains
}
