// Package release is the decision point: may this party have this portion, by
// virtue of what, and if not, who could allow it?
//
// A decision is a pure function of statements, a request and an instant.
// [NewFacts] reads the statements, [Decide] asks the six rules below about
// every portion of a report and about every approved tear-line wording, and
// the [Decision] that it returns says what came of it and why. Nothing else
// makes a Decision, so whoever holds one has asked the rules. Anyone who holds
// the statements gets the same answer, years later, offline.
//
// The package may not do I/O, read a clock, keep state between calls, verify
// signatures (package ledger does) or know what a portion says: filings carry
// no text. It never lowers a marking and never turns a discretion into a
// consent. Explanations are for the holder's own officers; what a recipient
// may be told is not decided here.
//
// # The rules
//
// Let h be the holder, r the recipient, t the instant of the request, p the
// portion decided, and q run over the lineage of p, p included; o is the
// originator of q. All six rules are asked, whatever the others said.
//
//	marking      on p alone. Content if p is open; or its release list names
//	             r; or it has no release list and r is of the originator's own
//	             nation; or it is NOFORN and r is of the policy's own nation.
//	             Else NOFORN denies. Else content if the originator of p has
//	             agreed; else refers to it, be it the holder's own disclosure
//	             officer.
//	clearance    on p alone. Content if p is open, or no agreement between h
//	             and r is in force, or one of those in force covers p: its
//	             ceiling reaches p's level, its categories, if it has any, are
//	             all that p is compartmented in, and its purposes, if it has
//	             any, have the request's; otherwise denies. If the request
//	             names a person, that person must also be cleared to p's level
//	             and read into its compartments; otherwise denies.
//	originator   on each q whose o is neither h nor r. Content if q is open; or
//	             q's release list names r and q is not ORCON; or an agreement
//	             between o and h lets pass on freely and q is not ORCON; or o
//	             has agreed. Otherwise refers to o.
//	third party  on each q whose o is neither h nor r. Content if q is open; or
//	             no agreement between o and h in force says never; or o gave a
//	             particular consent. Otherwise denies.
//	exclusion    on each q whose o is not r, open or not. Content if o has no
//	             exclusion in force on r itself, nor (where it says ties) on a
//	             party to which o holds r tied, by a tie of the degree that it
//	             cares about or of none that was said; or o gave a particular consent
//	             after it. Otherwise denies.
//	conditions   on each q. Content if no embargo runs on its report, and the
//	             request names a mode of passing on; and, if o is neither h nor
//	             r and q is not open, if no agreement between o and h is in
//	             force, or one of them is for the request's purpose, or o gave
//	             a particular consent. Otherwise denies.
//
// All content is Release. Any denial is Deny. What is left is Refer, to all
// those named. A tear-line wording is decided as a portion of its own: its own
// marking, its portion's originator and sources; it does not rest on the
// portion.
//
// # The words
//
// Open: at its policy's lowest level without any control, or declassified to
// that by its originator. The marking in force, in every rule, is the filed
// one or that of the newest declassification by the originator in force at t.
// A filing with a date of declassification is one of the report's originator's
// own portions and tear-line wordings in it that were not filed as open, said at
// the date's first instant in UTC.
//
// A list names r if it has r's own code, that of a nation of r, or that of a
// coalition of which r is a member at t. Membership is not inherited.
//
// Of one nation: the codes of two parties, each its own and its nations',
// have one in common. Where a policy does not go by nations (TLP), a mark
// without a list admits its originator; shared within a community, also
// whoever shares a coalition with the originator, which counts as a list that
// names r in the rule on originators, too.
//
// Agreed: a particular consent or a standing one. A particular consent is one
// consent of o in force at t, whose recipient is r, that names p itself or all
// portions of o on which p rests (p included if it is o's). One whose
// conditions do not fit the request is not in force for it: orally-only fits
// oral, view-only visual and oral, purpose=X, unit=X and person=X a request for
// that purpose, unit and person, copies=N one before which h had said fewer than
// N disclosures that rest on the consent, and tear-line-only tear-line wordings:
// such a consent names those of the portions that it names. Nor does one of
// h's that was given by the officer who asks. A standing
// consent is o's, in an agreement in force to which h and o are parties, whose
// list names r and whose level, read under q's policy, is not below q's. It,
// and an agreement that lets pass on freely, count for the purposes that they
// name, for any if they name none.
//
// A level is read under a policy as the policy's own of that name; else, in an
// agreement, as a level of the policy that it holds equal to one of that name;
// else by the common table of package equivalence.
//
// In force: said by t, within its term at t, not revoked by t by whoever said
// it. Two things hold before they were said as well, as nothing could be asked
// of that time otherwise: filings, and the first record of a party. A revocation is final. An agreement is also ended by a later one of the
// same name from the same party or between the same parties, and a party
// record by a later one; ending the later does not bring the earlier back.
//
// # Whose word counts
//
// Filings and discretions: the holder's; a discretion not for the officer who
// gave it. Declassifications, consents and discretions of the holder: if it had
// a delegation in force when they were said, only over portions over which
// their authority had the power, alone or with the second ([Authorities]).
// Other parties' delegations are their own business: their signed word binds
// them. Party records: the holder's, or if it
// has said none, those of the one party that has. Consents, declassifications,
// exclusions and ties: the originator's, for its own material only. An
// agreement's ceiling: the holder's statement; where there is none in force,
// the recipient's own. Its onward rule and standing consents: the originator's
// own statement, or the holder's record of what was agreed. Embargoes: the
// holder, the report's originator, and the originators of the portions in it.
// What others say is not a fault and has no effect.
//
// # The basis
//
// The basis of a release is the strongest that any rule needed, a rule needing
// the weakest of what satisfies it: marking, agreement, declassification,
// standing consent, consent. A marking in force by declassification counts as
// declassification.
//
// # What lifts it
//
// The forms in [Reason].LiftedBy are stable:
//
//	consent of GBR
//	declassification by GBR
//	exclusion ended by GBR
//	agreement between USA and FRA
//	embargo ends 2026-03-01T00:00:00Z
//	embargo ended by GBR
//	clearance of the person to SECRET
//	read-in of the person to SI
//	mode named: document, visual or oral
//	purpose air safety
//	discretion of an authority
package release
