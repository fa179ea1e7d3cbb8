package main

import (
	"math"
	"unicode"
)

// dice are a seeded source of numbers (splitmix64): the same on every machine
// and under every version of Go.
type dice struct{ state uint64 }

func (d *dice) next() uint64 {
	d.state += 0x9e3779b97f4a7c15
	z := d.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// under returns a number from 0 to n-1.
func (d *dice) under(n int) int { return int(d.next() % uint64(n)) } //nolint:gosec // n is positive, the rest below it

// chance is true in p of all cases.
func (d *dice) chance(p float64) bool { return float64(d.next()) < p*math.MaxUint64 }

func pick[T any](d *dice, list []T) T { return list[d.under(len(list))] }

func shuffle[T any](d *dice, list []T) {
	for i := len(list) - 1; i > 0; i-- {
		k := d.under(i + 1)
		list[i], list[k] = list[k], list[i]
	}
}

// noWord reports whether r stands between words.
func noWord(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }
