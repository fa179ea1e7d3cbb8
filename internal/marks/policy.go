package marks

import (
	"bytes"
	"errors"

	"tearline"
	"tearline/marking"
	"tearline/marking/label"
	"tearline/marking/policyfile"
	"tearline/marking/spif"
)

// A FileFault is something wrong in a policy file, or in a label.
type FileFault struct {
	Offset int    `json:"offset"`
	Rule   string `json:"rule"`
	Text   string `json:"text"`
	Hint   string `json:"hint"`
}

func fileFaults(into []FileFault, err error) []FileFault {
	var faults marking.Faults
	if err != nil && !errors.As(err, &faults) {
		return append(into, FileFault{Text: err.Error()})
	}
	for _, f := range faults {
		into = append(into, FileFault{f.Offset, f.Rule, f.Text, f.Hint})
	}
	return into
}

// A PolicyFile is the answer to a policy file: what is wrong in it or, if it is
// right, what is worth a note.
type PolicyFile struct {
	OK     bool        `json:"ok"`
	File   string      `json:"file"`
	ID     string      `json:"id"`
	Faults []FileFault `json:"faults"`
	// Own is the file's policies if it is of our own format, XML if it is an
	// XML SPIF; both are nil if it is neither.
	Own []*marking.Policy `json:"-"`
	XML *spif.Policy      `json:"-"`
}

// ReadPolicyFile reads a policy file of either format: what begins with "<" is
// XML.
func ReadPolicyFile(name string, data []byte) PolicyFile {
	a := PolicyFile{File: name, Faults: []FileFault{}}
	var err error
	if bytes.HasPrefix(bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), " \t\r\n"), []byte("<")) {
		if a.XML, err = spif.Read(data); err == nil {
			a.ID = a.XML.Name()
			a.Faults = fileFaults(a.Faults, a.XML.Notes())
		}
	} else if a.Own, err = policyfile.Load(data); err == nil {
		a.ID = a.Own[0].ID()
	}
	if a.OK = err == nil; !a.OK {
		a.Faults = fileFaults(a.Faults, err)
	}
	return a
}

// A SPIFTag is a tag of an XML SPIF policy.
type SPIFTag struct {
	Name       string   `json:"name"`
	Type       string   `json:"type"`
	Categories []string `json:"categories"`
}

// A SPIFPolicy is what is in an XML SPIF policy.
type SPIFPolicy struct {
	Name            string    `json:"name"`
	ID              string    `json:"id"`
	Classifications []string  `json:"classifications"`
	Tags            []SPIFTag `json:"tags"`
}

// Summary says what is in an XML SPIF policy.
func Summary(x *spif.Policy) SPIFPolicy {
	out := SPIFPolicy{Name: x.Name(), ID: x.ID(), Classifications: []string{}, Tags: []SPIFTag{}}
	for _, c := range x.Classifications() {
		out.Classifications = append(out.Classifications, c.Name)
	}
	for _, t := range x.Tags() {
		tag := SPIFTag{Name: t.Name, Type: t.Type.String(), Categories: []string{}}
		for _, c := range t.Categories {
			tag.Categories = append(tag.Categories, c.Name)
		}
		out.Tags = append(out.Tags, tag)
	}
	return out
}

// A Labelled is the answer to a label under an XML SPIF policy.
type Labelled struct {
	Valid        bool              `json:"valid"`
	Marking      string            `json:"marking"`
	Admitted     *bool             `json:"admitted"` // null: no clearance was given
	Reasons      []string          `json:"reasons"`
	Translations map[string]string `json:"translations"` // by policy: the marking there
	Faults       []FileFault       `json:"faults"`
}

// UnderSPIF says what a label says under an XML SPIF policy, whether a
// clearance (nil: none is asked about) admits to it, and what it says in other
// policies. The label may be in the plain form of SPIF tools, or a STANAG 4774
// one. The error is that something could not be read at all.
func UnderSPIF(p *spif.Policy, text []byte, lang string, clearance []byte, to ...*spif.Policy) (*Labelled, error) {
	l, err := readSPIFLabel(p, text)
	if err != nil {
		return nil, refused("the label", err)
	}
	a := &Labelled{Reasons: []string{}, Translations: map[string]string{}, Faults: []FileFault{}}
	invalid := p.Valid(l)
	a.Faults = fileFaults(a.Faults, invalid)
	if a.Valid = invalid == nil; a.Valid {
		a.Marking, err = p.Marking(l, lang)
		a.Faults = fileFaults(a.Faults, err)
	}
	if clearance != nil {
		held, err := spif.ReadClearance(clearance)
		if err != nil {
			return nil, refused("the clearance", err)
		}
		a.admits(p.Admits(l, held))
	}
	if a.Valid && len(to) > 0 {
		known, err := spif.NewPolicies(append([]*spif.Policy{p}, to...)...)
		if err != nil {
			return nil, refused("the other policies", err)
		}
		for _, other := range to {
			a.translate(known, other, l, lang)
		}
	}
	return a, nil
}

func (a *Labelled) admits(d spif.Decision) {
	a.Admitted = &d.Admitted
	for _, x := range d.Reasons {
		if !x.Met || d.Admitted {
			a.Reasons = append(a.Reasons, x.Text)
		}
	}
}

func (a *Labelled) translate(known *spif.Policies, other *spif.Policy, l spif.Label, lang string) {
	out, err := known.Translate(l, other.ID())
	if err != nil {
		a.Faults = fileFaults(a.Faults, err)
		return
	}
	text, err := other.Marking(out, lang)
	a.Faults = fileFaults(a.Faults, err)
	a.Translations[other.Name()] = text
}

func readSPIFLabel(p *spif.Policy, data []byte) (spif.Label, error) {
	l, err := spif.ReadLabel(data)
	if err == nil || !bytes.Contains(data, []byte(label.Namespace)) {
		return l, err
	}
	st, err := label.Read(data)
	if err != nil {
		return spif.Label{}, err
	}
	return label.ToSPIF(st, p)
}

func refused(what string, err error) error {
	return &tearline.Error{Op: "policy", Kind: tearline.Invalid, Public: what + " cannot be read:\n" + err.Error(), Hint: "mend what is listed", Err: err}
}
