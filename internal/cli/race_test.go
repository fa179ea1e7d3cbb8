//go:build race

package cli_test

// slow says that the race detector slows everything down: tests that repeat
// themselves do so less often.
const slow = true
