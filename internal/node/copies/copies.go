package copies

import (
	"encoding/base32"
	"encoding/json"
	"slices"

	"tearline"
	"tearline/sanitize"
)

// A Spec is what rendering a copy again needs, kept with its record.
type Spec struct {
	RecipientName string `json:"recipient_name"`
	Date          string `json:"date"`
	// Individual says that the copy is worded for its reader alone.
	Individual bool             `json:"individual,omitempty"`
	Cut        []tearline.Party `json:"cut,omitempty"`
	// Set is how it was set, if it is a PDF.
	Set *Set `json:"set,omitempty"`
}

// For whom a copy is, beside the party.
type For struct {
	Purpose string
	Unit    string
	Person  *tearline.Person
	Format  FormatName
}

// Addressee names the recipient, and whom in its service the copy is for.
func (f For) Addressee(name string) string {
	if f.Unit != "" {
		name += ", " + f.Unit
	}
	if f.Person != nil && f.Person.Name != "" {
		name += ", " + f.Person.Name
	}
	return name
}

// Content recognises the same content for the same reader under the same
// conditions: a release that crashed before its copy was handed out is then
// taken up.
func (f For) Content(v *sanitize.Version) ([]byte, error) {
	type item struct {
		ID         tearline.PortionID
		Mark       string
		Basis      tearline.Basis
		Conditions []tearline.Condition
	}
	var items []item
	ids := Passed(v)
	for i, it := range v.Items() {
		items = append(items, item{ids[i], it.Marking.Portion(), it.Basis, it.Conditions})
	}
	b, err := json.Marshal(struct {
		Purpose string
		Items   []item
		Unit    string           `json:",omitempty"`
		Person  *tearline.Person `json:",omitempty"`
		Format  FormatName       `json:",omitempty"`
	}{f.Purpose, items, f.Unit, f.Person, f.Format})
	if err != nil {
		return nil, err
	}
	d := tearline.DigestContent(nil, string(b))
	return d[:], nil
}

// Passed lists what a version passes on, in its order, by the names under
// which it was decided.
func Passed(v *sanitize.Version) []tearline.PortionID {
	var ids []tearline.PortionID
	for _, it := range v.Items() {
		id := it.Portion
		if it.Replaced {
			id = tearline.TearOf(id)
		}
		ids = append(ids, id)
	}
	return ids
}

// HasPoints reports whether a version's wording can differ between readers.
func HasPoints(v *sanitize.Version) bool {
	return slices.ContainsFunc(v.Items(), func(it sanitize.Item) bool { return it.Wording.Points() > 0 })
}

// NewID makes a copy's number of eight random bytes: 60 bits in base 32, so
// that neither how many copies there are nor who else has one can be read from
// it.
func NewID(random []byte) tearline.CopyID {
	s := base32.StdEncoding.EncodeToString(random)[:12]
	return tearline.CopyID(s[:4] + "-" + s[4:8] + "-" + s[8:12])
}
