package authoring

import "strings"

// DeadRules returns the rules that no text fulfils which their own conditions
// spell out: what they ask for on one side rules out what they may not have.
func DeadRules() []string {
	var dead []string
	for _, r := range theBook().all {
		if !r.alive() {
			dead = append(dead, r.id+": "+strings.Join(r.from, " "))
		}
	}
	return dead
}

// alive tries texts that the positive conditions spell out.
func (r *rule) alive() bool {
	for _, left := range spell(r.left, "zzyxq") {
		for _, right := range spell(r.right, "zzyxq") {
			p := &page{text: strings.TrimSpace(left+" "+strings.ReplaceAll(strings.Join(r.from, " "), " - ", "-")) + glued(right) + " zzyxq."}
			p.read()
			for i := range p.elems {
				if j := i + len(r.from); j <= len(p.elems) && sameWords(p.elems[i:j], r.from) && r.holds(p, i, j) {
					return true
				}
			}
		}
	}
	return false
}

func glued(right string) string {
	if strings.HasPrefix(right, ",") || strings.HasPrefix(right, ".") || strings.HasPrefix(right, "-") {
		return right
	}
	return " " + right
}

// spell writes out up to some hundreds of texts that fulfil the first positive
// condition, or only a word that fulfils nothing.
func spell(conditions []condition, other string) []string {
	texts := []string{""}
	found := false
	for _, c := range conditions {
		if c.not {
			continue
		}
		found = true
		for _, it := range c.items {
			if it.gap > 0 {
				it = item{atoms: []atom{{kind: '.'}}}
			}
			var next []string
			for _, t := range texts {
				if it.optional {
					next = append(next, t)
				}
				for _, a := range it.atoms {
					for _, w := range a.spell() {
						if len(next) < 4000 {
							next = append(next, strings.TrimSpace(t+" "+w))
						}
					}
				}
			}
			texts = next
		}
	}
	if !found {
		texts = []string{other, other + "ed", other + "s", "", "Zzyxq", "the"}
	}
	for i := range texts {
		texts[i] = strings.ReplaceAll(strings.ReplaceAll(texts[i], " ,", ","), " -", "-")
	}
	return texts
}

func (a atom) spell() []string {
	switch a.kind {
	case '=':
		return []string{a.text}
	case '$':
		var out []string
		for w := range a.set {
			out = append(out, w)
		}
		return out
	case '-':
		if a.text == "" {
			return []string{"-"}
		}
		return []string{"zzyxq" + a.text, "mmnoo" + a.text}
	case '#':
		return []string{map[string]string{"": "47", "year": "1954", "dec": "1950s", "ord": "19th"}[a.text]}
	case '^':
		return []string{"NATO"}
	case ',':
		return []string{","}
	case '<', '%':
		return []string{". And", ""}
	}
	return []string{"zzyxq"}
}
