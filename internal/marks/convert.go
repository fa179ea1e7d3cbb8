package marks

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"tearline/marking"
	"tearline/marking/ism"
	"tearline/marking/label"
	"tearline/marking/misp"
	"tearline/marking/stix"
)

// Forms are the forms of labels that are read and written; FormPortion is only
// written.
const Forms = "mark,ism,ism-xml,ism-json,stanag4774,stix,misp"

// A Label says what some forms say beside the mark.
type Label struct {
	Created time.Time // when it was made
	Review  time.Time // when a STANAG 4774 label is to be looked at again
	ID      string    // the UUID of a STIX definition of an ACS marking
	Owner   string    // the custodian of what that is on: "USA.DHS"
}

// ReadLabel reads one label of a form, as a marking: under the policy, or as a
// marking of the policy that the form itself names.
func ReadLabel(form string, p *marking.Policy, data []byte) (marking.Marking, error) {
	text := string(bytes.TrimSpace(data))
	switch form {
	case "ism":
		a, err := ism.Parse(text)
		return markOf(a, err)
	case "ism-json":
		a, err := ism.ParseJSON(data)
		return markOf(a, err)
	case "ism-xml":
		e, err := ism.ParseXML(data)
		return markOf(e.Attributes, err)
	case "stanag4774":
		l, err := label.Read(data)
		if err != nil {
			return marking.Marking{}, err
		}
		how, err := mapping(p)
		if err != nil {
			return marking.Marking{}, err
		}
		return how.ToMarking(p, l)
	case "stix":
		d, err := stix.Read(data)
		if err != nil {
			return marking.Marking{}, err
		}
		return d.Marking()
	case "misp":
		return readTags(p, text)
	}
	return p.Parse(text)
}

func markOf(a ism.Attributes, err error) (marking.Marking, error) {
	if err != nil {
		return marking.Marking{}, err
	}
	return a.Marking()
}

// readTags reads the tags of one object, and returns its mark under the policy.
func readTags(p *marking.Policy, text string) (marking.Marking, error) {
	set, err := misp.Read(slices.Collect(strings.FieldsFuncSeq(text, func(r rune) bool { return r == '\n' || r == '\r' })))
	if err != nil {
		return marking.Marking{}, err
	}
	all, err := set.Markings()
	if err != nil {
		return marking.Marking{}, err
	}
	m, ok := all[p.ID()]
	if !ok {
		return marking.Marking{}, fmt.Errorf("no tag is of policy %s", p.ID())
	}
	if len(all) > 1 {
		return marking.Marking{}, fmt.Errorf("there are tags of other policies beside those of %s", p.ID())
	}
	return m, nil
}

// mapping returns how labels stand for marks of the policy.
func mapping(p *marking.Policy) (label.Mapping, error) {
	id, _, _ := strings.Cut(p.ID(), "@")
	for _, x := range []label.Mapping{label.US(), label.TLP(), label.NATO()} {
		if x.Policy == id {
			return x, nil
		}
	}
	return label.Mapping{}, fmt.Errorf("it is not laid down how labels stand for marks of policy %s", id)
}

// WriteLabel writes a marking as a label of a form, "portion" among them. It
// fails, with all that the form cannot say, and writes nothing then.
func WriteLabel(form string, m marking.Marking, x Label) (string, error) {
	switch form {
	case "portion":
		return m.Portion(), nil
	case "ism", "ism-json", "ism-xml":
		return writeISM(form, m)
	case "stanag4774":
		how, err := mapping(m.Policy())
		if err != nil {
			return "", err
		}
		l, err := how.FromMarking(m, x.Created, x.Review)
		if err != nil {
			return "", err
		}
		out, err := l.XML()
		return string(out), err
	case "stix":
		d, err := stix.FromMarking(m, stix.Origin{
			ID: x.ID, Identifier: "isa:guide.19001.ACS3-" + x.ID, Created: x.Created, Custodian: x.Owner,
			Privileges: stix.Permit, Sharing: stix.Permit,
		})
		if err != nil {
			return "", err
		}
		return string(d.JSON()), nil
	case "misp":
		tags, err := misp.FromMarking(m)
		return strings.Join(tags, "\n"), err
	}
	return m.Banner(), nil
}

func writeISM(form string, m marking.Marking) (string, error) {
	a, err := ism.FromMarking(m)
	if err != nil {
		return "", err
	}
	switch form {
	case "ism-json":
		out, err := json.Marshal(a)
		return string(out), err
	case "ism-xml":
		out, err := ism.Element{Space: ism.Namespace, Name: "Portion", Attributes: a}.XML()
		return string(out), err
	}
	return a.String(), nil
}
