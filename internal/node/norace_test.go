//go:build !race

package node_test

// slow is true under the race detector.
const slow = false
