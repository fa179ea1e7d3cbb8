package marking

import "slices"

// Coalitions returns the codes of the organisations and coalitions that the
// table counts a nation to, in canonical order: those that stand for the list of
// their members and are in use; none if the code is no nation's. They are the members at the
// edition of the table: who is a member at another time is for the caller's
// own records.
func (p *Policy) Coalitions(nation string) []string {
	var out []string
	for i := range p.t.Codes {
		c := &p.t.Codes[i]
		if c.Group && c.Decomposable && c.Deprecated == "" && slices.Contains(c.Names, nation) {
			out = append(out, c.Code.Code)
		}
	}
	return out
}
