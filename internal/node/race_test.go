//go:build race

package node_test

// slow says that the race detector slows everything down: tests that repeat
// themselves do so less often.
const slow = true
