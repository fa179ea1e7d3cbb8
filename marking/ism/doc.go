// Package ism reads and writes the information security markings that ODNI
// defines as attributes (IC-ISM 2021-NOVr2022-NOV), losing nothing, and turns
// them into markings of the us policy and back.
//
//	a, err := ism.Parse(`classification="S" ownerProducer="USA" disseminationControls="NF"`)
//	a.Portion()                  // "(S//NF)"
//	m, err := a.Marking()        // a marking.Marking
//	a, err = ism.FromMarking(m)
//
// [Attributes] hold what was written, known or not, in its order. They may not
// decide what a mark is worth: [Attributes.Marking] writes the mark that they
// stand for and has the policy read it, so that one engine decides validity. An
// attribute or token that nobody knows may be one that forbids something, so it
// is a fault, and the marking is then zero, which is for nobody. Attributes
// that say nothing of access (dates, versions, points of contact, who
// classified it) are kept and have no part in the mark; of the classification
// authority block package authority knows more.
//
// [Attributes.Banner] and [Attributes.Portion] write lines also of attributes
// that make no valid mark, so that a reader sees what a document says. Such a
// line is text.
//
// # Forms
//
// Three forms say the same, and what is read in one can be written in each:
//
// An attribute string ([Parse], [Attributes.String]) has the attributes as an
// XML tag has them, each value in double or single quotes, its references
// (&amp; &#65;) resolved:
//
//	classification="S" ism:ownerProducer="USA" disseminationControls='REL' releasableTo="USA GBR"
//
// Names without prefix are ISM's, as are those with "ism:"; they are written
// without. Another prefix stays as it is; a namespace's URI stands in braces,
// {urn:example}name, and {-}name is an XML attribute without a namespace.
//
// An XML element ([ParseXML], [Element.XML]) has ISM's attributes by their
// namespace, urn:us:gov:ic:ism. Attributes of other namespaces, and of none,
// are kept. What is in the element is not.
//
// A JSON object ([ParseJSON], [Attributes.MarshalJSON]) has the attributes by
// name, in their order. A value is a string, as it was written, or of a list of
// tokens an array of them:
//
//	{"classification":"S","ownerProducer":["USA"],"disseminationControls":["REL"],"releasableTo":["USA","GBR"]}
//
// Lists are written as arrays where that keeps them as they are.
//
// # What no mark says
//
// The second banner line and its channels, and the programs of the Department
// of Defense, which are marked by rules of its own, are faults of
// [Attributes.Marking], and are in the lines that are written. That something
// is exempt from discovery, and the level of the NATO information in a
// document, are in no line, and no fault.
package ism
