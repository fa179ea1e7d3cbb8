//go:build !race

package cli_test

// slow is true under the race detector.
const slow = false
