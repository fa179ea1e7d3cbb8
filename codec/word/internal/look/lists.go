package look

import "tearline/codec/word/internal/opc"

// Numbering is how lists are numbered.
type Numbering struct{ lists map[string]*list }

// NewNumbering returns no lists, as a document without a part of them has.
func NewNumbering() *Numbering { return &Numbering{lists: map[string]*list{}} }

type list struct{ levels map[int]*Level }

// Level is how the items of one level of a list are numbered.
type Level struct {
	Format string // the kind of numbers; "bullet" or "none" for none
	Label  string // with %1 for the number of the first level
}

// Level returns the level of a list, from 0, one with bullets if it is not
// known.
func (n *Numbering) Level(id string, depth int) *Level {
	if l := n.lists[id]; l != nil && l.levels[depth] != nil {
		return l.levels[depth]
	}
	return &Level{Format: "bullet"}
}

// Read takes the lists of a part, beside those that are there.
func (n *Numbering) Read(root *opc.Node) {
	abstract, linked := map[string]*opc.Node{}, map[string]*opc.Node{}
	for _, k := range root.Kids {
		if k.Name == "w:abstractNum" {
			abstract[k.Attr("w:abstractNumId")] = k
			if link := k.Kid("w:styleLink").Attr("w:val"); link != "" {
				linked[link] = k
			}
		}
	}
	for _, k := range root.Kids {
		if k.Name != "w:num" {
			continue
		}
		l := &list{levels: map[int]*Level{}}
		base := abstract[k.Kid("w:abstractNumId").Attr("w:val")]
		if link := base.Kid("w:numStyleLink").Attr("w:val"); link != "" {
			l.read(linked[link])
		}
		l.read(base)
		for _, o := range k.Kids {
			if o.Name == "w:lvlOverride" {
				l.read(o)
			}
		}
		n.lists[k.Attr("w:numId")] = l
	}
}

func (l *list) read(n *opc.Node) {
	if n == nil {
		return
	}
	for _, k := range n.Kids {
		if k.Name != "w:lvl" {
			continue
		}
		format := k.Find("w:numFmt").Attr("w:val")
		if format == "" {
			format = "decimal"
		}
		l.levels[opc.Number(k.Attr("w:ilvl"))] = &Level{Format: format, Label: k.Kid("w:lvlText").Attr("w:val")}
	}
}
