// Package classes is an index that says what each party may have of all that a
// holder has, now: a verdict on any portion in some tens of nanoseconds, the
// exact number of portions that a party may have, and pages of them, the
// newest first, over tens of millions of portions.
//
// Few distinct things decide about many portions. All of a portion that
// decides, other than the recipient and particular consents, is its release
// class: who originated it, its mark as filed and in force, the same of all
// that it rests on, whether an embargo runs on any of that, and whether its
// filing was taken back. A portion costs one small number, that of its class;
// rules are asked once for each class and recipient. Release lists are kept as
// written: who is a member of a coalition is asked when they are.
//
// What the index says is never evidence, and it may not be used as such: it
// answers for now, from statements that somebody else has verified, and names no
// statement that an answer rests on. Whatever is passed on is decided anew, by
// release.Decide. The package may not do I/O, read a clock, make a Decision, or
// know names of portions: these are ordinals here, from 0 in the order of
// filing, and [Names] says which is which.
//
// # Use
//
//	ix := classes.New("USA", names)
//	for _, s := range statements { err := ix.Say(s) }
//	v, err := ix.View(release.Request{Holder: "USA", Recipient: "CAN", At: now, Mode: tearline.Document})
//	v.Verdict(17)                                      // codes of every rule, whom to ask
//	v.Count()                                          // exact
//	page, next, err := v.Page(nil, classes.Cursor{}, 50)
//
// Statements come one by one and in any order, but for sources, which are
// filed before what rests on them. What names a portion that is not filed yet
// counts when it is. Times count as they are dated: what is said late and dated
// earlier, or ahead of its time, comes to the same as if all had been read at
// once. Tear-line wordings are not listed and have no verdict here; as sources
// they count.
//
// # Views
//
// A [View] is for one recipient, person, mode, purpose, unit and officer, at one
// instant, and answers for that instant. When something is said, and when the
// index has been asked at another instant and something that it knows the view
// to rest on began or ended in between, it answers with nothing ([ErrStale], the
// zero Verdict) until [Index.View] is asked again, which is cheap when nothing
// changed. So ask for a view with the time of each question, and do not keep it.
//
// # Concurrency
//
// Say, View and Forget write: one at a time, and nothing else meanwhile. The
// methods of views may be called by any number of goroutines at once between
// two writes. A lock in the caller that readers share is enough; a page or
// count taken under it is of one state of the world.
//
// # What it costs
//
// Two bytes a portion (four beyond 65,536 classes) and half a byte for finding
// pages; what consents, sources, tear-line wordings, dates and embargoes need,
// only where there are some. For each recipient in use, four bytes a class.
//
// For pages, each 1,024 portions have a set of the classes that are among them,
// and each 16 of these a set of theirs. A page reads only such stretches as have
// something for the party: at most one for each portion on the page, wherever
// what it may have lies.
package classes
