// Package misp reads markings from the tags of MISP events, attributes and
// objects, and writes them as tags: machine tags of the taxonomies tlp, PAP,
// nato, de-vs, fr-classif, dni-ism and acs-marking.
//
//	s, err := misp.Read([]string{"tlp:amber", `misp-galaxy:country="atlantis"`})
//	marks, err := s.Markings()           // "tlp": TLP:AMBER
//	tags, err := misp.FromMarking(m)     // tlp:amber
//
// A machine tag is, by this grammar and to the letter:
//
//	tag       = namespace ":" predicate [ "=" DQUOTE value DQUOTE ]
//	namespace = 1*( any character but ":" "=" DQUOTE and control characters )
//	predicate = 1*( any character but "=" DQUOTE and control characters )
//	value     = 1*( any character but DQUOTE and control characters )
//
// Namespace and predicate neither begin nor end with a blank. Tags that are no
// machine tags, and those of other taxonomies, are kept as they came and say
// nothing of markings.
//
// The package is pure: no clock, no store, no network. It may not decide who
// gets what, and it carries no marking of its own: policies are those of
// package marking, looked up by id when they are needed ("tlp", "pap", "nato",
// "de", "fr", "us"). A tag of a policy that is not there is a fault.
//
// Everything fails closed: the tags of one object are one mark, so a tag of a
// marking taxonomy that is not known to the letter, that contradicts another,
// or that a policy refuses, leaves no marking at all. The same is so of
// taxonomies that restrict sharing and are not understood here (ais-marking,
// iep and its like, data-classification). No tag but a known one ever grants
// anything.
//
// # What tags cannot say
//
// REL and DISPLAYONLY of dni-ism have no list of countries, so they say
// nothing that could be acted on and are faults; [FromMarking] has a fault for
// marks with lists, owners, foreign government information and special access
// programmes. classification:all leaves open whose classification it is, and
// is a fault. Notices are faults, unless the control that they are about is
// there. privilege_action of acs-marking does not say whether the action is
// permitted or denied; entity, shareability and most determinations limit more
// than a mark of the us policy can say. de-vs has no tag for OFFEN, and no
// code words beside an example.
//
// tlp:ex:chr is no level: it says that the source must not be named, see
// [Set.HideSource]. tlp:unclear is refused.
package misp
