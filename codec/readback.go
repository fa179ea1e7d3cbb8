package codec

import (
	"errors"
	"fmt"
	"html"
	"strings"
	"unicode/utf8"
)

// errNotOurs: bytes that no copy of ours has.
var errNotOurs = errors.New("not a copy as it was rendered")

// ReadBackMarkdown reads a copy from its bytes, for the last look before it
// leaves, and returns every text that a reader or a tool could find in it: each
// paragraph, heading and list item as it reads, and last the bytes as they
// are. It shares no code with the writer and none with the parser of
// documents: what one of them overlooks, the other must not.
//
// Texts come back even beside an error, which says that the bytes hold what no
// copy has: text that is not UTF-8, invisible characters, raw HTML, links,
// images, code.
func ReadBackMarkdown(b []byte) ([]string, error) {
	raw := string(b)
	var texts []string
	var errs []error
	var open bool // the paragraph goes on over a hard line break
	for n, line := range strings.Split(raw, "\n") {
		if strings.Trim(line, " \t") == "" {
			open = false
			continue
		}
		if !open && strings.HasPrefix(line, "|") {
			cells, err := cellsOf(line)
			texts = append(texts, cells...)
			if err != nil {
				errs = append(errs, fmt.Errorf("line %d: %w", n+1, err))
			}
			continue
		}
		if !open {
			line = undecorate(line)
		}
		text, goesOn, err := unescape(line)
		if err != nil {
			errs = append(errs, fmt.Errorf("line %d: %w", n+1, err))
		}
		if open {
			texts[len(texts)-1] += "\n" + text
		} else {
			texts = append(texts, text)
		}
		open = goesOn
	}
	if !utf8.ValidString(raw) {
		errs = append(errs, fmt.Errorf("%w: not UTF-8", errNotOurs))
	}
	return append(texts, raw), errors.Join(errs...)
}

// cellsOf reads a row of a table; the row of dashes below its head has none.
func cellsOf(line string) (cells []string, err error) {
	if strings.Trim(line, "|-") == "" {
		return nil, nil
	}
	from := 1
	for i := 1; i < len(line); i++ {
		switch line[i] {
		case '\\':
			i++
		case '|':
			text, _, e := unescape(strings.Trim(line[from:i], " "))
			cells, err, from = append(cells, text), errors.Join(err, e), i+1
		}
	}
	if from < len(line) {
		err = errors.Join(err, fmt.Errorf("%w: a row of a table that does not end", errNotOurs))
		cells = append(cells, line[from:])
	}
	return cells, err
}

// undecorate takes off the one marker that a line of a copy begins with: "# ",
// "## ", "- ", a number, or the asterisks around the banner.
func undecorate(line string) string {
	if s, ok := strings.CutPrefix(line, "**"); ok && len(s) >= 2 && strings.HasSuffix(s, "**") {
		return s[:len(s)-2]
	}
	if s, ok := strings.CutPrefix(strings.TrimLeft(line, "#"), " "); ok && line[0] == '#' {
		return s
	}
	if s, ok := strings.CutPrefix(strings.TrimLeft(line, " "), "- "); ok {
		return s
	}
	digits := 0
	for digits < len(line) && line[digits] >= '0' && line[digits] <= '9' {
		digits++
	}
	if s, ok := strings.CutPrefix(line[digits:], ". "); ok && digits > 0 {
		return s
	}
	return line
}

// unescape reads a line's characters. goesOn says that a hard break ends it.
func unescape(line string) (text string, goesOn bool, err error) {
	var b strings.Builder
	for i := 0; i < len(line); {
		c := line[i]
		switch {
		case c == '\\' && i+1 == len(line):
			return b.String(), true, err
		case c == '\\' && isPunct(line[i+1]):
			b.WriteByte(line[i+1])
			i += 2
			continue
		case c == '&':
			if end := strings.IndexByte(line[i:], ';'); end > 1 && end < 40 {
				b.WriteString(html.UnescapeString(line[i : i+end+1]))
				i += end + 1
				continue
			}
		case err == nil:
			err = bare(line[i:])
		}
		b.WriteByte(c)
		i++
	}
	return b.String(), false, err
}

// bare says what is wrong with the character that s begins with, standing as
// it is.
func bare(s string) error {
	switch c := s[0]; {
	case strings.IndexByte("<>[]`|~", c) >= 0:
		return fmt.Errorf("%w: %q that is not escaped", errNotOurs, string(c))
	case c < ' ' || c == 0x7f:
		return fmt.Errorf("%w: control character %U", errNotOurs, c)
	}
	if r, _ := utf8.DecodeRuneInString(s); showsNothing(r) {
		return fmt.Errorf("%w: hidden character %U", errNotOurs, r)
	}
	return nil
}

// isPunct reports whether Markdown lets a backslash escape c.
func isPunct(c byte) bool {
	return c >= '!' && c <= '/' || c >= ':' && c <= '@' || c >= '[' && c <= '`' || c >= '{' && c <= '~'
}

// showsNothing is this reader's own list of characters that could carry text
// past the eye.
func showsNothing(r rune) bool {
	switch {
	case r >= 0x80 && r < 0xa0, r == 0xad, r == 0x180e, r == 0x200b, r == 0xfeff:
		return true
	case r >= 0x2028 && r <= 0x202e, r >= 0x2060 && r <= 0x206f, r >= 0xfff9 && r <= 0xfffb:
		return true
	}
	return r >= 0xe0000 && r <= 0xe0fff
}
