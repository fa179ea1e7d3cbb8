package article

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// The limits of a Word file.
const (
	maxMembers = 4096
	maxPart    = 128 << 20 // bytes of one part, unpacked
	maxRatio   = 400       // how many times larger a part may become
	ratioFrom  = 4 << 20   // below it no ratio does harm
	maxNesting = 256       // elements within each other
)

var (
	errNotWord = errors.New("is a ZIP archive but no Word document")
	errBomb    = errors.New("unpacks to more than a document holds")
)

// readDOCX reads a Word file: its body with tables and text boxes, then the
// notes. Insertions that were tracked are in, deletions out; so are hidden
// text, the codes of fields, headers and footers.
func readDOCX(name string, b []byte) (Article, error) {
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return Article{}, refuse(name, "the archive is damaged", "get it again", err)
	}
	if len(z.File) > maxMembers {
		return Article{}, refuse(name, fmt.Sprintf("an archive of %d files", len(z.File)), "", nil)
	}
	w := word{members: map[string]*zip.File{}, left: maxPart}
	for _, f := range z.File {
		if _, twice := w.members[f.Name]; twice {
			return Article{}, refuse(name, fmt.Sprintf("the archive has %q twice", line(f.Name)), "", nil)
		}
		w.members[f.Name] = f
	}
	a, err := w.read()
	switch {
	case errors.Is(err, errNotWord):
		return a, refuse(name, errNotWord.Error(), "save it as PDF, DOCX or plain text", err)
	case errors.Is(err, errBomb):
		return a, refuse(name, errBomb.Error(), "", err)
	case err != nil:
		return a, refuse(name, "the Word document is damaged", "open it in Word, save it again, and try once more", err)
	}
	return a, nil
}

// word is an open Word file.
type word struct {
	members map[string]*zip.File
	left    int64 // bytes that may still be unpacked
}

func (w *word) read() (Article, error) {
	main, err := w.main()
	if err != nil {
		return Article{}, err
	}
	var a Article
	var paras []string
	for _, part := range []string{main, path.Join(path.Dir(main), "footnotes.xml"), path.Join(path.Dir(main), "endnotes.xml")} {
		if w.members[part] == nil {
			continue
		}
		p := &story{}
		if err := w.each(part, p.token); err != nil {
			return a, fmt.Errorf("%s: %w", part, err)
		}
		paras = append(paras, p.paras...)
	}
	a.Text = strings.Join(paras, "\n\n")
	if w.members["docProps/core.xml"] != nil {
		c := &coreProps{}
		if err := w.each("docProps/core.xml", c.token); err != nil {
			return a, err
		}
		a.Title, a.Author = c.title.String(), c.creator.String()
	}
	return a, nil
}

// main finds the part that is the document.
func (w *word) main() (string, error) {
	found := ""
	if w.members["_rels/.rels"] != nil {
		err := w.each("_rels/.rels", func(t xml.Token) error {
			e, ok := t.(xml.StartElement)
			if ok && e.Name.Local == "Relationship" && strings.HasSuffix(xmlAttr(e, "Type"), "/officeDocument") && found == "" {
				found = path.Clean(strings.TrimPrefix(xmlAttr(e, "Target"), "/"))
			}
			return nil
		})
		if err != nil {
			return "", err
		}
	}
	if w.members[found] == nil {
		found = "word/document.xml"
	}
	if w.members[found] == nil || !strings.HasSuffix(found, ".xml") || strings.HasPrefix(found, "xl/") || strings.HasPrefix(found, "ppt/") {
		return "", errNotWord
	}
	return found, nil
}

// each calls do for each token of a part, within the limits.
func (w *word) each(part string, do func(xml.Token) error) error {
	f := w.members[part]
	if size := f.UncompressedSize64; size > ratioFrom && size > maxRatio*max(f.CompressedSize64, 1) {
		return errBomb
	}
	rc, err := f.Open()
	if err != nil {
		return err
	}
	defer rc.Close()
	limited := &io.LimitedReader{R: rc, N: w.left}
	err = tokens(limited, do)
	if limited.N <= 0 {
		return errBomb
	}
	w.left = limited.N
	return err
}

// tokens calls do for each token of an XML document that has no more elements
// within each other than a document of Word's.
func tokens(r io.Reader, do func(xml.Token) error) error {
	d := xml.NewDecoder(r)
	for depth := 0; ; {
		t, err := d.RawToken()
		switch {
		case errors.Is(err, io.EOF) && depth == 0:
			return nil
		case errors.Is(err, io.EOF):
			return io.ErrUnexpectedEOF
		case err != nil:
			return err
		}
		switch t.(type) {
		case xml.StartElement:
			depth++
		case xml.EndElement:
			depth--
		case xml.Directive:
			return errors.New("a document type declaration, which no Word document has")
		}
		if depth > maxNesting || depth < 0 {
			return fmt.Errorf("elements nested %d deep", depth)
		}
		if err := do(t); err != nil {
			return err
		}
	}
}

func xmlAttr(e xml.StartElement, local string) string {
	for _, a := range e.Attr {
		if a.Name.Local == local {
			return a.Value
		}
	}
	return ""
}

// sink collects the paragraphs of a body, a cell or a text box.
type sink struct {
	paras []string
	rows  []string // of the table that is open in it
	cells []string // of the row that is open in that
}

func (s *sink) add(p string) {
	if p = strings.TrimSpace(p); p != "" {
		s.paras = append(s.paras, p)
	}
}

// story reads the text of one part. Word's elements are known by their local
// names, as its two dialects have different namespaces.
type story struct {
	sink
	outer  []sink             // what the open cells stand in
	para   []*strings.Builder // the open paragraphs: text boxes stand in others
	skip   int                // open elements within what is left out
	choice []bool             // the open alternatives: whether one was taken
	hidden bool               // the run is
	inText bool               // within w:t
	size   int
}

func (s *story) token(t xml.Token) error {
	switch t := t.(type) {
	case xml.StartElement:
		if s.skip > 0 || s.leaves(t) {
			s.skip++
			return nil
		}
		s.start(t)
	case xml.EndElement:
		if s.skip > 0 {
			s.skip--
			return nil
		}
		s.end(t.Name.Local)
	case xml.CharData:
		if s.skip == 0 && s.inText && !s.hidden {
			s.write(string(t))
		}
	}
	if s.size > 2*MaxText {
		return errBomb
	}
	return nil
}

// leaves reports whether an element is left out with all that is in it.
func (s *story) leaves(e xml.StartElement) bool {
	switch e.Name.Local {
	case "del", "moveFrom", "delText", "instrText", "delInstrText", "pPrChange", "rPrChange", "object", "pict":
		// A picture of the old kind is the fallback of a drawing, or holds a
		// text box of its own.
		return e.Name.Local != "pict" || len(s.choice) > 0
	case "Choice":
		if n := len(s.choice); n > 0 {
			taken := s.choice[n-1]
			s.choice[n-1] = true
			return taken
		}
	case "Fallback":
		n := len(s.choice)
		return n > 0 && s.choice[n-1]
	case "footnote", "endnote":
		kind := xmlAttr(e, "type")
		return kind != "" && kind != "normal" // separators
	}
	return false
}

func (s *story) start(e xml.StartElement) {
	switch e.Name.Local {
	case "AlternateContent":
		s.choice = append(s.choice, false)
	case "p":
		s.para = append(s.para, &strings.Builder{})
	case "r":
		s.hidden = false
	case "vanish", "webHidden":
		v := xmlAttr(e, "val")
		s.hidden = v != "0" && v != "false" && v != "off" && len(s.para) > 0
	case "t":
		s.inText = true
	case "tab", "ptab":
		s.write("\t")
	case "br", "cr":
		s.write("\n")
	case "noBreakHyphen":
		s.write("-")
	case "tbl":
		s.outer = append(s.outer, s.sink)
		s.sink = sink{}
	case "tc":
		s.outer = append(s.outer, s.sink)
		s.sink = sink{}
	}
}

func (s *story) end(local string) {
	switch local {
	case "AlternateContent":
		if n := len(s.choice); n > 0 {
			s.choice = s.choice[:n-1]
		}
	case "p":
		if n := len(s.para); n > 0 {
			s.add(s.para[n-1].String())
			s.para = s.para[:n-1]
		}
		s.hidden = false
	case "r", "pPr":
		s.hidden = false // what a paragraph's own mark looks like hides no text
	case "t":
		s.inText = false
	case "tc":
		if cell, ok := s.up(); ok {
			s.cells = append(s.cells, strings.Join(strings.Fields(strings.Join(cell.paras, " ")), " "))
		}
	case "tr":
		s.rows = append(s.rows, strings.Trim(strings.Join(s.cells, "\t"), "\t"))
		s.cells = nil
	case "tbl":
		if table, ok := s.up(); ok {
			s.add(strings.Join(append(table.rows, table.paras...), "\n"))
		}
	}
}

// up goes back to what a cell or table stands in, and returns what it held.
func (s *story) up() (sink, bool) {
	n := len(s.outer)
	if n == 0 {
		return sink{}, false
	}
	inner := s.sink
	s.sink = s.outer[n-1]
	s.outer = s.outer[:n-1]
	return inner, true
}

func (s *story) write(text string) {
	s.size += len(text)
	if n := len(s.para); n > 0 && !s.hidden {
		_, _ = s.para[n-1].WriteString(text) // it never fails
	}
}

// coreProps reads title and author of the document's properties.
type coreProps struct {
	title, creator strings.Builder
	in             string
}

func (c *coreProps) token(t xml.Token) error {
	switch t := t.(type) {
	case xml.StartElement:
		c.in = t.Name.Local
	case xml.EndElement:
		c.in = ""
	case xml.CharData:
		switch {
		case c.in == "title" && c.title.Len() < 4096:
			c.title.Write(t)
		case c.in == "creator" && c.creator.Len() < 4096:
			c.creator.Write(t)
		}
	}
	return nil
}
