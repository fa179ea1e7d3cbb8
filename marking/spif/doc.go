// Package spif reads security policies in the XML SPIF format (XMLSPIF schema
// 2.0 and 2.1) and does with them what such a file is for: it says whether a
// label is valid, writes its marking in a language and reads it back, decides
// whether a clearance admits to it, translates it into another policy, and
// rolls labels up.
//
//	p, err := spif.Read(file)
//	l, err := spif.ReadLabel(data)
//	p.Valid(l)                     // nil, or every fault
//	p.Marking(l, "fr")             // "NATO SANS CLASSIFICATION"
//	p.Admits(l, clearance)         // admitted or not, and every reason
//
// It is an engine of its own beside package marking: a policy here is somebody's
// file and no file of ours. It may not decide who gets what: what a clearance admits to is one of
// the things that a decision looks at. It holds no clock: what is valid for a
// time only is judged by [Policy.At].
//
// # What is refused
//
// A policy that is wrong is none: [Read] returns all its faults, with their
// places. What the format does not know is a fault, because it could change
// the meaning of what it does know; what the format itself declares to be
// beside the policy (its extensions element, attributes of other namespaces,
// the source of updates) is listed by [Policy.Notes]. One thing is mended, and
// noted: an end tag that is misspelt, so that it ends no element that is open,
// ends the innermost.
//
// An invalid label, a label of another policy, a classification or category
// that the policy does not know: each is for nobody.
//
// # Categories
//
// A tag set has an object identifier and holds tags; a tag has a type and
// categories, each with a number, its label and certificate value (lacv).
//
//	restrictive   the clearance needs every category of the label
//	permissive    the clearance needs one of the label's categories of the tag
//	informative   (tagType7) says something to people, and nothing to a clearance
//
// Restrictive and permissive tags are bit maps or enumerations; two categories
// of a set that differ in that are two categories.
//
// # Markings
//
//	marking = prefix policy [ separator class ] *( separator tag ) suffix
//	tag     = prefix phrase *( separator phrase ) suffix
//
// Tags stand in the order of the file, and categories in theirs. A phrase is
// the first in the chain of languages ("fr-CA", "fr", none) that applies to a
// page; without one the name stands. The code noNameDisplay hides a name,
// noMarkingDisplay the phrase, suppressClassName the class, and replacePolicy
// puts the phrase in the policy's place: the file's own first, then the
// class's, then that of the first category that has one. Phrases for places
// that are no page (portionMarking, xHeader and the like) are not written.
// Separators that the file does not give are a blank between parts and a slash
// between categories.
//
// # Reading markings
//
// [Policy.Parse] accepts the tags, and the categories in a tag, in any order.
// Of several labels with that marking it returns the one that is at least as
// strict as each of the others; where there is none, the marking is ambiguous
// and a fault that names two. What a policy hides from its markings cannot be
// read from them: [Policy.Hidden] lists it.
//
// # Rolling up
//
// The highest class by hierarchy; restrictive and informative categories of
// all; permissive ones of a tag that all labels which have any of the tag
// share. Where they share none the roll-up would be for nobody, and for
// everybody if it were left out: it is a fault. Published guidance (ADatP-4774.1
// §4.4) leaves such a tag out; that lets in whom a part keeps out.
package spif
