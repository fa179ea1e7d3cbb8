package main

import "math"

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

// normal returns a number of the standard normal law, near enough: the sum of
// twelve uniform ones.
func (d *dice) normal() float64 {
	sum := 0.0
	for range 3 {
		v := d.next()
		sum += float64(v&0xffff) + float64(v>>16&0xffff) + float64(v>>32&0xffff) + float64(v>>48)
	}
	return sum/math.MaxUint16 - 6
}

func pick[T any](d *dice, list []T) T { return list[d.under(len(list))] }
