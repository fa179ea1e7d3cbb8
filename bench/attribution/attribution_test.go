package main

import (
	"testing"

	"tearline/bench/kit/kittest"
)

// Everything runs, at a size that shows little.
func TestAll(t *testing.T) {
	p := program
	p.Full = amount{recipients: 5, reports: 1, sentences: 100, leaks: 1, copies: 3, large: 4}
	kittest.All(t, &p)
}
