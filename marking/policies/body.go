package policies

// A Body is all that a mark says. It is canonical: what is the same mark is the
// same body, but for its table, and bodies may be compared by ==.
type Body struct {
	T      *Table
	Tokens TokenSet
	Rel    CodeSet // the release or eyes list, without the table's nation
	Extra
	Level uint8
	Kind  OwnerKind
}

// An Extra is what few marks have.
type Extra struct {
	// Display is the display list, without the table's nation; Source the
	// named foreign sources; Owner the owners of a mark that is not the
	// nation's alone.
	Display, Source, Owner CodeSet
	Free                   string // names that the file does not list; see FreeSeparator
	Activity               string // of an organisation: "KFOR"
}

// Organisation returns the owner that has names of its own for its levels, or nil.
func (b *Body) Organisation() *BuiltOrganisation {
	if b.Kind != OwnerOther {
		return nil
	}
	for i := range b.T.Owners.Bodies {
		if o := &b.T.Owners.Bodies[i]; b.Owner.Has(o.Place) && o.BannerWords[b.Level] != "" {
			return o
		}
	}
	return nil
}

// OwnedBy returns the bit of whose mark it is, as rules have them.
func (b *Body) OwnedBy() uint8 {
	if b.Organisation() != nil {
		return 1 << ownedByOrganisation
	}
	return 1 << b.Kind
}

// Listed returns the release list, without the nation, and whether there is
// one: owners of a joint mark that says nothing else are its list.
func (b *Body) Listed() (CodeSet, bool) {
	r := b.T.Release
	switch {
	case r == nil:
		return CodeSet{}, false
	case b.Tokens.Has(r.List) || b.Tokens.Has(r.Eyes):
		return b.Rel, true
	case b.Kind == OwnerJoint && !b.Tokens.Meets(&b.T.ReleaseMask):
		owners := b.Owner
		owners.Drop(b.T.NationCode)
		return owners, true
	}
	return CodeSet{}, false
}

// Named returns the codes that may have it by its lists, those included that
// every mark of the table names, without the nation; and whether there are any
// such lists.
func (b *Body) Named() (CodeSet, bool) {
	list, ok := b.Listed()
	if r := b.T.Release; r != nil && !b.Tokens.Has(r.Eyes) && !r.Always.Empty() && !b.Tokens.Meets(&b.T.NoForeign) {
		list.Union(&r.Always)
		ok = true
	}
	return list, ok
}

// Refused reports whether nobody but the nation may have it: by NOFORN or its
// like, or by an eyes list of the nation alone.
func (b *Body) Refused() bool {
	return b.Tokens.Meets(&b.T.NoForeign) || b.T.EyesAlone && b.Tokens.Has(b.T.Release.Eyes) && b.Rel.Empty()
}

// Refuse leaves NOFORN alone, or its like, of what says who else may have it.
func (b *Body) Refuse() {
	b.Tokens.Minus(&b.T.ReleaseMask)
	switch r := b.T.Release; {
	case r.None >= 0:
		b.Tokens.Add(r.None)
	case b.T.EyesAlone:
		b.Tokens.Add(r.Eyes)
	}
	b.Rel, b.Display = CodeSet{}, CodeSet{}
}

// Release sets the release list, unless the set is empty: an eyes list where it
// has one and may name all. Who may have it leaves the display list.
func (b *Body) Release(set *CodeSet) {
	r := b.T.Release
	if set.Empty() {
		return
	}
	token := r.List
	if token < 0 {
		token = r.Eyes
	}
	if b.Tokens.Has(r.Eyes) && r.List >= 0 {
		others := *set
		others.Minus(&b.T.Tokens[r.Eyes].Codes.Among)
		if others.Empty() || b.T.Tokens[r.Eyes].Codes.Among.Empty() {
			token = r.Eyes
		}
		b.Tokens.Drop(r.Eyes)
	}
	b.Tokens.Add(token)
	b.Rel = *set
	if b.Tokens.Has(r.Display) {
		b.Display.Minus(set)
		if b.Display.Empty() {
			b.Tokens.Drop(r.Display)
		}
	}
}
