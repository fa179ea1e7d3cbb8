package word

import (
	"fmt"

	"tearline"
	"tearline/codec/document"
	"tearline/codec/word/internal/look"
	"tearline/codec/word/internal/opc"
)

// blocks reads paragraphs, tables and what holds them.
func (s *story) blocks(kids []*opc.Node, f *flow) {
	if !s.down() {
		return
	}
	defer s.up()
	for _, k := range kids {
		if s.err != nil {
			return
		}
		s.block(k, f)
	}
}

func (s *story) block(k *opc.Node, f *flow) {
	here := func(text, hint string) {
		s.fault(s.where(false), text, hint)
	}
	if s.common(k, here) {
		return
	}
	switch k.Name {
	case "w:p":
		p := s.open(k)
		s.inline(p, k.Kids)
		s.finish(p, f)
	case "w:tbl":
		switch {
		case s.inCell:
			k.Take()
			here(traps["w:tbl"].text, traps["w:tbl"].hint)
		case s.inNote:
			here("a table in a note", "set it in the text")
		default:
			s.table(k, f)
		}
	case "w:sdt":
		s.control(k, here)
		s.blocks(k.Kid("w:sdtContent").All(), f)
	case "w:customXml":
		s.tagged(k, here)
		s.blocks(opc.Without(k, "w:customXmlPr"), f)
	case "w:ins", "w:moveTo":
		s.note("text inserted with changes tracked counts as text")
		s.blocks(k.Kids, f)
	case "mc:AlternateContent":
		s.blocks(s.choose(k, here), f)
	default:
		here(unknown(k), hintFlat)
	}
}

// section is how a stretch of the body is set.
type section struct {
	props *opc.Node
	first bool // it has a header of its own on its first page
}

// sections returns the sections of the body, in their order.
func sections(body *opc.Node) []section {
	var out []section
	old := map[*opc.Node]bool{} // what a tracked change was before
	body.Each(func(n *opc.Node) {
		switch n.Name {
		case "w:sectPrChange", "w:pPrChange":
			n.Each(func(k *opc.Node) { old[k] = true })
		case "w:sectPr":
			if !old[n] {
				out = append(out, section{n, opc.On(n.Kid("w:titlePg"))})
			}
		}
	})
	return out
}

// sheet looks at the size of the paper.
func (r *reader) sheet(size *opc.Node) {
	if size != nil && (opc.Number(size.Attr("w:w")) < 1440 || opc.Number(size.Attr("w:h")) < 1440) {
		r.fault("", "sheets too small to be read", "set the size of the paper")
	}
}

var references = map[string]string{"w:headerReference": "header", "w:footerReference": "footer"}

var zones = map[string]document.Zone{"header": document.Header, "footer": document.Footer}

var variants = map[string]string{"default": "", "": "", "first": " of the first page", "even": " of even pages"}

// headers reads the headers and footers that the sections use, each different
// text once.
func (r *reader) headers(s *story, secs []section) {
	var all flow
	seen := map[string]bool{}
	var unseen []*opc.Relation
	for i, sec := range secs {
		r.sheet(sec.props.Kid("w:pgSz"))
		for _, k := range sec.props.Kids {
			what := references[k.Name]
			if what == "" {
				continue
			}
			kind := k.Attr("w:type")
			rel := s.rels.ByID[k.Attr("r:id")]
			if rel == nil || rel.Kind != what || r.Files[rel.Target] == nil {
				r.fault(what, "a "+what+" that is not there", "make it anew")
				continue
			}
			if kind == "first" && !usesFirst(secs, i) || kind == "even" && !r.evenAndOdd {
				unseen = append(unseen, rel)
				continue
			}
			where := what + variants[kind]
			if i > 0 {
				where += fmt.Sprintf(", section %d", i+1)
			}
			r.header(rel.Target, where, zones[what], seen, &all)
		}
	}
	r.emit(&all)
	r.unseen(unseen, seen)
}

// unseen looks at headers and footers that are there and not shown. Word
// leaves them where they were; one that says what another says is harmless.
func (r *reader) unseen(list []*opc.Relation, seen map[string]bool) {
	for _, rel := range list {
		if r.Used[rel.Target] {
			continue
		}
		if root, err := r.Tree(rel.Target); err != nil {
			r.err = err
		} else if t := root.Stray(); t != "" && !seen[t] {
			r.fault("", "a "+rel.Kind+" that is not shown", "show it (different first page, different even pages), or empty it")
		}
	}
}

// usesFirst reports whether a section, or one that takes its header over, has
// a first page of its own.
func usesFirst(secs []section, i int) bool {
	for ; i < len(secs); i++ {
		if secs[i].first {
			return true
		}
	}
	return false
}

func (r *reader) header(part, where string, zone document.Zone, seen map[string]bool, f *flow) {
	if r.Used[part] || r.err != nil {
		return
	}
	root, err := r.Tree(part)
	if err != nil {
		r.err = err
		return
	}
	key := root.Stray()
	pictures := root.Find("w:drawing") != nil || root.Find("w:pict") != nil
	if seen[key] && key != "" && !pictures {
		// The same words may still hide something: they are read, and only
		// the blocks are not kept.
		f = &flow{}
	}
	seen[key] = true
	s := r.story(part, zone, where)
	s.blocks(root.Kids, f)
	s.close(where)
	r.whole(root, where)
}

// table reads a table, cell by cell.
func (s *story) table(n *opc.Node, f *flow) {
	t := &table{story: s, where: "table in the " + s.place, merged: map[int]bool{}}
	if s.zone == document.Body {
		if s.tables++; s.tables > tearline.MaxTables {
			s.err = fmt.Errorf("%d tables: %w", s.tables, opc.ErrTooMuch)
			return
		}
		t.number, t.where = s.tables, fmt.Sprintf("table %d", s.tables)
	}
	pr := n.Kid("w:tblPr")
	for _, name := range []string{"w:tblCaption", "w:tblDescription"} {
		if s.unsaid(pr.Kid(name).Attr("w:val")) {
			s.fault(t.where, "an alternative text of the table, which nobody sees", "clear it in the table's properties")
		}
	}
	t.style = pr.Kid("w:tblStyle").Attr("w:val")
	t.back = s.back
	if c := look.Shade(pr.Kid("w:shd"), s.back); c != "" {
		t.back = c
	}
	for _, st := range s.styles.Chain(t.style) {
		if look.Hides(st.Table, t.back) {
			s.fault(t.where, "a style of tables that hides text", "take another style")
		}
	}
	pos := pr.Kid("w:tblpPr")
	for _, v := range []string{pos.Attr("w:tblpX"), pos.Attr("w:tblpY"), pr.Kid("w:tblInd").Attr("w:w")} {
		if n := opc.Number(v); n < -7200 || n > 20000 {
			s.fault(t.where, "a table set off the sheet", "move it onto the sheet")
		}
	}
	t.rows(n.Kids, f)
}

// table is one that is being read.
type table struct {
	*story
	number int
	where  string
	style  string
	back   string
	row    int
	merged map[int]bool // columns whose cell goes on from the row above
}

func (t *table) rows(kids []*opc.Node, f *flow) {
	if !t.down() {
		return
	}
	defer t.up()
	for _, k := range kids {
		if t.err != nil {
			return
		}
		here := func(text, hint string) { t.fault(fmt.Sprintf("%s, after row %d", t.where, t.row), text, hint) }
		if t.common(k, here) {
			continue
		}
		switch k.Name {
		case "w:tr":
			t.tr(k, f)
		case "w:sdt":
			t.control(k, here)
			t.rows(k.Kid("w:sdtContent").All(), f)
		case "w:customXml":
			t.tagged(k, here)
			t.rows(opc.Without(k, "w:customXmlPr"), f)
		case "w:ins", "w:moveTo":
			t.rows(k.Kids, f)
		case "mc:AlternateContent":
			t.rows(t.choose(k, here), f)
		default:
			here(unknown(k), hintFlat)
		}
	}
}

func (t *table) tr(n *opc.Node, f *flow) {
	t.row++
	where := fmt.Sprintf("%s, row %d", t.where, t.row)
	if t.row > tearline.MaxRows {
		t.err = fmt.Errorf("%d rows: %w", t.row, opc.ErrTooMuch)
		return
	}
	pr := n.Kid("w:trPr")
	text := n.Stray() != ""
	switch h := pr.Kid("w:trHeight"); {
	case pr.Kid("w:del") != nil:
		t.fault(where, "a row deleted with changes tracked", hintChanges)
	case opc.On(pr.Kid("w:hidden")) && text:
		t.fault(where, "a hidden row", "show it, or remove it")
	case h.Attr("w:hRule") == "exact" && opc.Number(h.Attr("w:val")) <= 60 && text:
		t.fault(where, "a row too low to be read", "set its height to automatic")
	}
	if pr.Kid("w:ins") != nil {
		t.note("a row inserted with changes tracked counts as text: %s", where)
	}
	column := 1 + opc.Number(pr.Kid("w:gridBefore").Attr("w:val"))
	t.cells(n.Kids, &column, f)
}

func (t *table) cells(kids []*opc.Node, column *int, f *flow) {
	if !t.down() {
		return
	}
	defer t.up()
	for _, k := range kids {
		if t.err != nil {
			return
		}
		here := func(text, hint string) {
			t.fault(fmt.Sprintf("%s, row %d", t.where, t.row), text, hint)
		}
		if t.common(k, here) {
			continue
		}
		switch k.Name {
		case "w:tc":
			t.cell(k, column, f)
		case "w:sdt":
			t.control(k, here)
			t.cells(k.Kid("w:sdtContent").All(), column, f)
		case "w:customXml":
			t.tagged(k, here)
			t.cells(opc.Without(k, "w:customXmlPr"), column, f)
		case "mc:AlternateContent":
			t.cells(t.choose(k, here), column, f)
		default:
			here(unknown(k), hintFlat)
		}
	}
}

// cell reads one cell: its paragraphs are one block.
func (t *table) cell(n *opc.Node, column *int, f *flow) {
	pr := n.Kid("w:tcPr")
	span := max(opc.Number(pr.Kid("w:gridSpan").Attr("w:val")), 1)
	at := *column
	*column += span
	if at < 1 || *column > tearline.MaxColumn+1 {
		t.err = fmt.Errorf("%d columns: %w", *column, opc.ErrTooMuch)
		return
	}
	s := *t.story
	s.inCell, s.fields = true, t.fields
	s.place = fmt.Sprintf("%s, row %d, column %d", t.where, t.row, at)
	s.back = t.shaded(pr)
	if pr.Kid("w:cellDel") != nil {
		s.fault(s.place, traps["w:cellDel"].text, hintChanges)
	}
	merge := pr.Kid("w:vMerge")
	goesOn := merge != nil && merge.Attr("w:val") != "restart" && t.merged[at]
	t.merged[at] = merge != nil
	if h := pr.Kid("w:hMerge"); h != nil && h.Attr("w:val") != "restart" && at > 1 {
		goesOn = true
	}
	if w := pr.Kid("w:tcW"); w.Attr("w:type") == "dxa" && opc.Number(w.Attr("w:w")) > 0 && opc.Number(w.Attr("w:w")) < 60 && n.Stray() != "" {
		s.fault(s.place, "a cell too narrow to be read", "make it wider")
	}
	if goesOn && n.Stray() != "" {
		n.Take()
		s.fault(s.place, "text in a cell that is merged with the one before, where it is not seen", "part the cells, and remove the text")
		return
	}
	var inner flow
	s.blocks(n.Kids, &inner)
	t.fields = s.fields
	t.join(&inner, at, s.place, f)
}

// join makes one block of a cell's paragraphs. Notes, pictures and what stands
// in text boxes come behind it.
func (t *table) join(inner *flow, column int, where string, f *flow) {
	cell := &piece{}
	cell.Where = where
	var behind []*piece
	for _, p := range inner.list {
		if p.Where != where || p.Form.Picture != nil || p.Form.Shape == tearline.Note {
			behind = append(behind, p)
			continue
		}
		if cell.Text != "" {
			cell.Text += "\n"
		}
		for _, st := range p.Form.Styles {
			st.From += len(cell.Text)
			st.To += len(cell.Text)
			cell.Form.Styles = append(cell.Form.Styles, st)
		}
		cell.Text += p.Text
		t.reader.blocks--
	}
	if cell.Text != "" {
		t.reader.blocks++
		cell.Zone = t.zone
		if t.zone == document.Body {
			cell.Form.Shape, cell.Form.Table, cell.Form.Row, cell.Form.Column = tearline.Cell, t.number, t.row, column
		}
		f.list = append(f.list, cell)
	}
	f.list = append(f.list, behind...)
}

// shaded returns the colour behind a cell.
func (t *table) shaded(pr *opc.Node) string {
	if c := look.Shade(pr.Kid("w:shd"), t.back); c != "" {
		return c
	}
	return t.styles.Cell(t.style, t.row == 1, t.back)
}
