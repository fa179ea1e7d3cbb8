package pages

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"tearline/codec/document"
	"tearline/codec/internal/pagenumber"
)

var (
	digits  = regexp.MustCompile(`[0-9]+`)
	sheetOf = regexp.MustCompile(`(?i)\b(page|sheet)?\s*[0-9]{1,4}\s*(/|of)\s*[0-9]{1,4}$`)
)

// furniture tells what stands at the head and foot of sheets: what is at the
// same height on at least two pages and on every third, numbers apart, and on
// a single page the same line at its top and at its bottom. Numbers of pages
// are left out.
type furniture struct {
	seen    map[string]int
	numbers bool // there were numbers of pages
	done    map[string]bool
	sheets  int
}

// zones divides the lines of a page. Furniture is what repeats, or has the
// number of the page, with nothing else between it and the edge.
func (f *furniture) zones(s *Sheet, lines []line) (head, body, foot []line) {
	like := make([]bool, len(lines))
	var others []line
	for i := range lines {
		if like[i] = f.like(s, lines, &lines[i]); !like[i] {
			others = append(others, lines[i])
		}
	}
	for i, l := range lines {
		zone := edge(s, &l.Box)
		between := slices.ContainsFunc(others, func(o line) bool {
			return zone == document.Header && o.bottom() < l.Y+2 || zone == document.Footer && o.Y > l.bottom()-2
		})
		switch {
		case between || !like[i]:
			body = append(body, l)
		case pagenumber.Is(l.text):
			f.numbers = true
		case zone == document.Header:
			head = append(head, l)
		default:
			foot = append(foot, l)
		}
	}
	return head, body, foot
}

// like reports whether a line at an edge is like furniture.
func (f *furniture) like(s *Sheet, lines []line, l *line) bool {
	repeated := f.seen[key(s, l)]
	return edge(s, &l.Box) != document.Body &&
		(repeated >= 2 && repeated*3 >= f.sheets || twin(s, lines, l) || sheetOf.MatchString(l.text) || pagenumber.Is(l.text))
}

// twin reports whether a line at the one edge stands at the other as well.
func twin(s *Sheet, lines []line, l *line) bool {
	zone := edge(s, &l.Box)
	if zone == document.Body {
		return false
	}
	for i := range lines {
		if z := edge(s, &lines[i].Box); z != document.Body && z != zone && lines[i].text == l.text {
			return true
		}
	}
	return false
}

// edge is the zone in which a box may be furniture.
func edge(s *Sheet, b *Box) document.Zone {
	const share = 0.13 // of the page's height
	switch {
	case b.bottom() < s.Height*share:
		return document.Header
	case b.Y > s.Height*(1-share):
		return document.Footer
	}
	return document.Body
}

func key(s *Sheet, l *line) string {
	from := l.Y
	if l.Y > s.Height/2 {
		from = s.Height - l.Y
	}
	return fmt.Sprintf("%t %d %s", l.Y > s.Height/2, int(math.Round(from/4)), digits.ReplaceAllString(strings.ToLower(l.text), "#"))
}

// count learns what repeats.
func (f *furniture) count(d *Document, lines [][]line) {
	f.seen, f.done, f.sheets = map[string]int{}, map[string]bool{}, len(lines)
	for i := range lines {
		on := map[string]bool{}
		for k := range lines[i] {
			if l := &lines[i][k]; edge(&d.Sheets[i], &l.Box) != document.Body {
				on[key(&d.Sheets[i], l)] = true
			}
		}
		for k := range on {
			f.seen[k]++
		}
	}
}

// blocks makes blocks of lines at the head or foot of a page, each that was not
// there before.
func (f *furniture) blocks(zone document.Zone, page int, lines []line) []document.Block {
	var out []document.Block
	name := map[document.Zone]string{document.Header: "header", document.Footer: "footer"}[zone]
	for i := 0; i < len(lines); {
		list := []string{lines[i].text}
		j := i + 1
		for ; j < len(lines) && goesOver(&lines[j-1], &lines[j]); j++ {
			list = append(list, lines[j].text)
		}
		i = j
		text := strings.Join(list, " ")
		k := name + digits.ReplaceAllString(text, "#")
		if !f.done[k] {
			f.done[k] = true
			out = append(out, document.Block{Where: fmt.Sprintf("%s of page %d", name, page+1), Zone: zone, Text: text})
		}
	}
	return out
}

// goesOver reports whether a line at an edge was too long for one: the next is
// in the same type, close below and on the same middle, and the first is long.
func goesOver(a, b *line) bool {
	return a.bold() == b.bold() && math.Abs(a.H-b.H) < 0.08*a.H && b.Y > a.Y && b.Y-a.bottom() < 0.5*a.H &&
		math.Abs(a.X+a.W/2-b.X-b.W/2) < a.H && b.W < a.W+a.H && a.W > 25*a.H && len(b.spans) > 0
}
