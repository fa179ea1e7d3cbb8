package assemble

import (
	"regexp"
	"strings"

	"tearline/codec"
)

// attribute finds a line that says more of the portion above it.
var attribute = regexp.MustCompile(`^(id|originator|sources|tear) ?(\([^)]*\))?:(?:\s|$)`)

// attributesFrom returns the first line, from one on, that is an attribute; as
// many as there are lines if none is.
func attributesFrom(lines []string, from int) int {
	for i := from; i < len(lines); i++ {
		if attribute.MatchString(strings.TrimSpace(lines[i])) {
			return i
		}
	}
	return len(lines)
}

// attributes takes the lines that say more of the last portion. A value may go
// on over several; where a reader has joined lines, all but a tear-line wording
// may stand on one.
func (a *assembler) attributes(where string, lines []string) {
	for i := 0; i < len(lines); {
		end := attributesFrom(lines, i+1)
		a.attribute(where, strings.Join(strings.Fields(strings.Join(lines[i:end], " ")), " "))
		i = end
	}
}

// attribute takes one attribute, or several on one line.
func (a *assembler) attribute(where, line string) {
	p := &a.draft.Portions[a.last]
	m := attribute.FindStringSubmatch(line)
	rest := line[len(m[0]):]
	if m[1] == "tear" {
		switch {
		case m[2] == "":
			a.fault(where, "write it as tear (MARK): wording", "a tear-line wording without its mark")
		case p.TearText.Text != "":
			a.fault(where, "", "tear: stands twice")
		default:
			p.TearMark, p.TearText = codec.Found{Text: m[2], Where: where}, codec.Found{Text: rest, Where: where}
		}
		return
	}
	if next := inLine.FindStringIndex(rest); next != nil {
		defer a.attribute(where, strings.TrimSpace(rest[next[0]:]))
		rest = rest[:next[0]]
	}
	value := codec.Found{Text: strings.TrimSpace(rest), Where: where}
	switch {
	case m[1] == "sources":
		for s := range strings.SplitSeq(value.Text, ",") {
			p.Sources = append(p.Sources, codec.Found{Text: strings.TrimSpace(s), Where: where})
		}
	case m[1] == "id" && p.ID.Text == "":
		p.ID = value
	case m[1] == "originator" && p.Originator.Text == "":
		p.Originator = value
	default:
		a.fault(where, "", "%s: stands twice", m[1])
	}
}

// inLine finds the next attribute on a line.
var inLine = regexp.MustCompile(`\s(?:id|originator|sources|tear ?\([^)]*\)):\s`)
