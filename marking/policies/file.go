package policies

// A File is a policy file, format 1. Names in lists of tokens are canonical
// token names ("NOFORN", "SI-G", "RD-SIGMA 14"), "HCS-P *" for "any
// sub-compartment of HCS-P that the file does not name", or "category:NAME"
// for all tokens of a category. Levels are named by their full names.
type File struct {
	Format     int                `json:"format"` // 1
	ID         string             `json:"id"`
	Title      string             `json:"title"`
	Edition    string             `json:"edition"`
	Nation     string             `json:"nation,omitempty"`
	AnyCase    bool               `json:"any_case,omitempty"`
	Line       Line               `json:"line"`
	Profile    string             `json:"profile,omitempty"` // the one that the bare id names
	Profiles   map[string]Profile `json:"profiles,omitempty"`
	Levels     []Level            `json:"levels"`
	Categories []Category         `json:"categories,omitempty"`
	Owners     *Owners            `json:"owners,omitempty"`
	Release    *Release           `json:"release,omitempty"`
	// Unwritten: the nation is not named on release lists, which are for others.
	Unwritten bool   `json:"unwritten,omitempty"`
	Rules     []Rule `json:"rules,omitempty"`
	Rollup    Rollup `json:"rollup"`
	// CodesOf is the id of an embedded policy whose codes come before those of
	// the file; one that the file has too is the file's.
	CodesOf string `json:"codes_of,omitempty"`
	Codes   []Code `json:"codes,omitempty"`
	// NoRelease: marks do not say who may have what they mark, even the lowest.
	NoRelease bool `json:"no_release,omitempty"`
	// Closed: the lowest level is not for everybody either.
	Closed bool `json:"closed,omitempty"`

	// Nodes are the tokens of all categories, in canonical order, with those
	// that stand for names which the file does not list. Read makes them.
	Nodes []Node `json:"-"`

	preferred            string // profile
	levels, codes, nodes map[string]int
}

// A Line is how lines are written.
type Line struct {
	// Category parts the level from what follows, and the categories from one
	// another; Token parts the tokens of a category: "//" and "/". A line
	// without them is of phrases: level and tokens in their words, each category
	// with what it puts before and between its tokens.
	Category string `json:"category,omitempty"`
	Token    string `json:"token,omitempty"`
	// Loose are the profiles in which an empty category, an empty token and a
	// category in two places are read, as written otherwise.
	Loose []string `json:"loose,omitempty"`
	Cites string   `json:"cites"` // the clause on how lines are written
}

// A Profile is what differs between editions that contradict each other.
type Profile struct {
	Title string `json:"title"`
	// Expand are the coalitions that a roll-up may replace by their members;
	// "*" is every one that the table calls decomposable.
	Expand []string `json:"expand,omitempty"`
	// Closes: the rules never refuse the banner of portions that keep them, so
	// that it need not be looked at again.
	Closes bool   `json:"closes,omitempty"`
	Cites  string `json:"cites"`
}

// A Level is a level; the list runs from the lowest up.
type Level struct {
	Name     string   `json:"name"`
	Portion  string   `json:"portion"`
	Also     []string `json:"also,omitempty"`   // other spellings that are read in marks
	Short    []string `json:"short,omitempty"`  // other names, not read in marks
	French   string   `json:"french,omitempty"` // as French lines write it
	Audience string   `json:"audience"`         // originator, nation, community, everyone
	// Owned: only marks that another nation or an organisation owns have it.
	Owned bool `json:"owned,omitempty"`
	// RollsUpAs is the level it counts as in the banner; empty: itself.
	RollsUpAs string `json:"rolls_up_as,omitempty"`
	// Unsaid: the level is not written beside a token of If if there is nothing
	// but tokens of Among.
	Unsaid *Unsaid `json:"unsaid,omitempty"`
}

// An Unsaid says when a level is not written.
type Unsaid struct {
	If    []string `json:"if"`
	Among []string `json:"among"`
	// Sorted: such a line has its tokens from A to Z.
	Sorted bool `json:"sorted,omitempty"`
}

// A Category is a part of the line. Categories are written in the file's
// order, tokens of form "flat" in the order of the file, those of form "tree"
// in the order of the file (order "file") or digits before letters ("name").
type Category struct {
	Name     string   `json:"name"`
	Form     string   `json:"form"` // flat, tree
	Profiles []string `json:"profiles,omitempty"`
	// Before and Between stand before and between the tokens in a line of
	// phrases; blank and blank, if they are not given.
	Before  string `json:"before,omitempty"`
	Between string `json:"between,omitempty"`
	// Within is the first word of levels after which, and not after the level,
	// the tokens are written: "NATO/KFOR SECRET".
	Within string `json:"within,omitempty"`
	// After is the token in whose place, the next, its names are read before all
	// others: names of CUI that are spelt like other controls.
	After string `json:"after,omitempty"`
	// Joins: it stands in one with the category before it, if that is there.
	Joins bool `json:"joins,omitempty"`
	// Lead is written once before the category's first name ("SAR-"), and with
	// LeadEach before each ("SP-").
	Lead     string   `json:"lead,omitempty"`
	LeadEach bool     `json:"lead_each,omitempty"`
	LeadAlso []string `json:"lead_also,omitempty"`
	ReadIn   bool     `json:"read_in,omitempty"` // a person needs to be read in
	Tokens   []Token  `json:"tokens,omitempty"`
	Free     *Free    `json:"free,omitempty"`
	// Caveat: an unmarked portion with a token of it counts as caveated.
	Caveat bool   `json:"caveat,omitempty"`
	Cites  string `json:"cites"` // the clause by which its tokens roll up
}

// A Token is one token, or a node of a tree with its children.
type Token struct {
	Name     string   `json:"name"`
	Portion  string   `json:"portion,omitempty"` // default: Name
	Title    string   `json:"title,omitempty"`
	Also     []string `json:"also,omitempty"`
	Children []Token  `json:"children,omitempty"`
	Free     *Free    `json:"free,omitempty"`
	Profiles []string `json:"profiles,omitempty"`
	// Beside: the names below it are parted by the token separator, and follow
	// it without repeating it: "ACCM-LEMONADE/PARTY FAVORS".
	Beside bool `json:"beside,omitempty"`
	// Written is how banners write it, if that is not the name in upper case.
	Written string `json:"written,omitempty"`
	// French is how French lines write it.
	French string `json:"french,omitempty"`
	// Incomplete: the name has no meaning as a read-in without a child.
	Incomplete bool `json:"incomplete,omitempty"`
	// NeedsChild is the clause by which it may not stand without a child.
	NeedsChild string `json:"needs_child,omitempty"`
	// Last: it is written after all others of its category.
	Last   bool   `json:"last,omitempty"`
	ReadIn bool   `json:"read_in,omitempty"`
	List   *List  `json:"list,omitempty"`
	Role   string `json:"role,omitempty"` // originator (ORCON and its like), no_foreign (NOFORN and its like)
	Cites  string `json:"cites,omitempty"`
	// Ask: whether a person may have it says a list that the mark does not
	// carry: "owner"; "agency" is the same but for the nation's agencies.
	Ask string `json:"ask,omitempty"`
	// Clearance is the level that a person needs, whatever the mark's level.
	Clearance string `json:"clearance,omitempty"`
}

// A Free admits names that the file does not list.
type Free struct {
	Letters bool  `json:"letters,omitempty"`
	Digits  bool  `json:"digits,omitempty"`
	Spaces  bool  `json:"spaces,omitempty"`
	Min     int   `json:"min"`
	Max     int   `json:"max"`
	Free    *Free `json:"free,omitempty"` // what is admitted below it
	// Among are all the names that are admitted; the rest says nothing then.
	Among []string `json:"among,omitempty"`
}

// A List says that a token carries a list of codes.
type List struct {
	Kind string `json:"kind"` // release, display, eyes, source
	// Separator between codes: ", ", " " or "/".
	Separator string   `json:"separator"`
	Only      []string `json:"only,omitempty"` // codes other than these are faults
	// Bare: the token may stand without a list (a concealed source).
	Bare   bool   `json:"bare,omitempty"`
	Empty  Breach `json:"empty"`  // no list
	Alone  Breach `json:"alone"`  // nobody but the nation on it
	Nation Breach `json:"nation"` // the nation missing, or where it must not be
	// Order: in the profiles named, codes out of order are a fault.
	Order         Breach   `json:"order"`
	OrderProfiles []string `json:"order_profiles,omitempty"`
}

// A Breach names a rule, its clause and how to mend a breach.
type Breach struct {
	Rule  string `json:"rule"`
	Cites string `json:"cites"`
	Hint  string `json:"hint"`
}

// An Owners admits marks that others own: "//" and owner before the level.
type Owners struct {
	Concealed string `json:"concealed,omitempty"` // "FGI"
	Joint     string `json:"joint,omitempty"`     // "JOINT"
	// Abroad are the profiles in which marks are read that others own jointly
	// without the nation.
	Abroad        []string       `json:"abroad,omitempty"`
	SourceToken   string         `json:"source_token,omitempty"`
	Organisations []Organisation `json:"organisations,omitempty"`
	Cites         string         `json:"cites"`
}

// An Organisation is an owner with names of its own for its levels.
type Organisation struct {
	Code     string            `json:"code"`
	Banner   map[string]string `json:"banner"`  // level → words
	Portion  map[string]string `json:"portion"` // level → words
	Controls []string          `json:"controls,omitempty"`
	// ReleaseWords is what its banners write for the release list's token.
	ReleaseWords string `json:"release_words,omitempty"`
	// Activity: "NATO KFOR SECRET", "NKFORS".
	Activity       bool   `json:"activity,omitempty"`
	ActivityPrefix string `json:"activity_prefix,omitempty"`
}

// A Release names the tokens that say who else may have it.
type Release struct {
	None     string `json:"none,omitempty"`     // NOFORN
	Official string `json:"official,omitempty"` // RELIDO
	List     string `json:"list"`               // REL TO
	Display  string `json:"display,omitempty"`
	Eyes     string `json:"eyes,omitempty"`
	// Always are the codes that a mark without an eyes list names whether it is
	// written or not: the members of the organisation whose policy it is.
	Always []string `json:"always,omitempty"`
	// Since is the date from which an unmarked portion without caveat counts
	// as Official and not as None.
	Since string            `json:"since,omitempty"`
	Cites map[string]string `json:"cites"` // why: for each of the reasons that package policyfile asks for
}

// A Rule is a rule about one mark. It applies to marks with any token of
// If (all marks if empty), of a level above Above or in On, and is broken when the
// level is none of Levels, when no token of Needs is there, when one of
// Excludes is, or when there is more than one of OneOf.
type Rule struct {
	Rule     string   `json:"rule"`
	Cites    string   `json:"cites"`
	Text     string   `json:"text"`
	Hint     string   `json:"hint,omitempty"`
	Scope    string   `json:"scope,omitempty"`  // document, advice; default: every mark
	Owners   string   `json:"owners,omitempty"` // any, joint, others, organisation; default: marks of the nation and joint ones
	Profiles []string `json:"profiles,omitempty"`
	If       []string `json:"if,omitempty"`
	Above    string   `json:"above,omitempty"`
	On       []string `json:"on,omitempty"` // the levels on which it applies
	Levels   []string `json:"levels,omitempty"`
	Needs    []string `json:"needs,omitempty"`
	Excludes []string `json:"excludes,omitempty"`
	OneOf    []string `json:"one_of,omitempty"`
	Never    bool     `json:"never,omitempty"` // the tokens of If break it by being there
	// Unless are tokens, and Sources codes of named sources, of which none, and
	// one, must be there for the rule to apply.
	Unless  []string `json:"unless,omitempty"`
	Sources []string `json:"sources,omitempty"`
	// Most is how many names of Count's category there may be.
	Most  int    `json:"most,omitempty"`
	Count string `json:"count,omitempty"`
	// Repair says what mends a breach without admitting anybody: "drop" the
	// tokens of If, "add" the first of Needs, "raise" to the lowest of Levels.
	Repair string `json:"repair,omitempty"`
}

// A Rollup says what a banner does with the union of its portions.
type Rollup struct {
	Level   string   `json:"level"`  // clause: the highest level
	Source  string   `json:"source"` // clause: sources of others
	Effects []Effect `json:"effects,omitempty"`
	Checks  []Check  `json:"checks,omitempty"`
}

// A Check is a rule about a declared banner and its portions. It applies when
// all of its conditions hold: some portion has one of If and none has one of
// Unless, some portion is of one of IfLevels, the banner is of a level in On or
// above Above, has one of Banner and none of BannerUnless. It is broken when
// one of its demands is not met. Levels of portions are those as which they
// roll up; a portion that counts as another does counts as having its token.
type Check struct {
	Profiles     []string `json:"profiles,omitempty"`
	Rule         string   `json:"rule"`
	Cites        string   `json:"cites"`
	Text         string   `json:"text"`
	If           []string `json:"if,omitempty"`
	Unless       []string `json:"unless,omitempty"`
	IfLevels     []string `json:"if_levels,omitempty"`
	On           []string `json:"on,omitempty"`
	Above        string   `json:"above,omitempty"`
	Banner       []string `json:"banner,omitempty"`
	BannerUnless []string `json:"banner_unless,omitempty"`

	Never bool     `json:"never,omitempty"` // the conditions are the breach
	Needs []string `json:"needs,omitempty"` // the banner must have one of these
	Each  []string `json:"each,omitempty"`  // those of these that portions have, the banner must have
	Only  []string `json:"only,omitempty"`  // those of these that the banner has, some portion must have
	// Every portion must have one of these, but unclassified ones that have
	// none of Involved.
	Every    []string `json:"every,omitempty"`
	Involved []string `json:"involved,omitempty"`
	Levels   []string `json:"levels,omitempty"` // some portion must be of one of these
	// List: the banner's list must be the codes common to the portions
	// (release, display); it must conceal what a portion conceals (concealed);
	// it must name those of Sources that a portion names as its source and no
	// portion has as its owner (sources).
	List    string   `json:"list,omitempty"`
	Sources []string `json:"sources,omitempty"`
}

// An Effect drops and adds tokens of the union when one of If is in it,
// and either the level is above Above or one of Beside is in it too (always,
// when neither is given). Effects apply in the file's order.
type Effect struct {
	Profiles []string `json:"profiles,omitempty"`
	Rule     string   `json:"rule"`
	Cites    string   `json:"cites"`
	If       []string `json:"if"`
	Above    string   `json:"above,omitempty"`
	Beside   []string `json:"beside,omitempty"`
	Drop     []string `json:"drop,omitempty"`
	Add      []string `json:"add,omitempty"`
	// Move, if given, is what names that the file does not list begin with, and
	// what they begin with instead.
	Move []string `json:"move,omitempty"`
}

// A Code is a nation or, with Group set, an organisation or coalition.
type Code struct {
	Code string `json:"code"`
	Name string `json:"name"`
	// Word is what lines write for the code; default: the code.
	Word  string `json:"word,omitempty"`
	Group bool   `json:"group,omitempty"`
	// Members of a group, as codes; empty if no list of nations is published.
	Members []string `json:"members,omitempty"`
	// Decomposable: the registry lets the code be replaced by its members.
	Decomposable bool   `json:"decomposable,omitempty"`
	Deprecated   string `json:"deprecated,omitempty"` // date, YYYY-MM-DD
}
