package stix

import (
	"fmt"
	"slices"

	"tearline/marking"
)

// The extensions that this package knows.
const (
	// TLP2Extension is the extension by which TLP 2.0 travels.
	TLP2Extension = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
	// ACSExtension is the extension by which ACS 3.0 travels.
	ACSExtension = "extension-definition--3a65884d-005a-4290-8335-cb2d778a83ce"
)

const (
	definitionType = "marking-definition"
	citesSTIX      = "STIX 2.1 §7.2.1"
	citesTLP1      = "STIX 2.1 §7.2.1.4"
	citesTLP2      = "TLP 2.0 extension"
	citesACS       = "ACS 3.0 extension"
)

// A Kind is what sort of marking a definition makes.
type Kind uint8

const (
	// KindUnknown is none that this package knows. It grants nothing.
	KindUnknown Kind = iota
	// KindTLP1 is a level of TLP as built into STIX ("definition_type": "tlp").
	KindTLP1
	// KindTLP2 is a level of TLP 2.0 by its extension.
	KindTLP2
	// KindStatement is a text for people to read.
	KindStatement
	// KindACS is a marking of ACS 3.0 by its extension.
	KindACS
)

// String returns "unknown", "tlp 1", "tlp 2.0", "statement" or "acs 3.0".
func (k Kind) String() string {
	if int(k) < len(kinds) {
		return kinds[k]
	}
	return kinds[KindUnknown]
}

var kinds = [...]string{"unknown", "tlp 1", "tlp 2.0", "statement", "acs 3.0"}

// A Definition is a marking-definition object. It is immutable, and safe for
// concurrent use. The zero Definition is none, and grants nothing.
type Definition struct {
	raw       []byte
	id, name  string
	kind      Kind
	level     string // of the tlp policy
	statement string
	acs       *ACS
	faults    marking.Faults // why it grants nothing
}

// Read reads a marking-definition object. It fails, with a [marking.Faults],
// where the object is not one: not JSON within the limits, with a property
// twice, of another type, or without an id. What else is wrong with it keeps
// it from granting anything, see [Definition.Marking], and from nothing else:
// it can be written as it came.
func Read(data []byte) (Definition, error) {
	n, err := readJSON(data)
	if err != nil {
		return Definition{}, err
	}
	kind, _ := n.get("type")
	idNode, _ := n.get("id")
	typ, _ := kind.text()
	id, _ := idNode.text()
	switch {
	case n.kind != '{' || typ != definitionType:
		return Definition{}, marking.Faults{n.fault("stix.definition", citesSTIX, "the object is no marking-definition")}
	case !isID(id, definitionType):
		return Definition{}, marking.Faults{idNode.fault("stix.id", "STIX 2.1 §2.9", "the object has no id of a marking-definition")}
	}
	d := Definition{raw: compact(n.raw), id: id}
	d.read(n)
	if d.acs != nil {
		d.acs.faults = d.faults
	}
	return d, nil
}

// read reads what the definition says.
func (d *Definition) read(n node) {
	f := &fieldReader{cites: citesSTIX}
	var version, created string
	var definition, extensions *node
	keep := func(to **node) func(*fieldReader, node, string) {
		return func(_ *fieldReader, x node, _ string) { *to = &x }
	}
	var typ string
	f.object(n, definitionType, []field{
		{"type", true, kept},
		{"spec_version", false, func(f *fieldReader, x node, path string) {
			literal("2.1")(f, x, path)
			version = "2.1"
		}},
		{"id", true, kept},
		{"created", true, timestamp(&created)},
		{"created_by_ref", false, kept},
		{"external_references", false, kept},
		{"object_marking_refs", false, kept},
		{"granular_markings", false, kept},
		{"name", false, str(&d.name)},
		{"definition_type", false, str(&typ)},
		{"definition", false, keep(&definition)},
		{"extensions", false, keep(&extensions)},
	})
	switch {
	case extensions != nil && (definition != nil || typ != ""):
		f.fault(*extensions, "stix.kinds", "the definition has an extension beside a definition_type or definition")
	case extensions != nil:
		if version == "" {
			f.fault(n, "stix.missing", `the definition has extensions and lacks the property "spec_version"`)
		}
		d.readExtensions(f, *extensions)
	case definition != nil:
		d.readBuiltIn(f, *definition, typ)
	default:
		f.fault(n, "stix.kinds", "the definition defines nothing")
	}
	if l, fixed := fixedLevel(d.id); fixed && d.kind != KindTLP1 && d.kind != KindTLP2 {
		f.fault(n, "stix.tlp.id", fmt.Sprintf("the id is that of %s", l.name))
	}
	d.faults = f.faults
}

// readBuiltIn reads the two kinds that STIX 2.1 has itself.
func (d *Definition) readBuiltIn(f *fieldReader, n node, typ string) {
	switch typ {
	case "tlp":
		d.kind = KindTLP1
		f.cites = citesTLP1
		var word string
		f.object(n, "definition", []field{{"tlp", true, str(&word)}})
		d.readLevel(f, n, tlp1[:], word, false)
	case "statement":
		d.kind = KindStatement
		f.cites = "STIX 2.1 §7.2.1.3"
		f.object(n, "definition", []field{{"statement", true, str(&d.statement)}})
	default:
		f.fault(n, "stix.kinds", fmt.Sprintf("definition_type %q is not known here", typ))
	}
}

// readExtensions reads the one extension that says what the marking is.
func (d *Definition) readExtensions(f *fieldReader, n node) {
	if n.kind != '{' || len(n.sub) != 1 {
		f.fault(n, "stix.kinds", "the definition has not one extension: no other is known to leave its meaning alone")
		if n.kind != '{' {
			return
		}
	}
	for _, x := range n.sub {
		switch x.name {
		case TLP2Extension:
			d.kind = KindTLP2
			f.cites = citesTLP2
			var word string
			f.object(x, "extensions."+x.name, []field{
				{"extension_type", true, literal("property-extension")},
				{"tlp_2_0", true, str(&word)},
			})
			d.readLevel(f, x, tlp2[:], word, true)
		case ACSExtension:
			d.kind = KindACS
			f.cites = citesACS
			d.acs = readACS(f, x)
		default:
			f.fault(x, "stix.extension", fmt.Sprintf("the extension %q is not known here", x.name))
		}
	}
}

// JSON returns the object as it came, without the blanks between its tokens.
// It returns nil for the zero Definition. The caller may change the slice.
func (d Definition) JSON() []byte { return slices.Clone(d.raw) }

// ID returns the id, "marking-definition--" and a UUID.
func (d Definition) ID() string { return d.id }

// Name returns the name that the definition has for people, or "".
func (d Definition) Name() string { return d.name }

// Kind returns what sort of marking it makes.
func (d Definition) Kind() Kind { return d.kind }

// Statement returns the text of a statement, and whether it is one.
func (d Definition) Statement() (text string, ok bool) {
	return d.statement, d.kind == KindStatement && d.statement != ""
}

// ACS returns what a marking of ACS 3.0 says, and whether it is one. What is
// wrong with the definition keeps the ACS from granting anything. The caller
// must not change what it points to.
func (d Definition) ACS() (acs ACS, ok bool) {
	if d.acs == nil {
		return ACS{}, false
	}
	return *d.acs, true
}

// Marking returns what the definition says as a mark: of the tlp policy for
// TLP, of the us policy for ACS (see the package comment). It fails, with a
// [marking.Faults], for statements, which say nothing to programs, and where
// anything in the definition is wrong, not known here, or more than a mark can
// say; the marking is then zero. Offsets are those of the object that was
// read.
func (d Definition) Marking() (marking.Marking, error) {
	if len(d.faults) > 0 {
		return marking.Marking{}, slices.Clone(d.faults)
	}
	switch d.kind {
	case KindTLP1, KindTLP2:
		return parse("tlp", d.level)
	case KindACS:
		return d.acs.marking()
	case KindStatement:
		return marking.Marking{}, marking.Faults{{
			Rule: "stix.statement", Cites: "STIX 2.1 §7.2.1.3", Text: fmt.Sprintf("%s is a statement", d.id),
			Hint: "somebody has to read it",
		}}
	case KindUnknown:
	}
	return marking.Marking{}, marking.Faults{{Rule: "stix.definition", Cites: citesSTIX, Text: "there is no marking-definition"}}
}

// Combine returns the mark that is at least as strict as each of the
// definitions': STIX leaves open how the markings of one object add up (§7.2),
// and all of them count here. It fails, with a [marking.Faults], where one of
// the definitions has no mark, where they are of several policies, which no
// one mark can say, and where there is none: what is not marked is for nobody.
func Combine(defs ...Definition) (marking.Marking, error) {
	var all marking.Marking
	var faults marking.Faults
	for _, d := range defs {
		m, err := d.Marking()
		switch {
		case err != nil:
			faults = addFault(faults, faultsOf(err)...)
		case all.IsZero():
			all = m
		case !all.Equal(m):
			if all, err = marking.Join(all, m); err != nil {
				return marking.Marking{}, addFault(faults, faultsOf(err)...)
			}
		}
	}
	if len(defs) == 0 {
		faults = marking.Faults{{Rule: "stix.unmarked", Cites: "STIX 2.1 §7.2", Text: "nothing is marked"}}
	}
	if len(faults) > 0 {
		return marking.Marking{}, faults
	}
	return all, nil
}
