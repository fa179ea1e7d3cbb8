package codec

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"tearline"
)

// maxFrontMatter bounds the front matter, in bytes.
const maxFrontMatter = 1 << 20

// splitFrontMatter parts the front matter from the body. The body begins at
// the byte and on the line given; ok is false if there is no front matter.
func splitFrontMatter(src []byte) (front []byte, body, bodyLine int, ok bool) {
	line, next := nextLine(src, 0)
	if !isRule(line) {
		return nil, 0, 1, false
	}
	start := next
	for n := 2; next < len(src); n++ {
		at := next
		line, next = nextLine(src, at)
		if isRule(line) || string(bytes.TrimRight(line, " \t")) == "..." {
			return src[start:at], next, n + 1, true
		}
	}
	return nil, 0, 1, false
}

// nextLine returns the line at i without its end, and where the next begins.
func nextLine(src []byte, i int) (line []byte, next int) {
	if n := bytes.IndexByte(src[i:], '\n'); n >= 0 {
		return src[i : i+n], i + n + 1
	}
	return src[i:], len(src)
}

func isRule(line []byte) bool { return string(bytes.TrimRight(line, " \t")) == "---" }

// A frontReader reads the front matter into a draft.
type frontReader struct {
	*faultList
	draft *draft
	lines []string
	seen  map[string]bool
}

// readFrontMatter reads the front matter; its first line is the document's
// second.
func readFrontMatter(front []byte, d *draft, faults *faultList) {
	f := frontReader{faultList: faults, draft: d, lines: strings.Split(string(front), "\n"), seen: map[string]bool{}}
	if len(front) > maxFrontMatter {
		f.at(place{line: 2, col: 1}, "", "front matter of %d bytes: at most %d", len(front), maxFrontMatter)
		return
	}
	var root yaml.Node
	if err := yaml.Unmarshal(front, &root); err != nil {
		f.syntax(err)
		for _, v := range []*value{&d.id, &d.originator, &d.policy, &d.date} {
			*v = value{at: place{line: 2, col: 1, portion: -1}, set: true, broken: true} // not missing, but not read
		}
		return
	}
	if len(root.Content) == 0 {
		return // every key is missing, and check says so
	}
	f.comments(&root)
	top := root.Content[0]
	if top.Kind != yaml.MappingNode {
		f.at(f.place(top), "", "front matter: want lines of the form key: value")
		return
	}
	f.comments(top)
	for i := 0; i+1 < len(top.Content); i += 2 {
		f.comments(top.Content[i])
		f.key(top.Content[i], top.Content[i+1])
	}
}

// yamlLine finds the line that YAML's errors name in words alone.
var yamlLine = regexp.MustCompile(`^yaml: (?:unmarshal errors:\s+)?line (\d+): `)

// syntax adds the fault of front matter that is no YAML.
func (f *frontReader) syntax(err error) {
	text, at := strings.TrimPrefix(err.Error(), "yaml: "), place{line: 2, col: 1}
	if m := yamlLine.FindStringSubmatch(err.Error()); m != nil {
		if n, err := strconv.Atoi(m[1]); err == nil {
			at.line = n + 1
		}
		text = err.Error()[len(m[0]):]
	}
	f.at(at, `put a value that contains ": " or begins with a special character into quotes`, "front matter: %s", text)
}

// place is where a node stands in the document. YAML counts characters, we
// count bytes.
func (f *frontReader) place(n *yaml.Node) place {
	col := n.Column
	if n.Line >= 1 && n.Line <= len(f.lines) {
		line, at := f.lines[n.Line-1], 0
		for range n.Column - 1 {
			_, w := utf8.DecodeRuneInString(line[min(at, len(line)):])
			at += max(w, 1)
		}
		col = at + 1
	}
	return place{line: n.Line + 1, col: max(col, 1), portion: -1}
}

// comments refuses what YAML drops in silence: a " #" in a title would cut it
// short.
func (f *frontReader) comments(n *yaml.Node) {
	for _, c := range []string{n.HeadComment, n.LineComment, n.FootComment} {
		if c != "" {
			f.at(f.place(n), "take it out, or put the value into quotes", "front matter has a comment; text that hides is not filed")
			return
		}
	}
}

// key reads one key.
func (f *frontReader) key(k, v *yaml.Node) {
	if f.seen[k.Value] {
		f.at(f.place(k), "", "front matter: %q stands twice", clip(k.Value))
		return
	}
	f.seen[k.Value] = true
	d := f.draft
	switch x := d.head(k.Value); {
	case x != nil:
		*x = f.scalar(k, v)
	case k.Value == "sources":
		d.sources = f.list(k, v)
	default:
		f.at(f.place(k), "known are id, title, originator, policy, date, declassify_on, authority, banner, sources", "front matter: unknown key %q", clip(k.Value))
	}
}

// scalar reads a single value.
func (f *frontReader) scalar(k, v *yaml.Node) value {
	f.comments(v)
	if v.Kind != yaml.ScalarNode || v.Anchor != "" || v.Tag == "!!null" {
		f.at(f.place(v), "", "front matter: %s: want one plain value", clip(k.Value))
		return value{at: f.place(v), set: true, broken: true}
	}
	at := f.place(v)
	if v.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0 {
		at.col++ // of the text, not of its quote
	}
	return value{s: strings.TrimSpace(v.Value), at: at, set: true}
}

// list reads a list of values: a YAML list, or values parted by commas.
func (f *frontReader) list(k, v *yaml.Node) []value {
	f.comments(v)
	if v.Kind == yaml.ScalarNode {
		if s := f.scalar(k, v); s.s != "" {
			return splitList(s)
		}
		return nil
	}
	if v.Kind != yaml.SequenceNode || v.Anchor != "" {
		f.at(f.place(v), "", "front matter: %s: want a list", clip(k.Value))
		return nil
	}
	out := make([]value, 0, len(v.Content))
	for _, n := range v.Content {
		out = append(out, f.scalar(k, n))
	}
	return out
}

// splitList parts a list at its commas.
func splitList(v value) []value {
	var out []value
	from := 0
	for i := 0; i <= len(v.s); i++ {
		if i == len(v.s) || v.s[i] == ',' {
			out = append(out, v.cut(from, i))
			from = i + 1
		}
	}
	return out
}

// missingHead gives the values that the front matter does not have a place.
func missingHead(d *draft) {
	for _, v := range []*value{&d.id, &d.title, &d.originator, &d.policy, &d.date, &d.banner} {
		if !v.set {
			v.at = place{line: 1, col: 1, portion: -1}
		}
	}
}

// notText says why bytes are no text that can be read, or nil.
func notText(src []byte) *tearline.Fault {
	if len(src) > MaxInput {
		return &tearline.Fault{Line: 1, Column: 1, Text: fmt.Sprintf("document of %d bytes: at most %d", len(src), MaxInput)}
	}
	if i := invalidUTF8(src); i >= 0 {
		line, col := lineColumn(src, i)
		return &tearline.Fault{Line: line, Column: col, Text: fmt.Sprintf("not UTF-8 at byte %d", i), Hint: "save the document as UTF-8"}
	}
	if i := bytes.IndexByte(src, 0); i >= 0 {
		line, col := lineColumn(src, i)
		return &tearline.Fault{Line: line, Column: col, Text: fmt.Sprintf("NUL at byte %d", i), Hint: "a document is text"}
	}
	return nil
}

// invalidUTF8 returns the first byte that is not UTF-8, -1 if all are.
func invalidUTF8(b []byte) int {
	if utf8.Valid(b) {
		return -1
	}
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n <= 1 {
			return i
		}
		i += n
	}
	return -1
}

// lineColumn returns the line and column of the byte at i.
func lineColumn(src []byte, i int) (line, col int) {
	return 1 + bytes.Count(src[:i], []byte("\n")), i - bytes.LastIndexByte(src[:i], '\n')
}
