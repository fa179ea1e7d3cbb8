// Package marks does the jobs behind the mark commands: it reads marks and
// documents line by line, answers each line as soon as it is there, and writes
// the answers as JSON, or as text in the caller's style. It knows no store, no
// node and no terminal, and it judges nothing itself: what a mark says is for
// package marking.
//
// # Lines
//
// [Lines] reads a line, answers it and goes on. Whatever has been answered is
// handed out before it waits for more input, so that a program may write a line
// and wait for the answer. A line is read up to [MaxLine] bytes and what is
// longer is refused, blank lines have no answer, and the work is linear in the
// input. What is remembered in between is bounded, too.
//
// A line of marks is a mark as it is ("(S//NF)"), a JSON string, or an object
// {"input": MARK, "policy": ID}, where "marking" stands for "input" as well. A
// line of documents is an object: {"portions": [MARK, …], "dates": [DATE, …],
// "policy": ID}, with "banner" where a banner is checked. To be rolled up, the
// marks of a document may also stand on the line as they are, parted by
// semicolons. Names are read as package encoding/json does, and what has other
// names is left out.
//
// # Answers
//
// An answer is one line of JSON. Its names, their order and their escapes are
// stable: names are only ever added. All of them are always there, but for
// "portion":
//
//	parse       {"input","ok","form","canonical_banner","canonical_portion","fields","faults"}
//	rollup      {"banner","faults","why":[{"token","portions","rule"}]}
//	check       {"ok","banner","expected","faults"}
//	releasable  {"input","ok","keep","see","silent","faults"}
//	a fault     {"offset","length","text","rule","cites","hint","severity"}, of a check also "portion"
//
// "fields" is what [marking.Marking.Fields] says, by name from A to Z;
// "severity" is "error", "form" or "advice"; portions count from 0, and a fault
// of a check without "portion" is the banner's. It is what encoding/json writes
// for the types of this package without the escapes that only HTML needs.
package marks
