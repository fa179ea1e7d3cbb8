// Package whatif answers a disclosure officer's questions about many portions
// and parties at once, and about a world that differs from the present one in
// one thing: who may have this, what may they have, and what would change if a
// party joined a coalition or a consent were taken back.
//
// Every answer is that of release.Decide; the package has no rule of its own.
// A hypothetical is made by saying it: a party's record, repeated with another
// membership, or a revocation, is put beside the statements under a name that
// no real one has. Nothing of this is in anybody's ledger.
//
// The package may not do I/O, read a clock, keep state between calls or change
// what it is given. It knows only the statements that its caller gathered for
// the holder, so that its answers and errors cannot tell of others. They are
// for the holder's own officers, as they name originators and discretions; no
// recipient may see them.
//
// # What can be supposed
//
// A party joins or leaves a coalition, known or new. A statement is taken back
// by whoever said it: an agreement (with its ceiling, onward rule and standing
// consents), an exclusion, a tie, an embargo, a consent, a declassification or
// a discretion. It must be in force at the instant of the question; a
// revocation is final, so what an agreement had replaced does not come back.
//
// Filings and party records cannot be taken back here: without them there is
// no answer that could be compared with the one before.
package whatif
