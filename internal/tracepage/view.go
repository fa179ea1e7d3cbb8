package tracepage

import (
	"fmt"
	"math"
	"strings"
	"time"

	"tearline"
	"tearline/internal/node/trace"
	"tearline/internal/page"
	"tearline/internal/text"
)

// A view is what the page shows, in words.
type view struct {
	page.Frame
	Seen    string
	Archive string
	None    bool
	Summary string
	Groups  []group
	Late    []found
	Weak    []found
	Who     who
	Copies  []copied
	// Compared says what could be told of the copies.
	Compared string
	Entry    string
}

// A group is the matches that have the same words of the text.
type group struct {
	N       int
	Matches []found
}

// found is one match.
type found struct {
	Ref, Marking, Kind, Chance string
	Finding, Class             string
	Reasons                    []string
	Leak, Portion              []trace.Piece
	Before                     string // bits before looking
	Evidence                   []bar
	Score                      string
	Shared, Altered, Missing   []string
	Public                     []public
	Originators                string
	Bases                      []string
}

// A bar is so many bits; Width is in hundredths of the longest.
type bar struct {
	Term, Bits string
	Width      int
	Against    bool
}

type public struct{ Day, Source, Title, URL, Kind string }

// who is the table of holders and passages.
type who struct {
	Columns  []column
	Rows     []row
	Notes    []string
	Caveat   string
	Recorded bool
}

type column struct {
	N    int
	Refs string
}

type row struct {
	Name, Count, Since string
	Person             bool
	Cells              []string // empty: it did not have the passage
}

type copied struct {
	ID, Recipient string
}

func newView(t *trace.Result) view {
	v := view{Frame: page.New(css, t.Banners), Seen: seen(t.Seen), Who: newWho(&t.Who), Summary: t.Who.Summary(), Compared: t.Compared()}
	if t.Archive.Portions > 0 {
		v.Archive = text.Count(t.Archive.Portions, "portion", "portions")
		if x := t.Archive.Calibrated; x != "" {
			v.Archive += "; " + trace.Plain(x)
		}
		if x := t.Archive.Index; x != "" {
			v.Archive += "; index " + trace.Plain(x)
		}
	}
	place := map[tearline.PortionRef]int{}
	for i, refs := range t.Who.Passages {
		v.Groups = append(v.Groups, group{N: i + 1})
		for _, ref := range refs {
			place[ref] = i
		}
	}
	for i := range t.Matches {
		m := &t.Matches[i]
		f := newFound(m, t.Leak)
		switch at, ok := place[m.Ref()]; {
		case ok:
			v.Groups[at].Matches = append(v.Groups[at].Matches, f)
		case m.Kind == trace.Weak:
			v.Weak = append(v.Weak, f)
		default:
			v.Late = append(v.Late, f)
		}
	}
	v.None = len(v.Groups) == 0 && len(v.Late) == 0
	for _, c := range t.Copies {
		v.Copies = append(v.Copies, copied{string(c.Copy), string(c.Recipient)})
	}
	if t.Sighting != nil {
		v.Entry = fmt.Sprintf("sighting %s, entry %d", t.Sighting.Statement, t.Sighting.Index)
	}
	return v
}

// seen is when the text was published: the day alone if no more is known, of
// which the last instant stands for it.
func seen(t time.Time) string {
	if t = t.UTC(); t.Add(time.Second).Format(time.DateOnly) != t.Format(time.DateOnly) {
		return "on " + t.Format(time.DateOnly)
	}
	return "by " + text.Stamp(t)
}

func newFound(m *trace.Match, leak string) found {
	f := found{
		Ref: m.Ref().String(), Marking: m.Marking, Kind: string(m.Kind), Chance: m.Chance(),
		Finding: m.Verdict.Finding.String(), Class: strings.ReplaceAll(string(m.Verdict.Finding), " ", "-"), Reasons: plain(m.Verdict.Reasons),
		Score: fmt.Sprintf("%.1f", m.Score), Missing: plain(m.Details.Missing), Originators: text.List(m.Originators),
	}
	f.Leak, f.Portion = m.Excerpts(leak, maxExcerpt)
	before, told := m.Telling()
	if before != 0 {
		f.Before = fmt.Sprintf("%+.1f", before)
	}
	longest := 0.0
	for _, e := range told {
		longest = max(longest, math.Abs(e.Bits))
	}
	for _, e := range told {
		width := 0
		if longest > 0 && !math.IsInf(longest, 0) {
			width = int(math.Round(100 * math.Abs(e.Bits) / longest))
		}
		f.Evidence = append(f.Evidence, bar{trace.Plain(e.Term), fmt.Sprintf("%+.1f", e.Bits), width, e.Bits < 0})
	}
	for _, w := range m.Shared {
		f.Shared = append(f.Shared, fmt.Sprintf("%s (in %s of %s)", trace.Plain(w.Word), text.Thousands(w.In), text.Thousands(w.Of)))
	}
	for _, a := range m.Details.Altered {
		f.Altered = append(f.Altered, trace.Plain(fmt.Sprintf("%s (the text has %s)", a.Text, a.LeakText)))
	}
	for _, p := range m.Public {
		f.Public = append(f.Public, public{p.Published.UTC().Format(time.DateOnly), trace.Plain(p.Source), trace.Plain(p.Title), trace.Plain(p.URL), string(p.Kind)})
	}
	for _, b := range m.Bases {
		f.Bases = append(f.Bases, basis(b))
	}
	return f
}

// basis says in a line on what basis a portion went out.
func basis(b trace.Basis) string {
	words := fmt.Sprintf("%s to %s", b.Mode, b.To())
	on := strings.ReplaceAll(string(b.Basis), "_", " ")
	if b.Basis == tearline.ByNothing {
		on = "no basis"
	}
	words += ", " + text.Stamp(b.Occurred) + ": " + on
	if b.AfterFact {
		words += ", recorded after the fact"
	}
	return words
}

func newWho(w *trace.Who) who {
	out := who{Caveat: w.Caveat(), Recorded: len(w.Parties) > 0}
	for i, refs := range w.Passages {
		out.Columns = append(out.Columns, column{i + 1, text.List(names(refs))})
	}
	for i := range w.Parties {
		h := &w.Parties[i]
		out.Rows = append(out.Rows, newRow(h, len(w.Passages)))
		for k := range w.Persons {
			if p := &w.Persons[k]; p.Party == h.Party {
				r := newRow(p, len(w.Passages))
				r.Person = true
				out.Rows = append(out.Rows, r)
			}
		}
	}
	for _, o := range w.Origins {
		of := make([]string, len(o.Passages))
		for i, n := range o.Passages {
			of[i] = fmt.Sprint(n + 1)
		}
		out.Notes = append(out.Notes, fmt.Sprintf("%s wrote %s, or what that rests on, and has it anyway.", o.Party, numbered(of)))
	}
	if words := w.FromHere(); words != "" {
		out.Notes = append(out.Notes, strings.ToUpper(words[:1])+words[1:]+".")
	}
	return out
}

func numbered(of []string) string {
	if len(of) == 1 {
		return "passage " + of[0]
	}
	return "passages " + strings.Join(of, ", ")
}

func newRow(h *trace.Holder, passages int) row {
	r := row{Name: h.Name(), Count: fmt.Sprintf("%d of %d", h.Passages, passages), Since: text.Stamp(h.First), Cells: make([]string, passages)}
	for _, x := range h.Had {
		words := text.List(x.Modes) + " " + x.First.UTC().Format(time.DateOnly)
		if len(x.Via) > 0 {
			words += " by way of " + text.List(x.Via)
		}
		switch cell := &r.Cells[x.Passage]; {
		case *cell == "":
			*cell = words
		case *cell != words:
			*cell += "; " + words
		}
	}
	return r
}

func names(refs []tearline.PortionRef) []string {
	out := make([]string, len(refs))
	for i, r := range refs {
		out[i] = r.String()
	}
	return out
}

func plain(words []string) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = trace.Plain(w)
	}
	return out
}
