// Package word reads Word files (.docx) as a person sees them: block by block,
// with headings, lists, tables, notes, text boxes and pictures. Whatever is in
// the file and not on its pages is a fault with its place: tracked changes,
// hidden text, comments, the codes of fields, embedded things, parts that
// belong to nothing.
//
// It goes by lists of what is known. An element, a part, a relation or a
// property that is not on them is a fault, never passed over: a file may say
// the same in ways that nobody here has seen yet.
//
// The package may not open files, follow a link or read a clock, and it writes
// no Word files. What a block means for a report is for the caller to say.
package word

import (
	"errors"
	"fmt"
	"strings"

	"tearline"
	"tearline/codec/document"
	"tearline/codec/word/internal/look"
	"tearline/codec/word/internal/opc"
)

// Limits of one reading, beside those of the document package.
const (
	maxFaults = 2000
	maxNotes  = 1000
	maxNested = 150 // blocks, text boxes and pieces of a paragraph in each other
	nearest   = 40  // characters of a paragraph that a fault quotes
	maxQuoted = 200 // characters of an address in a note
)

// Read returns what a Word file shows, and in its faults what it holds beside.
// It fails only for what cannot be read at all: no Word file, a damaged one, or
// one that unpacks to more than a document holds; the error is a
// [tearline.Error] of kind Invalid. It may be called by several goroutines.
func Read(b []byte) (document.Reading, error) {
	a, err := opc.Open(b, document.MaxInput)
	if err == nil {
		r := &reader{Archive: a, noted: map[string]bool{}, told: map[string]bool{}, numbered: map[string]int{}}
		if err = r.read(); err == nil {
			return r.out, nil
		}
	}
	e := &tearline.Error{Op: "word.read", Kind: tearline.Invalid, Err: err}
	switch {
	case errors.Is(err, opc.ErrEncrypted):
		e.Public, e.Hint = "the file is locked with a password, or in Word's old format", "save it as .docx without a password"
	case errors.Is(err, opc.ErrNotWord):
		e.Public, e.Hint = "this is no Word document", "save it as .docx"
	case errors.Is(err, opc.ErrTooMuch):
		e.Public, e.Hint = "the file holds more than a document may", "split it, or save it again in Word"
	default:
		e.Public, e.Hint = "the Word file is damaged", "open it in Word, save it again, and try once more"
	}
	return document.Reading{}, e
}

// reader reads one file.
type reader struct {
	*opc.Archive
	out    document.Reading
	styles *look.Styles
	nums   *look.Numbering
	// settings that change what is shown
	evenAndOdd bool
	page       string // the colour of the sheets

	main       string // the document's part
	body       *opc.Node
	said       string // the words of the body, once they were needed
	paragraphs int    // of the body, so far
	tables     int
	pictures   int
	pixels     int // of all pictures that were decoded
	pngs       int // bytes of all pictures that are kept
	size       int // bytes of all text
	blocks     int
	noted      map[string]bool
	told       map[string]bool       // addresses of links that a note tells
	notes      map[string]*noteStory // footnotes and endnotes, by "footnote 3"
	numbered   map[string]int        // how many notes of a kind have a sign
	depth      int                   // of the walk
	boxes      int                   // text boxes that are open
	err        error                 // what ends the reading
}

// fault records what must not be overlooked.
func (r *reader) fault(where, text, hint string) {
	switch n := len(r.out.Faults); {
	case n < maxFaults:
		r.out.Faults = append(r.out.Faults, tearline.Fault{Where: where, Text: text, Hint: hint})
	case n == maxFaults:
		r.out.Faults = append(r.out.Faults, tearline.Fault{Text: "more faults than can be listed", Hint: "mend these first"})
	}
}

// note records what was left out or understood in one of several ways, once.
func (r *reader) note(format string, args ...any) {
	s := fmt.Sprintf(format, args...)
	if r.noted[s] || len(r.noted) > maxNotes {
		return
	}
	r.noted[s] = true
	if len(r.noted) > maxNotes {
		s = "more was left out than can be listed"
	}
	r.out.Notes = append(r.out.Notes, s)
}

// down goes one deeper into the file, and reports whether it may.
func (r *reader) down() bool {
	r.depth++
	if r.depth > maxNested && r.err == nil {
		r.err = fmt.Errorf("pieces nested %d deep: %w", r.depth, opc.ErrTooMuch)
	}
	return r.err == nil
}

func (r *reader) up() { r.depth-- }

func (r *reader) read() error {
	main, err := r.find()
	if err != nil {
		return err
	}
	r.main = main
	if err := r.prepare(); err != nil {
		return err
	}
	doc, err := r.Tree(main)
	if err != nil {
		return err
	}
	if doc.Name != "w:document" {
		return fmt.Errorf("%s is a %q: %w", main, doc.Name, opc.ErrNotWord)
	}
	s := r.story(main, document.Body, "")
	for _, k := range doc.Kids {
		switch k.Name {
		case "w:body":
			if r.body != nil {
				return fmt.Errorf("%s has two bodies", main)
			}
			r.body = k
		case "w:background":
			r.page = look.Colour(k, "w:color", "w:themeColor")
			if len(k.Kids) > 0 {
				r.fault("", "the pages have a picture or pattern behind the text", "remove the page background")
			}
		default:
			s.unknown(k, "the document")
		}
	}
	if r.body == nil {
		return fmt.Errorf("%s has no body: %w", main, opc.ErrNotWord)
	}
	secs := sections(r.body)
	r.headers(s, secs)
	flow := &flow{}
	s.blocks(r.body.Kids, flow)
	s.close("the end of the document")
	r.emit(flow)
	r.whole(doc, "")
	r.leftNotes()
	r.inventory()
	return r.err
}

// whole has a fault for text that stands where no text can, so that no way of
// walking along the document passes it.
func (r *reader) whole(root *opc.Node, where string) {
	if text := root.Left(); text != "" && r.err == nil {
		r.fault(where, fmt.Sprintf("text where no text can be, %q", opc.Clip(text, nearest)), hintInspect)
	}
}

// find returns the name of the part that is the document.
func (r *reader) find() (string, error) {
	rels, err := r.Rels("")
	if err != nil {
		return "", err
	}
	for _, rel := range rels.List {
		if rel.Kind == "officeDocument" && !rel.External {
			if r.Files[rel.Target] == nil || strings.HasPrefix(rel.Target, "xl/") || strings.HasPrefix(rel.Target, "ppt/") {
				return "", opc.ErrNotWord
			}
			return rel.Target, nil
		}
	}
	return "", opc.ErrNotWord
}

// prepare reads what the text's look depends on.
func (r *reader) prepare() error {
	rels, err := r.Rels(r.main)
	if err != nil {
		return err
	}
	r.styles = look.NewStyles()
	r.nums = look.NewNumbering()
	r.notes = map[string]*noteStory{}
	for _, rel := range rels.List {
		if rel.External || r.Files[rel.Target] == nil {
			continue
		}
		var read func(*opc.Node)
		switch rel.Kind {
		case "styles":
			read = r.readStyles
		case "numbering":
			read = r.readNumbering
		case "settings":
			read = r.readSettings
		case "footnotes", "endnotes":
			part, kind := rel.Target, strings.TrimSuffix(rel.Kind, "s")
			read = func(n *opc.Node) { r.readNotes(n, part, kind) }
		default:
			continue
		}
		if r.Used[rel.Target] {
			return fmt.Errorf("%s is referred to twice", rel.Target)
		}
		root, err := r.Tree(rel.Target)
		if err != nil {
			return err
		}
		read(root)
		if rel.Kind == "numbering" {
			if err := r.bullets(rel.Target); err != nil {
				return err
			}
		}
	}
	return nil
}

// bullets notes the pictures that mark items of lists.
func (r *reader) bullets(part string) error {
	rels, err := r.Rels(part)
	if err != nil {
		return err
	}
	for _, rel := range rels.List {
		if rel.Kind == "image" && r.Files[rel.Target] != nil {
			r.Used[rel.Target] = true
			r.note("a picture that marks the items of a list is left out")
		}
	}
	return nil
}

// readSettings looks for what changes what is seen, and for text.
func (r *reader) readSettings(root *opc.Node) {
	r.evenAndOdd = opc.On(root.Kid("w:evenAndOddHeaders"))
	for _, k := range root.Kids {
		switch k.Name {
		case "w:docVars":
			if len(k.Kids) > 0 {
				r.fault("", "the document's settings hold variables, which nobody sees", hintInspect)
			}
		case "w:mailMerge":
			r.fault("", "the document is joined to a source of mail merge data", "finish the merge, and save the result")
		case "w:schemaLibrary", "w:attachedSchema", "w:saveThroughXslt":
			r.fault("", "the document's settings name a foreign schema", hintInspect)
		case "w:captions":
			continue
		}
		if k.Stray() != "" {
			r.fault("", "the document's settings hold text", hintInspect)
		}
	}
}

// emit puts the blocks of the body into the reading, pictures with their
// captions.
func (r *reader) emit(f *flow) {
	f.captions(r)
	for _, p := range f.list {
		if p.gone {
			continue
		}
		r.out.Blocks = append(r.out.Blocks, p.Block)
	}
}

const (
	hintInspect = "in Word: File, Info, Check for Issues, Inspect Document; or copy the visible text into a new file"
	hintRemove  = "remove it"
	hintPicture = "put it in as a picture (PNG) with a caption, or as text"
)
