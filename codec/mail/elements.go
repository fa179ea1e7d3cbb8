package mail

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"tearline"
)

// Elements that are known, by what they do. What is in none of these is a
// fault.
var (
	blockElements = set("html body p div center address article section main header footer nav aside figcaption hgroup dl dt dd caption h1 h2 h3 h4 h5 h6 ul ol li blockquote pre table thead tbody tfoot tr td th figure listing")
	lineElements  = set("a b strong i em u ins span font small big code tt kbd samp var cite dfn q abbr acronym mark time sub sup bdi nobr wbr label data o:p o:smarttagtype st1:place st1:date")
	forPrograms   = set("head meta title link style colgroup col base")
	struck        = set("s strike del")
)

func set(names string) map[string]bool {
	out := map[string]bool{}
	for n := range strings.FieldsSeq(names) {
		out[n] = true
	}
	return out
}

// element reads an element and what is in it.
func (p *page) element(n *html.Node, at place) {
	if p.hidden(n, &at) {
		return
	}
	switch name := n.Data; {
	case forPrograms[name]:
		p.furniture(n, at)
	case name == "br":
		p.cur.line()
	case name == "hr":
		p.flush(at)
	case name == "img":
		p.image(n)
	case struck[name]:
		if says(n) {
			p.fault("text that is struck out: "+short(inner(n)), "take it out, or have it stand")
		}
	case name == "table":
		p.table(n, at)
	case blockElements[name]:
		p.block(n, at)
	case lineElements[name]:
		p.inline(n, at)
	case empty(n):
		p.once("page", "an element that is not known: "+short(name), "take it out")
	default:
		p.fault(fmt.Sprintf("an element that is not read (%s): %s", short(name), short(inner(n))), "take it out, or write what it says as text")
	}
}

// hidden gives a place what an element orders, and reports whether that takes
// the element out of sight with all that is in it.
func (p *page) hidden(n *html.Node, at *place) bool {
	if why := p.style(n, at); why != "" && !at.mute {
		if says(n) {
			p.fault(why+": "+short(inner(n)), "take it out, or have it show")
			return true
		}
		at.mute = true
	}
	p.attributes(n)
	return false
}

func empty(n *html.Node) bool { return !says(n) && len(n.Attr) == 0 }

// style gives a place what an element orders, and says what takes the element
// out of sight.
func (p *page) style(n *html.Node, at *place) (why string) {
	if _, ok := attr(n, "hidden"); ok {
		why = "hidden text"
	}
	id, _ := attr(n, "id")
	class, _ := attr(n, "class")
	p.defaults(n, at)
	var all []orders
	if p.sheet.cost > maxTried {
		p.once("page", "too many styles", "save the page without them, or as plain text")
	} else if p.sheet.n > 0 {
		all = p.sheet.match(n.Data, strings.ToLower(id), strings.Fields(strings.ToLower(class)))
	}
	if s, ok := attr(n, "style"); ok {
		o := parseOrders(remark.ReplaceAllString(s, " "))
		if k := o.strange(); k != "" {
			p.once("page", "a style that is not known: "+short(k), "save the page without it, or as plain text")
		}
		all = append(all, o)
	}
	for _, o := range all {
		if why == "" {
			why = o.hides()
		}
		at.apply(o)
	}
	for _, o := range all { // what is important outweighs what comes later
		for k, v := range o {
			if strings.Contains(v, "!important") {
				at.apply(orders{k: v})
			}
		}
	}
	return why
}

// defaults gives a place what an element is by itself, and by attributes from
// before there were styles.
func (p *page) defaults(n *html.Node, at *place) {
	switch n.Data {
	case "b", "strong", "th":
		at.bold = true
	case "i", "em", "cite", "var", "dfn":
		at.italic = true
	case "u", "ins":
		at.underline = true
	case "pre", "listing":
		at.pre = true
	}
	old := orders{}
	for key, order := range map[string]string{"bgcolor": "background-color", "color": "color", "text": "color"} {
		if v, ok := attr(n, key); ok && (key == "bgcolor" || n.DataAtom == atom.Font || n.DataAtom == atom.Body) {
			old[order] = strings.ToLower(strings.TrimSpace(v))
		}
	}
	at.apply(old)
	if d, ok := attr(n, "dir"); ok && strings.EqualFold(d, "rtl") && says(n) {
		p.note("a part of the page runs from right to left")
	}
}

// attributes finds texts that an element has and does not show.
func (p *page) attributes(n *html.Node) {
	for _, a := range n.Attr {
		v := strings.TrimSpace(a.Val)
		switch a.Key {
		case "title", "alt", "aria-label", "aria-description", "placeholder", "summary", "abbr", "standby", "label", "prompt":
			if legible(v) && v != strings.TrimSpace(inner(n)) {
				p.fault(fmt.Sprintf("text that does not show (%s): %s", a.Key, short(v)), "take it out, or write it into the text")
			}
		case "background":
			p.note("a picture behind the text is left out")
		case "href":
			if n.DataAtom == atom.A && v != "" && !strings.HasPrefix(v, "#") {
				p.note("the address of a link is left out: " + short(v))
			}
		default:
			if strings.HasPrefix(a.Key, "on") && v != "" {
				p.once("page", "a script ("+short(a.Key)+")", "take it out")
			}
		}
	}
}

// furniture reads what a page says to programs.
func (p *page) furniture(n *html.Node, at place) {
	switch n.Data {
	case "head":
		p.children(n, at)
	case "title":
		p.title += inner(n) + " "
	case "link":
		if rel, _ := attr(n, "rel"); strings.Contains(strings.ToLower(rel), "stylesheet") {
			p.once("page", "a style sheet that is not in the file: what it hides is not known", "save the page without it")
		}
	case "meta":
		name, _ := attr(n, "name")
		equiv, _ := attr(n, "http-equiv")
		value, _ := attr(n, "content")
		known := set("generator progid originator viewport format-detection color-scheme supported-color-schemes x-apple-disable-message-reformatting robots referrer")
		switch {
		case known[strings.ToLower(name)], set("content-type x-ua-compatible content-style-type content-language")[strings.ToLower(equiv)]:
		case set("created changed appversion date")[strings.ToLower(name)] && stamp.MatchString(value):
		case equiv != "" || legible(value):
			p.fault(fmt.Sprintf("text that does not show (meta %s): %s", short(name+equiv), short(value)), "take it out")
		}
	}
}

// stamp is a time or a version, which office programs write into each file.
var stamp = regexp.MustCompile(`^[0-9TZ:.;+ -]{1,40}$`)

func (p *page) image(n *html.Node) {
	src, _ := attr(n, "src")
	switch low := strings.ToLower(strings.TrimSpace(src)); {
	case strings.HasPrefix(low, "http:"), strings.HasPrefix(low, "https:"), strings.HasPrefix(low, "//"):
		p.note("a picture that is not in the file is left out; to fetch it tells that the mail was read: " + short(src))
	default:
		p.fault("a picture in the text: "+short(src), "attach it as a file, or write what it shows")
	}
}

func (p *page) inline(n *html.Node, at place) {
	if (n.Data == "sub" || n.Data == "sup") && says(n) {
		p.note("raised or lowered letters stand in line: " + short(inner(n)))
	}
	if n.Data == "q" {
		p.cur.add("“", at)
	}
	p.children(n, at)
	if n.Data == "q" {
		p.cur.add("”", at)
	}
}

// block reads an element that stands alone.
func (p *page) block(n *html.Node, at place) {
	p.flush(at)
	switch name := n.Data; name {
	case "h1", "h2", "h3", "h4", "h5", "h6":
		at.form = tearline.Form{Shape: tearline.Heading, Level: int(name[1] - '0')}
	case "ul", "ol", "dl":
		at.item++
	case "li":
		at.form = tearline.Form{Shape: tearline.ListItem, Level: min(max(at.item, 1), tearline.MaxLevel), Ordered: n.Parent != nil && n.Parent.DataAtom == atom.Ol}
	case "blockquote":
		p.note("text is quoted from another mail: it needs marks of its own")
		at.quoted = true
	}
	p.children(n, at)
	p.flush(at)
}

// table reads a table. One that holds another, or has one column, lays out the
// page.
func (p *page) table(n *html.Node, at place) {
	p.flush(at)
	wide := false
	for _, r := range rowsOf(n) {
		wide = wide || len(cellsOf(r)) > 1
	}
	role, _ := attr(n, "role")
	for d := range n.Descendants() {
		wide = wide && d.DataAtom != atom.Table
	}
	if !wide || role == "presentation" || role == "none" || p.cell {
		p.children(n, at)
		p.flush(at)
		return
	}
	p.tables++
	table := p.tables
	if table > tearline.MaxTables {
		p.once("page", fmt.Sprintf("more than %d tables", tearline.MaxTables), "divide it")
		return
	}
	(&grid{page: p, table: table, taken: map[int]int{}}).rows(n, at)
}

func rowsOf(n *html.Node) []*html.Node {
	var out []*html.Node
	for c := range n.ChildNodes() {
		switch c.DataAtom { //nolint:exhaustive // the others are no rows
		case atom.Tr:
			out = append(out, c)
		case atom.Thead, atom.Tbody, atom.Tfoot:
			out = append(out, rowsOf(c)...)
		}
	}
	return out
}

func cellsOf(n *html.Node) []*html.Node {
	var out []*html.Node
	for c := range n.ChildNodes() {
		if c.DataAtom == atom.Td || c.DataAtom == atom.Th {
			out = append(out, c)
		}
	}
	return out
}

func attr(n *html.Node, key string) (string, bool) {
	i := slices.IndexFunc(n.Attr, func(a html.Attribute) bool { return a.Key == key && a.Namespace == "" })
	if i < 0 {
		return "", false
	}
	return n.Attr[i].Val, true
}

// inner is the text in a node, as it stands; of a long one, the beginning.
func inner(n *html.Node) string {
	var s strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			s.WriteString(d.Data)
		}
		if s.Len() > 8<<10 {
			break
		}
	}
	return s.String()
}

// says reports whether there is text in a node.
func says(n *html.Node) bool {
	for d := range n.Descendants() {
		if d.Type == html.TextNode && legible(d.Data) {
			return true
		}
	}
	return false
}
