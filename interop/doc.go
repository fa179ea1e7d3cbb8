// Package interop holds our ledger against the programs of others: logs that
// we export are read, proven and checked by Tessera's client and fsck and by
// the proof verifier of transparency-dev/merkle; our envelopes are verified by
// the secure systems lab's DSSE library and our statements by in-toto's. It is
// a module of its own, so that none of them is a dependency of Tearline; it has
// tests only.
package interop
