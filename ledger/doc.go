// Package ledger makes, checks and proves what parties say. It is all that an
// inspector, a partner or another program needs to verify our records without
// us.
//
// # Statements
//
// [Sign] puts a [tearline.Statement] into an in-toto Statement v1, and that
// into a DSSE envelope under the party's Ed25519 key. Each statement has
// exactly one encoding: [Open] and [Decode] refuse every other, so that no two
// byte sequences say the same thing and no byte can be changed unnoticed.
// docs/format has the bytes in boxes, JSON Schemas and examples.
//
// # The log
//
// Every party keeps one append-only log (RFC 6962 hashes). An entry is a leaf:
// a version byte and a hash over a random salt and the envelope, see [Leaf].
// It has a fixed length and tells nothing, so that the whole log may be
// published as tiles ([Export], C2SP tlog-tiles). Who is shown salt and
// envelope can check that they are in the log; who is not learns only that
// there is an entry. A [Receipt] is that evidence in one piece: envelope,
// salt, inclusion proof, and a checkpoint that the log's owner signed.
//
// # What callers must keep
//
//   - Checkpoints, and so receipts, are signed from committed state only:
//     append, commit, read back, then [SignCheckpoint] or [Prove]. A signature
//     over a root that a crash then rolls back is a fork of one's own log, and
//     looks like a lie for ever.
//   - Before the first append after a start or a restore, compare the log with
//     the last checkpoint that was published. If that one is ahead, the
//     database is an old one: stop, nothing may be signed.
//   - Entries are numbered 0, 1, 2… without gaps, in the order of commit. A
//     database sequence does neither; count under the lock that appends.
//   - Salts are 32 fresh random bytes each and go only to those who may see
//     the statement. Who knows the salt can test a guess at the statement.
//   - One key, one role: an Ed25519 key does not commit to its name, so a
//     party's statement key is never its log key. Names of log keys are the
//     log's [Origin]; [Sign] refuses such a key.
//   - What comes from outside goes through [Open] or [OpenReceipt]; [Decode]
//     verifies nothing and is for one's own store alone.
//   - "No such entry" and "not for you" are one answer: this package's errors
//     tell them apart, whoever answers a partner must not.
//
// The package reads no clock, no network and no randomness of its own, and has
// no global state; all functions may be called concurrently. Everything is
// verified before it is returned. Every error about bytes that do not verify
// wraps [ErrTampered].
package ledger
