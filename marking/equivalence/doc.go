// Package equivalence compares marks of different policies: which levels
// agreements hold equal ([Table]), what a mark of one policy is in another
// ([Translate]), and what a text bears that draws on several ([Joint]).
//
//	t := equivalence.Default()
//	secret, ok := t.Level(de, geheim, us)            // SECRET
//	m, err := equivalence.Translate(t, natoSecret, us) // "//NATO SECRET"
//	j, err := equivalence.Join(t, usNoforn, natoSecret)
//	j.String()                                       // "SECRET//NOFORN; NATO SECRET"
//	banner, err := j.Into(us)                        // "SECRET//FGI NATO//NOFORN"
//
// It may not decide who gets what, and it makes no agreement: a table only
// says what others have agreed on. It is pure: no clock, no store, no network,
// nothing but the standard library, package marking and its own file.
//
// Everything fails closed. What has no equivalent is a fault and never left
// out: the result is then zero. The levels of a table are no grant; they say
// how high something is, not whom it is for.
//
// # Tables
//
// A table is one JSON object, read by [Load]:
//
//	format  1
//	id      up to 32 lower-case letters, digits and hyphens
//	title, cites
//	owners  for policies that are no nation's: the code of whose policy it is,
//	        {"nato": "NATO"}; a nation's policy is its nation's
//	rows    from the lowest: cites and
//	  levels  {"us": "SECRET", "de": "GEHEIM"}: equal, both ways
//	  up      {"uk": "SECRET"}: the level as which the row counts in a policy
//	          that has no such level; one way
//	  owned   {"us": "RESTRICTED"}: the level in which that policy's marks of
//	          other owners say the row, beside up, which is what its own say
//
// Policies are named by id, without a profile, levels by any of their names.
// Every name must be known, no level is in two rows, and the levels of every
// policy ascend from row to row, those of up included: up is above every level
// that the policy has in lower rows and not above one that it has in a higher
// row. So what is higher in one policy is never lower in another, and there and
// back is never lower than before.
//
// [Default] has the levels of the embedded policies us, nato, uk, eu, de and
// fr. It is the comparison that is commonly held, and cites where it is
// commonly seen; none of the texts was at hand for each of its rows, and the
// table of an agreement goes before it. The policies tlp, pap and acme have no
// equivalents there.
//
// # Translation
//
// The level is that of the table. If the other policy writes marks of other
// owners (us: "//NS", "//DEU S"), the mark becomes its owner's there, at the
// level in which such marks say it; a mark of the other policy's own owner
// becomes a plain one. Other owners that the mark names, or conceals, cannot be
// said; that a plain mark is the information of its own policy's owner is not
// written on it, and need not be.
//
// Every control and read-in must be one of the other policy's, by the same
// name; NATO's context of a mark is what us marks call an activity. Release
// lists become release lists, or lists for the eyes of some where a release
// list would name more; to a list of an organisation's mark, which names its
// members without saying so, the organisation is added. Marks of one policy's
// profiles are read again as they are written. There is a fault for each thing
// that cannot be said, of these rules:
//
//	equivalence.zero      there is no marking, or no policy
//	equivalence.policy    two policies are of one id
//	equivalence.level     the table has no equivalent, or it cannot be written
//	equivalence.owner     who owns it, or whose the source is, cannot be said
//	equivalence.control   a control or a read-in is not known, or would be lost
//	equivalence.rule      the result would break a rule of its policy
//	equivalence.release   whom it is for cannot be said, or would be more
//	equivalence.open      it would be open, or for a wider audience
//
// Whatever was built is looked at again: nobody may keep or see the result
// ([marking.Marking.Releasable], and the nation whose parties a mark without a
// list means) who may not keep or see the mark; it is for no foreigners if that
// was, originator controlled if that was, asks for every read-in, is open only
// if that was, and says whom it is for if that has a list. Codes that the
// mark's own policy does not know are of nobody who may have it. There are two
// exceptions: a mark that is open forbids nobody anything; and of a mark that
// says nothing of release the result may be for the agencies of the nation
// whose policy it is in, as all of that policy's marks are, if it still says
// whose it is: "//DEU S" is what an American agency writes that was given what
// is GEHEIM.
//
// The originator of a text is not what its mark says: that NATO SECRET became
// the SECRET of a member does not make it the member's to release. Who
// originated it is for lineage and decisions.
//
// # Texts that draw on several policies
//
// A [Joint] has at most one mark for each policy and says them all: nobody may
// have the text who may not have each part. A plain unclassified mark grants
// nothing to others by itself, and neither does a text that has one among its
// parts. [Joint.Into] makes one banner of it, by translation and roll-up, in
// which open parts take no part.
package equivalence
