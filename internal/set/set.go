// Package set has what small lists need in which each thing stands once, in the
// order in which it came. Lists are looked through, not hashed: it is for
// parties, originators and statements of one act, and may not be used for more.
package set

import "slices"

// Add adds to a list what it does not have yet.
func Add[T comparable](list []T, xs ...T) []T {
	for _, x := range xs {
		if !slices.Contains(list, x) {
			list = append(list, x)
		}
	}
	return list
}
