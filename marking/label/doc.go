// Package label reads, checks and writes confidentiality metadata labels
// (STANAG 4774, ADatP-4774 Ed. A) in XML, and converts them to and from labels
// of package spif and marks of package marking.
//
//	l, err := label.Read(data)
//	l.Validate()                      // every fault
//	label.ToSPIF(l, policy)           // by the names of a policy file
//	m, err := label.US().ToMarking(us, l)
//
// It may not decide who gets what, and binds no label to what it is about
// (that is STANAG 4778). It holds no clock: times come in as arguments, and
// [Label.At] says which label is in force.
//
// # What is kept
//
// Everything that is read is written again: attributes and elements that the
// standard does not know are kept in [Extra], elements as XML that stands by
// itself. They may say anything, so they make a label invalid, and what is
// invalid converts to nothing: an unknown element denies. What is not kept are
// comments and blanks between elements, the order of elements where the
// standard fixes it, and prefixes of namespaces outside unknown elements.
//
// # What is written
//
// Elements in the order of the standard's schema, in its namespace, which is
// the default. [Label.XML] and [Read] undo each other.
//
// # Conversions
//
// Names count and not numbers (ADatP-4774.1 §3.10.2): PolicyIdentifier is the
// policy's name, TagName the tag set's, GenericValue the category's. They are
// compared without regard to case (ADatP-4774 §5) and written as the policy
// writes them. A [Mapping] says the same for a policy of package marking, as
// data. What has no equivalent is a fault, and the result is zero. Only what a
// label says now is converted: what is to succeed it is for [Label.At]. What a
// label is about, the data or the metadata themselves, its Kind says: a label
// of KindMetadata is no label of the data.
package label
