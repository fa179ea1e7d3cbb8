package tracecmd

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"tearline"
	"tearline/internal/cli/command"
	"tearline/internal/node/trace"
	"tearline/internal/text"
)

// How much is shown to a person at once; --json and --html have all of it.
const (
	maxShown   = 10  // passages
	maxWeak    = 3   // weak matches
	maxExcerpt = 600 // bytes of either text
	maxListed  = 6   // words, names
	maxPublic  = 3
	maxSquares = 12
	maxHolders = 12
)

// Show shows a trace on a terminal so many columns wide.
func Show(p *command.Printer, t *trace.Result, width int) {
	s := shower{Printer: p, t: t, width: width}
	if !slices.ContainsFunc(t.Matches, func(m trace.Match) bool { return m.Kind != trace.Weak }) {
		p.F("no trace: nothing held has words in common with this beyond chance\n")
	}
	for i, refs := range t.Who.Passages {
		if i == maxShown {
			p.F("%s more; --json and --html have them all\n\n", text.Count(len(t.Who.Passages)-i, "passage", "passages"))
			break
		}
		s.passage(refs)
	}
	s.others("too late to be the source", func(m *trace.Match) bool { return !m.Counts() && m.Kind != trace.Weak })
	s.who()
	s.copies()
	s.others("too weak to say; for a person to look at", func(m *trace.Match) bool { return m.Kind == trace.Weak })
	if t.Archive.Portions > 0 {
		words := "compared with " + text.Count(t.Archive.Portions, "portion", "portions")
		if t.Archive.Calibrated != "" {
			words += "; " + trace.Plain(t.Archive.Calibrated)
		}
		if s.unknown {
			words += "; " + trace.NothingPublic
		}
		p.Wrap("", "  ", words)
	}
	if t.Sighting != nil {
		p.F("recorded as sighting %s, entry %d\n", t.Sighting.Statement, t.Sighting.Index)
	}
}

// A shower shows one trace.
type shower struct {
	*command.Printer
	t     *trace.Result
	width int
	// unknown is that nothing public is kept, which is said once.
	unknown bool
}

// find returns the match of a portion.
func (s *shower) find(ref tearline.PortionRef) *trace.Match {
	for i := range s.t.Matches {
		if m := &s.t.Matches[i]; m.Ref() == ref {
			return m
		}
	}
	return &trace.Match{Report: ref.Report, Portion: ref.Portion}
}

// passage shows the portions that have the same words of the text: the best of
// them whole.
func (s *shower) passage(refs []tearline.PortionRef) {
	for i, ref := range refs {
		m := s.find(ref)
		s.head(m)
		if i == 0 {
			ofLeak, ofPortion := m.Excerpts(s.t.Leak, maxExcerpt)
			sides(s.Printer, ofLeak, ofPortion, s.width)
			s.verdict(m)
			s.details(m)
			s.public(m)
			s.evidence(m)
			if len(m.Originators) > 0 {
				s.Wrap("   originators: ", "     ", text.List(m.Originators))
			}
		}
		s.bases(m)
	}
	s.F("\n")
}

func (s *shower) head(m *trace.Match) {
	s.F("%s %s  %s\n", s.Style(text.Bold, m.Ref().String()), m.Marking, s.Style(text.Bold, string(m.Kind)))
	if m.EValue != nil {
		s.Wrap("   ", "   ", m.Chance())
	}
}

func (s *shower) verdict(m *trace.Match) {
	words := m.Verdict.Finding.String()
	reasons := slices.DeleteFunc(slices.Clone(m.Verdict.Reasons), func(r string) bool { return r == trace.NothingPublic })
	if len(reasons) > 0 {
		words += ": " + trace.Plain(strings.Join(reasons, "; "))
	}
	s.Wrap("   ", "     ", words)
	s.unknown = s.unknown || len(reasons) < len(m.Verdict.Reasons)
}

func (s *shower) details(m *trace.Match) {
	var altered []string
	for _, a := range m.Details.Altered {
		altered = append(altered, fmt.Sprintf("%s (the text has %s)", a.Text, a.LeakText))
	}
	for _, x := range []struct {
		label string
		words []string
	}{{"altered", altered}, {"not in the text", m.Details.Missing}} {
		if len(x.words) > 0 {
			s.Wrap("   "+x.label+": ", "     ", trace.Plain(some(x.words)))
		}
	}
}

// public lists the oldest texts that had it before.
func (s *shower) public(m *trace.Match) {
	for i, x := range m.Public {
		if i == maxPublic {
			s.F("     and %d more\n", len(m.Public)-i)
			break
		}
		words := fmt.Sprintf("%s, %s: “%s”", x.Published.UTC().Format(time.DateOnly), x.Source, clip(x.Title))
		s.Wrap("   public before: ", "     ", trace.Plain(words))
	}
}

func (s *shower) evidence(m *trace.Match) {
	if len(m.Evidence) > 0 {
		before, told := m.Telling()
		words := fmt.Sprintf("evidence, %.1f bits", m.Score)
		if before != 0 {
			words = fmt.Sprintf("evidence: %+.1f bits before looking, %+.1f after", before, m.Score)
		}
		s.F("   %s\n", words)
		bars(s.Printer, told)
	}
	if len(m.Shared) > 0 {
		var words []string
		for i, w := range m.Shared {
			in := text.Thousands(w.In)
			if i == 0 {
				in = "in " + text.Count(w.In, "portion", "portions")
			}
			words = append(words, fmt.Sprintf("%s (%s)", w.Word, in))
		}
		s.Wrap("   rarest words: ", "     ", trace.Plain(some(words)))
	}
}

func (s *shower) bases(m *trace.Match) {
	for _, b := range m.Bases {
		to := b.To()
		after := ""
		if b.AfterFact {
			after = ", recorded after the fact"
		}
		s.Wrap("   ", "     ", fmt.Sprintf("%s to %s, %s: %s%s", b.Mode, to, text.Stamp(b.Occurred), s.Basis(b.Basis), after))
	}
}

// others lists matches under a heading of their own, in few words.
func (s *shower) others(heading string, these func(*trace.Match) bool) {
	n, most := 0, maxShown
	for i := range s.t.Matches {
		m := &s.t.Matches[i]
		if !these(m) {
			continue
		}
		if m.Kind == trace.Weak {
			most = maxWeak
		}
		if n++; n == 1 {
			s.F("%s\n", s.Style(text.Bold, heading))
		}
		if n > most {
			continue
		}
		words := string(m.Kind)
		if m.Kind == trace.Weak {
			words = m.Chance()
		}
		if len(m.Verdict.Reasons) > 0 {
			words += ": " + trace.Plain(strings.Join(m.Verdict.Reasons, "; "))
		}
		s.Wrap("   "+m.Ref().String()+" "+m.Marking+"  ", "     ", words)
		if len(m.Passages) > 0 {
			s.Wrap("     “", "      ", clip(trace.Plain(m.Passages[0]))+"”")
		}
	}
	switch {
	case n > most:
		s.F("   %d more\n\n", n-most)
	case n > 0:
		s.F("\n")
	}
}

// who shows who could have been the source.
func (s *shower) who() {
	w := &s.t.Who
	if len(w.Passages) == 0 {
		return
	}
	s.F("%s\n", s.Style(text.Bold, "who could it be: who had it before, as far as is recorded"))
	if len(w.Parties) > 0 {
		s.Wrap("   ", "     ", w.Summary())
	}
	var rows [][]string
	for i, h := range w.Parties {
		if i == maxHolders {
			rows = append(rows, []string{fmt.Sprintf("   and %d more", len(w.Parties)-i)})
			break
		}
		rows = append(rows, s.holder("   "+string(h.Party), &h))
		for k := range w.Persons {
			if x := &w.Persons[k]; x.Party == h.Party {
				rows = append(rows, s.holder("     "+x.Name(), x))
			}
		}
	}
	s.Table(rows)
	for _, o := range w.Origins {
		s.Wrap("   ", "     ", fmt.Sprintf("%s wrote %s, or what that rests on, and has it anyway", o.Party, counted(len(o.Passages), len(w.Passages))))
	}
	if words := w.FromHere(); words != "" {
		s.Wrap("   ", "     ", words)
	}
	s.Wrap("   ", "     ", w.Caveat())
	s.F("\n")
}

// holder is a row of the table of holders.
func (s *shower) holder(name string, h *trace.Holder) []string {
	n := len(s.t.Who.Passages)
	since := "since " + text.Stamp(h.First)
	if via := h.Way(); via != "" {
		since += ", by way of " + via
	}
	if n == 1 {
		return []string{name, since}
	}
	squares := ""
	for i := range n {
		if h.HadPassage(i) {
			squares += "■"
		} else {
			squares += "□"
		}
	}
	if n > maxSquares {
		squares = ""
	}
	return []string{name, fmt.Sprintf("%d of %d", h.Passages, n), squares, since}
}

// copies lists the copies of the portions, and says what could be told of them.
func (s *shower) copies() {
	if len(s.t.Copies) == 0 {
		return
	}
	s.F("%s\n", s.Style(text.Bold, "copies of these portions"))
	for i, c := range s.t.Copies {
		if i == maxHolders {
			s.F("   and %d more\n", len(s.t.Copies)-i)
			break
		}
		s.F("   %s  %s\n", c.Copy, c.Recipient)
	}
	s.Wrap("   ", "     ", s.t.Compared())
	s.F("\n")
}

// some lists the first of many words.
func some(words []string) string {
	out := strings.Join(words[:min(maxListed, len(words))], ", ")
	if n := len(words) - maxListed; n > 0 {
		out += fmt.Sprintf(" and %d more", n)
	}
	return out
}

// clip cuts a long text short.
func clip(s string) string {
	const most = 160
	if k := runes(s, most); k < len(s) {
		return s[:k] + " …"
	}
	return s
}

// counted is some of several passages.
func counted(n, of int) string {
	switch {
	case of == 1:
		return "it"
	case n == of:
		return fmt.Sprintf("all %d", of)
	}
	return fmt.Sprintf("%d of the %d", n, of)
}

// ShowKept shows people a trace that was kept as JSON without the text, which
// is given beside it.
func ShowKept(p *command.Printer, kept json.RawMessage, leak string) error {
	var t trace.Result
	if err := json.Unmarshal(kept, &t); err != nil {
		return err
	}
	t.Leak = leak
	Show(p, &t, 0)
	return nil
}
