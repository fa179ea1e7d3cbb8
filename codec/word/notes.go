package word

import (
	"fmt"
	"slices"
	"strings"

	"tearline"
	"tearline/codec/document"
	"tearline/codec/word/internal/opc"
)

// noteStory is a footnote or an endnote.
type noteStory struct {
	part, kind string
	root       *opc.Node
	number     int // in the order of the signs that refer to them; 0 if none does yet
}

// readNotes takes the notes of a part, for the signs that refer to them.
func (r *reader) readNotes(root *opc.Node, part, kind string) {
	for _, n := range root.Kids {
		switch n.Attr("w:type") {
		case "", "normal":
		case "separator", "continuationSeparator", "continuationNotice":
			if n.Stray() != "" {
				r.fault("", "the line above the "+kind+"s has text", "in Word: draft view, show notes, reset the separators")
			}
			continue
		default:
			r.fault("", "a "+kind+" of a kind that is not known here", hintRemove)
		}
		if n.Name != "w:"+kind {
			r.fault("", unknown(n)+" among the "+kind+"s", hintRemove)
			continue
		}
		key := kind + " " + n.Attr("w:id")
		if r.notes[key] != nil {
			r.fault("", "two "+kind+"s of the same number", "open it in Word, and save it again")
			continue
		}
		r.notes[key] = &noteStory{part: part, kind: kind, root: n}
	}
}

// seen numbers a note that a sign refers to.
func (r *reader) seen(n *noteStory) {
	r.numbered[n.kind]++
	n.number = r.numbered[n.kind]
}

// noteBlock reads a note: its paragraphs are one block.
func (r *reader) noteBlock(n *noteStory, f *flow) {
	s := r.story(n.part, document.Body, fmt.Sprintf("%s %d", n.kind, n.number))
	s.inNote = true
	var inner flow
	s.blocks(n.root.Kids, &inner)
	s.close(s.place)
	r.whole(n.root, s.place)
	out := &piece{}
	out.Where, out.Form.Shape = s.place, tearline.Note
	var behind []*piece
	for _, p := range inner.list {
		if p.Form.Picture != nil || p.Where != s.place {
			behind = append(behind, p)
			continue
		}
		if out.Text != "" {
			out.Text += "\n"
		}
		for _, st := range p.Form.Styles {
			st.From += len(out.Text)
			st.To += len(out.Text)
			out.Form.Styles = append(out.Form.Styles, st)
		}
		out.Text += p.Text
	}
	if out.Text != "" {
		f.list = append(f.list, out)
	}
	f.list = append(f.list, behind...)
}

// leftNotes has a fault for each note that no sign refers to.
func (r *reader) leftNotes() {
	var left []string
	for key, n := range r.notes {
		if n.number == 0 && n.root.Stray() != "" {
			left = append(left, key)
		}
	}
	slices.Sort(left)
	for _, key := range left {
		kind, _, _ := strings.Cut(key, " ")
		r.fault("", "a "+kind+" that nothing refers to", hintInspect)
	}
}
