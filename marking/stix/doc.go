// Package stix reads and writes the marking definitions of STIX 2.1 and says
// what they mark: the Traffic Light Protocol as STIX 1 to 2.1 build it in, TLP
// 2.0 by its extension, statements, and the markings of the Access Control
// Specification (ACS 3.0) of the United States' Information Sharing
// Architecture.
//
//	d, err := stix.Read(object)          // a marking-definition, kept byte for byte
//	m, err := d.Marking()                // TLP:AMBER, SECRET//NOFORN, or why not
//	marked, err := stix.Apply(o, defs)   // which definitions apply to which parts of o
//	a, ok := d.ACS()
//	a.Permits(subject, stix.Intel)       // and why
//
// The package is pure: no clock, no store, no network, no randomness; ids and
// times come in as arguments. It may not decide who gets what: it says what
// marks say, to package release among others.
//
// Everything fails closed. What is not a marking-definition is not read. What
// is one, and has something in it that this package does not know, is kept and
// written as it came, but grants nothing: [Definition.Marking] is zero, and
// [ACS.Permits], [ACS.Shares] and [ACS.Admits] deny. A reference to a
// definition that is not there is a fault, and so is a selector that selects
// nothing. What is not marked has no marking, however the rest of its object
// is marked.
//
// # What is kept
//
// A [Definition] holds the object as it came, without the blanks between its
// tokens: order, numbers, escapes, and properties and extensions that nobody
// here knows. [Definition.JSON] gives it back. Names that an object has twice
// are refused, because readers differ in which of the two counts.
//
// # TLP
//
// Each level is one published object with one id (STIX 2.1 §7.2.1.4; TLP 2.0
// extension): an object with another id, or a published id with another name
// or level, is a fault. TLP:WHITE is read as TLP:CLEAR. [FromMarking] gives
// the objects of TLP 2.0. The "created" of a fixed object is not compared: it
// says nothing of the level.
//
// # ACS and the us policy
//
// What a mark of the us policy can say of a [ControlSet]: classification, SCI
// controls, FOUO and NF, FISA, LES, and permitted nationalities as REL TO. It
// cannot say determinations about personal data, the programme (AIS) or public
// release, nor entities, organisations, shareability and authority categories:
// they are faults. ACS's PR is no PROPIN: publications of the vocabulary differ in
// what it means. [ControlSet.Marking] is what the control set says alone.
// [Definition.Marking] has a fault, too, where the definition limits what may
// be done with the resource (a default of deny, or a rule that denies): a mark
// would drop that limit. Whoever asks [ACS.Permits] and [ACS.Shares] as well
// can use the control set's mark.
//
// # What is not settled by what was seen
//
// Read were the properties, vocabularies and value definitions that the
// extension's authors published with OASIS and five of their examples. The
// text of the Access Control Specification 3.0a itself, with its rules of
// combination, and its lists of organisations and authority categories, were
// not seen; nor was the text of STIX 2.1 in full: what is said of selectors rests on
// STIX 2.0 part 1 §4.3, which it continues, and on published schemas. So where
// those sources are silent the stricter reading is taken here:
//
//   - a rule's scope is met when each property it has is met, by any of its
//     values; what is unknown about a subject counts as met for rules that
//     deny, as not met for rules that permit;
//   - a rule that denies beats any that permits; no rule means the default of
//     the policy reference; no readable default means deny;
//   - an organisation is met by its own token only. For rules that deny, its
//     parents and children count, and groups (USA.USG, PRIVATESECTOR) whose
//     members nobody published count for everybody;
//   - what the control set asks for besides clearance, nationality,
//     organisation, shareability and entity must be among what the subject is
//     authorised for ([Subject.Authorised]), unless its published
//     definition only describes the content (AIS, PUBREL, the determinations
//     about personal data, FISA, POSSIBLEPII);
//   - permission to do something presupposes that the control set admits the
//     subject.
//
// STIX leaves open how several markings of one object add up (§7.2). Here all
// of them count: [Combine] is the least mark that is as strict as each.
package stix
