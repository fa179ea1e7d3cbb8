//go:build !race

package leakindex_test

// raceOn says that everything takes ten times as long.
const raceOn = false
