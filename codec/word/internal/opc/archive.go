// Package opc opens the archive that a Word file is: its members, the relations
// between them, and their XML as trees with names that are the same in both
// dialects of the standard. All of it is bounded in size, depth and count before
// it takes memory. The package judges no text and knows no styles; it may not
// open files or follow a relation that leads out of the archive.
package opc

import (
	"archive/zip"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"unicode/utf8"
)

// MaxMembers is the most members that an archive may have.
const MaxMembers = 4096

// The other limits of an archive.
const (
	maxPart   = 64 << 20  // bytes of one member, unpacked
	maxRead   = 32 << 20  // bytes of one that is read
	maxAll    = 192 << 20 // bytes of all members together, unpacked
	maxRatio  = 200       // how many times larger a member may become
	ratioFrom = 4 << 20   // below it no ratio does harm
	slack     = 4096      // bytes between members that programs pad with
)

// Why an archive cannot be read at all.
var (
	ErrEncrypted = errors.New("encrypted")
	ErrNotWord   = errors.New("no Word document")
	ErrTooMuch   = errors.New("more than a document may hold")
)

// Archive is an open Word file. It is for one goroutine.
type Archive struct {
	Files  map[string]*zip.File // the members by their names
	Names  []string             // in order
	Used   map[string]bool      // members that were read, or are known for what they are
	Loose  []string             // what stands in the archive beside its members
	budget budget               // of the trees
	cached map[string]*Relations
}

// Open looks an archive of at most limit bytes over before anything in it is
// unpacked. Its error is one of those above, or says how the archive is
// damaged.
func Open(b []byte, limit int) (*Archive, error) {
	if len(b) > limit {
		return nil, fmt.Errorf("%d bytes: %w", len(b), ErrTooMuch)
	}
	if bytes.HasPrefix(b, []byte("\xd0\xcf\x11\xe0")) {
		return nil, ErrEncrypted
	}
	if !bytes.HasPrefix(b, []byte("PK")) {
		return nil, ErrNotWord
	}
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, err
	}
	if len(z.File) > MaxMembers {
		return nil, fmt.Errorf("%d members: %w", len(z.File), ErrTooMuch)
	}
	a := &Archive{Files: map[string]*zip.File{}, Used: map[string]bool{}, cached: map[string]*Relations{}}
	seen, all := map[string]bool{}, uint64(0)
	for _, f := range z.File {
		if err := checkMember(f); err != nil {
			return nil, err
		}
		// Names of parts do not tell capitals from small letters.
		lower := strings.ToLower(f.Name)
		if seen[lower] {
			return nil, fmt.Errorf("%q is there twice", f.Name)
		}
		seen[lower] = true
		if all += f.UncompressedSize64; all > maxAll {
			return nil, fmt.Errorf("%d bytes unpacked: %w", all, ErrTooMuch)
		}
		if strings.HasSuffix(f.Name, "/") && f.UncompressedSize64 == 0 {
			continue
		}
		a.Files[f.Name] = f
		a.Names = append(a.Names, f.Name)
	}
	slices.Sort(a.Names)
	if z.Comment != "" {
		a.Loose = append(a.Loose, "the archive has a comment")
	}
	return a, a.gaps(z.File, int64(len(b)))
}

func checkMember(f *zip.File) error {
	name := strings.TrimSuffix(f.Name, "/")
	switch {
	case f.Flags&1 != 0:
		return ErrEncrypted
	case f.Method != zip.Store && f.Method != zip.Deflate:
		return fmt.Errorf("%q is packed with method %d", f.Name, f.Method)
	case !utf8.ValidString(name) || name == "" || len(name) > 512 || strings.ContainsAny(name, "\\\x00:"),
		path.IsAbs(name) || path.Clean(name) != name || name == ".." || strings.HasPrefix(name, "../"):
		return fmt.Errorf("a member is named %q", f.Name)
	case f.UncompressedSize64 > maxPart,
		f.UncompressedSize64 > ratioFrom && f.UncompressedSize64/maxRatio > f.CompressedSize64:
		return fmt.Errorf("%q unpacks to %d bytes: %w", f.Name, f.UncompressedSize64, ErrTooMuch)
	}
	return nil
}

// gaps looks for bytes that belong to no member: before, between and behind
// them. Members that share bytes are refused.
func (a *Archive) gaps(files []*zip.File, size int64) error {
	type span struct{ from, to, name int64 }
	var spans []span
	directory := int64(22)
	for _, f := range files {
		at, err := f.DataOffset()
		if err != nil {
			return err
		}
		spans = append(spans, span{at, at + int64(f.CompressedSize64), int64(len(f.Name))}) //nolint:gosec // checkMember bounds it
		directory += int64(46 + len(f.Name) + len(f.Extra))
		if f.Comment != "" {
			a.Loose = append(a.Loose, fmt.Sprintf("the member %q has a comment", Base(f.Name)))
			directory += int64(len(f.Comment))
		}
	}
	slices.SortFunc(spans, func(x, y span) int { return cmp.Compare(x.from, y.from) })
	last, loose := int64(0), false
	for _, s := range spans {
		between := s.from - last - 30 - s.name
		if between < 0 {
			return fmt.Errorf("members of the archive overlap: %w", ErrTooMuch)
		}
		loose = loose || between > slack
		last = s.to
	}
	if loose || size-last-directory > slack {
		a.Loose = append(a.Loose, "the archive has bytes that belong to no part")
	}
	return nil
}

// Bytes unpacks a member, of at most 32 MiB.
func (a *Archive) Bytes(name string) ([]byte, error) {
	f := a.Files[name]
	if f == nil {
		return nil, fmt.Errorf("%q is not there", name)
	}
	rc, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer rc.Close()
	b, err := io.ReadAll(io.LimitReader(rc, maxRead+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(b) > maxRead {
		return nil, fmt.Errorf("%s: %w", name, ErrTooMuch)
	}
	return b, nil
}

// Tree reads a member that is XML, and takes it as used. All trees of an archive
// are bounded together.
func (a *Archive) Tree(name string) (*Node, error) {
	f := a.Files[name]
	if f == nil {
		return nil, fmt.Errorf("%q is not there", name)
	}
	a.Used[name] = true
	rc, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer rc.Close()
	root, comments, err := parse(io.LimitReader(rc, maxRead), &a.budget)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if comments {
		a.Loose = append(a.Loose, fmt.Sprintf("the part %q has comments in its code", Base(name)))
	}
	return root, nil
}

// A Relation leads from a part to another, or out of the file.
type Relation struct {
	Kind     string // what stands behind the family of its type, or the whole type
	Target   string // the name of a part, or an address outside of the file
	External bool   // it leads out of the file
	Known    bool   // its type is of one of the families below
	id       string
}

// Relations are all that a part has.
type Relations struct {
	List []*Relation // in the order of the file
	ByID map[string]*Relation
}

// families are the beginnings of the types of relations. What comes behind
// them is the kind.
var families = []string{
	"http://schemas.openxmlformats.org/officeDocument/2006/relationships/",
	"http://schemas.openxmlformats.org/officedocument/2006/relationships/", // as LibreOffice has it for properties
	"http://purl.oclc.org/ooxml/officeDocument/relationships/",
	"http://schemas.openxmlformats.org/package/2006/relationships/",
	"http://schemas.microsoft.com/office/2006/relationships/",
	"http://schemas.microsoft.com/office/2007/relationships/",
	"http://schemas.microsoft.com/office/2011/relationships/",
	"http://schemas.microsoft.com/office/2016/09/relationships/",
	"http://schemas.microsoft.com/office/2018/08/relationships/",
	"http://schemas.microsoft.com/office/2020/10/relationships/",
}

// relsOf returns the name of the part that holds a part's relations; that of
// the package itself is "".
func relsOf(part string) string {
	return path.Join(path.Dir(part), "_rels", path.Base(strings.TrimSuffix(part, "/"))+".rels")
}

// Rels returns the relations of a part, or of the file itself if part is "": none
// if it has none. It fails if they are damaged.
func (a *Archive) Rels(part string) (*Relations, error) {
	if r := a.cached[part]; r != nil {
		return r, nil
	}
	out := &Relations{ByID: map[string]*Relation{}}
	a.cached[part] = out
	name := relsOf(part)
	if part == "" {
		name = "_rels/.rels"
	}
	if a.Files[name] == nil {
		return out, nil
	}
	root, err := a.Tree(name)
	if err != nil {
		return nil, err
	}
	if root.Name != "rel:Relationships" || root.Stray() != "" {
		return nil, fmt.Errorf("%s holds no relations", name)
	}
	for _, k := range root.Kids {
		if k.Name != "rel:Relationship" {
			return nil, fmt.Errorf("%s holds a %q", name, k.Name)
		}
		rel := newRelation(k, part)
		if rel.id == "" || out.ByID[rel.id] != nil {
			return nil, fmt.Errorf("%s has the relation %q twice, or without a name", name, rel.id)
		}
		out.ByID[rel.id] = rel
		out.List = append(out.List, rel)
	}
	return out, nil
}

func newRelation(k *Node, part string) *Relation {
	rel := &Relation{id: k.Attr("Id"), Kind: k.Attr("Type"), Target: k.Attr("Target"), External: strings.EqualFold(k.Attr("TargetMode"), "External")}
	for _, f := range families {
		if kind, ok := strings.CutPrefix(rel.Kind, f); ok {
			rel.Kind, rel.Known = strings.TrimPrefix(kind, "metadata/"), true
			break
		}
	}
	if !rel.External {
		t, _, _ := strings.Cut(rel.Target, "#")
		if path.IsAbs(t) {
			rel.Target = strings.TrimPrefix(path.Clean(t), "/")
		} else {
			rel.Target = path.Join(path.Dir(part), t)
		}
	}
	return rel
}

// Base returns the name of a part as messages have it: without its folders, and
// cut to 40 characters.
func Base(part string) string { return Clip(path.Base(part), 40) }
