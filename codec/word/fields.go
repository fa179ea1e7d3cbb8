package word

import (
	"fmt"
	"regexp"
	"strings"

	"tearline/codec/word/internal/opc"
)

// fieldNames are the fields whose code says how to make what is shown, and
// nothing else.
var fieldNames = set(
	"PAGE", "NUMPAGES", "SECTIONPAGES", "SECTION", "TOC", "REF", "PAGEREF", "NOTEREF", "HYPERLINK", "SEQ", "STYLEREF",
	"DATE", "TIME", "CREATEDATE", "SAVEDATE", "PRINTDATE", "EDITTIME", "FILENAME", "FILESIZE", "AUTHOR", "LASTSAVEDBY",
	"TITLE", "SUBJECT", "KEYWORDS", "USERNAME", "USERINITIALS", "USERADDRESS", "REVNUM", "NUMWORDS", "NUMCHARS",
	"DOCPROPERTY", "TEMPLATE", "FORMTEXT", "=", "LISTNUM", "AUTONUM", "BIBLIOGRAPHY",
)

// counts are the fields that number pages, which says nothing to anybody.
var counts = set("PAGE", "NUMPAGES", "SECTIONPAGES", "SECTION")

// pattern is how dates and numbers are to look, in a field's code.
var pattern = regexp.MustCompile(`^[dDMyYhHmsSaApP/,.:;#0x\-'’ %$€]*$`)

// instruction judges the code of a field. Its result is text like any other.
func (s *story) instruction(p *paragraph, code string, shown bool) {
	args := arguments(code)
	if len(args) == 0 {
		return
	}
	name := strings.ToUpper(args[0].text)
	if strings.HasPrefix(name, "=") {
		name = "="
	}
	switch {
	case !fieldNames[name]:
		p.fault(fmt.Sprintf("a field %s, whose code may hold text that is not shown", opc.Clip(name, nearest)),
			"in Word: select it, and press Ctrl+Shift+F9 to keep what it shows")
		return
	case name == "HYPERLINK":
		s.linkField(p, args[1:])
		return
	}
	for i, a := range args[1:] {
		if s.says(a, strings.ToLower(args[i].text)) {
			p.fault(fmt.Sprintf("a field %s with a text that is not shown", name), "in Word: select it, and press Ctrl+Shift+F9 to keep what it shows")
			return
		}
	}
	if shown && !counts[name] {
		s.note("the code of a field %s is left out, what it showed is text", name)
	}
}

// says reports whether an argument of a field is a text, by what it is and the
// switch before it.
func (s *story) says(a argument, before string) bool {
	if (before == `\@` || before == `\#`) && pattern.MatchString(a.text) || s.namesStyles(a.text) {
		return false
	}
	return s.telling(a.text) || a.quoted && len(a.text) > 40
}

// linkField looks at a link that is written as a field.
func (s *story) linkField(p *paragraph, args []argument) {
	for i, a := range args {
		before := ""
		if i > 0 {
			before = strings.ToLower(args[i-1].text)
		}
		switch {
		case strings.HasPrefix(a.text, `\`) && !a.quoted:
		case before == `\o`:
			p.fault("a link with a text that is shown only when it is pointed at", "remove the link's ScreenTip")
		case before == `\t`:
		case before == `\l`:
			if s.telling(a.text) {
				p.fault(fmt.Sprintf("a link to a place whose name is a text, %q", opc.Clip(a.text, nearest)), "remove the link")
			}
		default:
			p.note("the address of a link is left out, %s: " + opc.Clip(a.text, maxQuoted))
		}
	}
}

// namesStyles reports whether a list names styles and levels alone.
func (s *story) namesStyles(list string) bool {
	for _, name := range strings.FieldsFunc(list, func(c rune) bool { return c == ',' || c == ';' }) {
		name = strings.ToLower(strings.TrimSpace(name))
		if level := len(name) == 1 && name[0] >= '1' && name[0] <= '9'; name != "" && !level && !s.styles.Named[name] {
			return false
		}
	}
	return true
}

type argument struct {
	text   string
	quoted bool
}

// arguments splits the code of a field. A quote that does not end takes the
// rest.
func arguments(code string) []argument {
	var out []argument
	code = strings.Map(func(c rune) rune {
		switch c {
		case '“', '”':
			return '"'
		case '\t', '\n', '\u00a0':
			return ' '
		}
		return c
	}, code)
	for {
		code = strings.TrimLeft(code, " ")
		if code == "" || len(out) > 200 {
			return out
		}
		if code[0] == '"' {
			text, rest, _ := strings.Cut(code[1:], `"`)
			out = append(out, argument{text, true})
			code = rest
			continue
		}
		end := strings.IndexAny(code, ` "`)
		if end < 0 {
			end = len(code)
		}
		out = append(out, argument{code[:end], false})
		code = code[end:]
	}
}
