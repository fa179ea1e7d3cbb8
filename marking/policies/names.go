package policies

import "slices"

const digits = "0123456789"

// Audiences are the names of a level's audiences.
var Audiences = []string{"originator", "nation", "community", "everyone"}

// Spellings returns the level's names in marks, and with short all its names.
func (l *Level) Spellings(short bool) []string {
	out := append([]string{l.Name, l.Portion}, l.Also...)
	if short {
		out = append(out, l.Short...)
	}
	return out
}

// Spellings returns all the ways in which marks may write the token's own part.
func (t *Token) Spellings() []string {
	out := []string{t.Name}
	for _, w := range append([]string{t.Portion, t.Title}, t.Also...) {
		if w != "" {
			out = append(out, w)
		}
	}
	return out
}

// Admits reports whether a name that the file does not list may stand where x
// says what may. Nothing may where x is nil.
func (x *Free) Admits(s string) bool {
	if x == nil {
		return false
	}
	if len(x.Among) > 0 {
		return slices.Contains(x.Among, s)
	}
	if len(s) < x.Min || len(s) > x.Max {
		return false
	}
	for i := range len(s) {
		inside := i > 0 && i < len(s)-1 && s[i-1] != ' '
		if !x.admitsByte(s[i], inside) {
			return false
		}
	}
	return true
}

func (x *Free) admitsByte(c byte, inside bool) bool {
	switch {
	case c >= 'A' && c <= 'Z':
		return x.Letters
	case c >= '0' && c <= '9':
		return x.Digits
	}
	return c == ' ' && x.Spaces && inside
}
