package lineage

import "slices"

// Circular leaves, of a map from keys to what they rest on, those that lie on a
// circle or rest on one.
func Circular[K comparable](rests map[K][]K) {
	users := map[K][]K{}
	open := map[K]int{} // how many of the others a key rests on
	var free []K
	for id, srcs := range rests {
		for _, src := range srcs {
			if _, ok := rests[src]; ok {
				users[src] = append(users[src], id)
				open[id]++
			}
		}
		if open[id] == 0 {
			free = append(free, id)
		}
	}
	for len(free) > 0 {
		id := free[len(free)-1]
		free = free[:len(free)-1]
		delete(rests, id)
		for _, u := range users[id] {
			if open[u]--; open[u] == 0 {
				free = append(free, u)
			}
		}
	}
}

// Cycle returns a circle to which a key of such a map leads, its first key at
// the end again. Each key must lead to one, as those that Circular leaves do.
func Cycle[K comparable](rests map[K][]K, id K) []K {
	var path []K
	for {
		path = append(path, id)
		for _, src := range rests[id] {
			if _, ok := rests[src]; ok {
				id = src
				break
			}
		}
		if i := slices.Index(path, id); i >= 0 {
			return append(path[i:], id)
		}
	}
}
