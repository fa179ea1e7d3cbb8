// Package marking reads, writes, checks, compares and rolls up security
// markings: the lines at the head of a document and the marks at the head of
// its paragraphs that say who may have what follows.
//
// A [Policy] is a security policy, and is data: its levels, tokens, rules and
// codes are a file of package policies, and each rule in it cites the clause
// that it comes from; what differs between profiles are rows of that file. A [Marking] is a parsed, canonical mark under one policy.
//
//	m, err := marking.Parse("(S//REL TO USA, GBR)")
//	m.Banner()               // "SECRET//REL TO USA, GBR"
//	m.Names("GBR")           // true
//	banner, err := marking.Join(m, other)
//
// The package is pure: no clock, no store, no network, nothing but the
// standard library and its own files. It may not decide who gets what: it knows markings and no
// parties, and a release list is only one of the things that a decision looks
// at. Membership of coalitions is that of the table's edition, for roll-up;
// who is a member today is for the caller's records.
//
// Everything fails closed. A mark with a fault is no marking: the zero
// [Marking] is for nobody, above every level, and not open. Where published
// rules differ, the stricter reading is taken, and the policy's file says so.
//
// # Grammar of the us policy
//
// What is read may have its tokens in any order, in their long, short or
// portion form, with any blanks; what is written is this:
//
//	banner   = us / other / joint                      ; the level in full
//	portion  = "(" banner in portion tokens ")"        ; TS S C U; CTS NS NC NR NU
//	us       = level *( "//" category )
//	other    = "//" ( code SP level / "FGI" SP level / nato ) [ "//" control *( "/" control ) ] *( "//" category )
//	nato     = "COSMIC TOP SECRET" / "NATO" SP level / "NATO" SP activity SP level
//	joint    = "//JOINT" SP level 2*( SP code ) *( "//" category )
//	sci      = system *( "/" system )                  ; 123/SI-G ABCD DEFG-MMM AACD/TK
//	system   = name *( "-" name *( SP name ) )
//	sar      = "SAR-" system *( "/" system )           ; SAR-BP-J12 J54/CD
//	aea      = system *( "/" system )                  ; RD-CNWDI-SIGMA 14 20
//	fgi      = "FGI" *( SP code )                      ; without codes: concealed
//	dissem   = control *( "/" control )                ; ORCON/REL TO USA, GBR
//	non-ic   = control *( "/" control )
//
// Categories stand in the order sci, sar, aea, fgi, cui, dissem, non-ic, each at
// most once. Lists name the nation first, then nations, then coalitions, from
// A to Z. A portion that is "REL" or "JOINT S//REL" has the list of its banner,
// and is read under it by [Policy.ParseUnder]. Systems of sensitive
// compartmented information that no register lists are not read, unless their
// names are numbers, because a mistyped control would otherwise pass for one;
// CUI is read under the profile ism-2022 and dod, for the Manual of 2016 admits
// none.
//
// # Grammar of the other policies
//
// The nato, uk, eu, de, fr, tlp and pap policies have lines of phrases: the
// level in its words, then tokens and lists in theirs, parted by blanks,
// commas, slashes and hyphens, the longest phrase first.
//
//	line     = level *( before phrase )                ; NATO SECRET ATOMAL - STAFF
//	level    = words / word before phrase *words       ; NATO/KFOR CONFIDENTIAL
//	phrase   = token / lead code *( ", " code ) / code *( ", " code ) words
//
// The policy of a company, acme, is an example of a file of one's own.
//
// # Roll-up
//
// [Policy.RollUp] makes the banner of dated portions, [Join] that of two. Both
// are one lattice: the order makes no difference, a banner rolled up again
// with its portions is itself, and it [Marking.Dominates] them. A portion
// without a foreign disclosure and release marking counts by its date and its
// other controls, so that Join, which knows no date, takes the stricter.
//
// # Checking a banner
//
// [Policy.Check] holds a declared banner against its portions. What differs
// from the roll-up is a fault: by the published rule where the policy has one
// among its checks, else by the clause of the roll-up. A rule that the right
// banner breaks too is none that the declared one breaks; what is right and
// written in another order or form is a fault of form.
//
// # Access
//
// [Marking.Access] says what a mark lets a [Recipient] do, by every condition
// that marks carry: may keep, may see, may not, or silent, where somebody else
// has to say. It is the least that a decision has to ask: agreements,
// exclusions and consents are for package release. [Marking.Open] says that a
// mark forbids nothing; Access says what it grants, and a plain unclassified
// mark grants nothing to others. Who may have a banner may have each of its
// portions, and no control lets in anybody new.
//
// # Policy files
//
// A policy file is one JSON object, read by package policyfile:
//
//	format      1
//	id, title, edition, nation, any_case
//	line        category and token, what parts them ("//", "/"; none for a line
//	            of phrases); loose, the profiles that let some forms pass; cites
//	profile     the profile that the bare id stands for; the others are ID@PROFILE
//	profiles    by name: title, cites, and expand, the coalitions that a roll-up
//	            may replace by their members ("*": all decomposable ones); closes,
//	            that no banner of right marks is a wrong one
//	levels      from the lowest: name, portion, also, short, french, audience
//	            (originator, nation, community, everyone), owned, rolls_up_as,
//	            unsaid (beside which tokens the level is not written)
//	closed      the lowest level is not for everybody either
//	no_release  marks say nothing of who may have what they mark
//	unwritten   the nation is not named on its lists
//	categories  in their order: name, form (flat, tree), lead, lead_each, free,
//	            read_in, caveat, joins, after, cites; in a line of phrases before,
//	            between and within; tokens: name, portion, title, also, french,
//	            written, children, free, beside, list, role, read_in, ask,
//	            clearance, needs_child, last, cites
//	owners      how marks of other owners are written
//	release     which tokens say who else may have it; always, whom every mark
//	            names without writing it
//	rules       about one mark: rule, cites, text, hint; if, unless, sources,
//	            above, on say when; levels, needs, excludes, one_of, most, never
//	            say what; repair how to mend it; scope "document", "alone" or
//	            "advice" are for [Marking.Advice]
//	rollup      clauses; effects: what a banner drops, adds and moves; checks:
//	            rules about a declared banner and its portions
//	codes_of    the embedded policy whose codes are its own, too
//	codes       nations, then groups with their members; word, as lines write them
//
// Categories, tokens, rules, effects and checks with profiles are of those
// profiles only. Lists of tokens name them in canonical form, "category:NAME"
// all of a category, "NAME *" any name below NAME that the file does not list.
package marking
