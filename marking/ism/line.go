package ism

import (
	"cmp"
	"slices"
	"strings"
)

// A form is how a line is written.
type form uint8

const (
	asBanner  form = iota
	asPortion      // without its parentheses
	asMark         // for the engine: codes as they are, nothing shortened or left out
)

// A mark is what the attributes say that lines are written from: tokens once
// each, in the order in which they were written.
type mark struct {
	level, joint                   string
	owners, sci, sar, aea          []string
	open, protected, nonUS         []string
	cuiBasic, cuiSpecified         []string
	dissem, release, show, nonIC   []string
	cuiOnly                        bool // compliesWith USA-CUI-ONLY
	highWater, channels            string
	second                         []string
	foreign, jointly, natoActivity bool
}

func (a Attributes) mark() *mark {
	list := func(name string) []string { return unique(a.Tokens(name)) }
	m := &mark{
		level: a.Get(Classification), joint: a.Get(Joint),
		owners: list(OwnerProducer), sci: list(SCIControls), sar: list(SARIdentifier), aea: list(AtomicEnergyMarkings),
		open: list(FGISourceOpen), protected: list(FGISourceProtected), nonUS: list(NonUSControls),
		cuiBasic: list(CUIBasic), cuiSpecified: list(CUISpecified),
		dissem: list(Dissemination), release: list(ReleasableTo), show: list(DisplayOnlyTo), nonIC: list(NonICMarkings),
		cuiOnly:   slices.Contains(a.Tokens(CompliesWith), "USA-CUI-ONLY"),
		highWater: a.Get(HighWaterNATO), channels: a.Get(HandleViaChannels), second: list(SecondBannerLine),
	}
	m.jointly = m.joint == "true" || m.joint == "1"
	m.foreign = !m.jointly && len(m.owners) > 0 && !slices.Equal(m.owners, []string{"USA"})
	if m.foreign && len(m.owners) == 1 {
		m.natoActivity = strings.HasPrefix(m.owners[0], natoSpecial)
	}
	return m
}

// natoSpecial leads what NATO calls its activities, which no register lists
// (CAPCO 2016 §G.1 Table 4).
const natoSpecial = "NATO:"

// line writes the line, its categories in their order (CAPCO 2016 §A.6).
func (m *mark) line(f form) string {
	alone := m.cuiAlone()
	parts := make([]string, 0, 9)
	if !alone {
		parts = append(parts, m.head(f))
	}
	sci, aea, own := m.controls(f)
	for _, p := range [...]string{own, sci, m.sarText(f), aea, m.fgi(f), m.cui(), m.dissemText(f, alone), m.nonICText(f)} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, "//")
}

// cuiAlone reports whether the line is one of CUI and nothing else, which
// does not begin with the level.
func (m *mark) cuiAlone() bool {
	if m.foreign || m.jointly || m.level != "U" && (m.level != "" || !m.cuiOnly) {
		return false
	}
	if m.cui() == "" || len(m.sci)+len(m.sar)+len(m.aea)+len(m.open)+len(m.protected)+len(m.nonUS)+len(m.nonIC) > 0 {
		return false
	}
	return !slices.ContainsFunc(m.dissem, func(t string) bool { return !slices.Contains(dissemCUI, t) })
}

// levelWord writes the level, or what stands in its place.
func (m *mark) levelWord(f form) string {
	w := find(levels, m.level)
	switch {
	case w == nil:
		return m.level
	case f == asPortion:
		return w.portion
	}
	return w.banner
}

// head writes owner and level (CAPCO 2016 §H.2, §H.3).
func (m *mark) head(f form) string {
	level := m.levelWord(f)
	switch {
	case m.jointly:
		return "//JOINT " + level + " " + strings.Join(codes(m.owners, f, false), " ")
	case !m.foreign:
		return level
	case slices.Contains(m.owners, "FGI"):
		return "//FGI " + level
	case slices.Equal(m.owners, []string{"NATO"}):
		if w, ok := natoLevels[m.level]; ok && f == asPortion {
			return "//" + w.portion
		} else if ok {
			return "//" + w.banner
		}
	case m.natoActivity && f == asPortion:
		name := strings.TrimPrefix(m.owners[0], natoSpecial)
		if short, ok := natoActivities[name]; ok {
			name = short
		}
		return "//N" + display(name) + level
	case m.natoActivity:
		return "//NATO " + display(strings.TrimPrefix(m.owners[0], natoSpecial)) + " " + level
	}
	return "//" + strings.Join(codes(m.owners, f, false), " ") + " " + level
}

// display is how lines write what tokens write with underscores.
func display(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(strings.ReplaceAll(s, "_", " "), "  ", "_"), natoSpecial, "NATO ")
}

// codes orders the codes of a list: the nation first where it leads, then
// nations from A to Z, then coalitions (CAPCO 2016 §H.8 REL TO). Where an
// activity of NATO is on the list, ODNI's own lines do not write NATO beside
// it; that is the narrower, so this does not either.
func codes(list []string, f form, nationFirst bool) []string {
	out := slices.Clone(list)
	if f != asMark && slices.ContainsFunc(out, func(c string) bool { return strings.HasPrefix(c, natoSpecial) }) {
		out = slices.DeleteFunc(out, func(c string) bool { return c == "NATO" })
	}
	rank := func(c string) int {
		switch {
		case nationFirst && c == "USA":
			return 0
		case len(c) == len("USA"):
			return 1
		}
		return 2
	}
	slices.SortFunc(out, func(a, b string) int { return cmp.Or(rank(a)-rank(b), strings.Compare(a, b)) })
	if f != asMark {
		for i := range out {
			out[i] = display(out[i])
		}
	}
	return out
}

// tree writes tokens "SI-G-ABCD" as "SI-G ABCD", digits before letters at
// each depth (CAPCO 2016 §A.6).
func tree(tokens []string) string {
	paths := make([][]string, len(tokens))
	for i, t := range tokens {
		paths[i] = strings.SplitN(t, "-", 3)
	}
	slices.SortFunc(paths, slices.Compare)
	var b strings.Builder
	var last []string
	for _, p := range paths {
		same := 0
		for same < min(len(p), len(last)) && p[same] == last[same] {
			same++
		}
		for d := same; d < len(p); d++ {
			switch {
			case d == 0 && last != nil:
				b.WriteByte('/')
			case d == 1:
				b.WriteByte('-')
			case d == 2:
				b.WriteByte(' ')
			}
			b.WriteString(display(p[d]))
		}
		last = p
	}
	return b.String()
}

// controls writes compartments and atomic energy markings with NATO's controls
// at their ends, or those by themselves where NATO owns the mark.
func (m *mark) controls(f form) (sci, aea, own string) {
	var beside, atomic, ours []string
	known := func(t string) int {
		return slices.IndexFunc(nonUS, func(n control) bool { return n.name == t })
	}
	names := make([]string, len(m.nonUS))
	for i, t := range m.nonUS {
		names[i] = t
		if short := strings.TrimPrefix(t, "NATO-"); known(short) >= 0 {
			names[i] = short
		}
	}
	slices.Sort(names)
	for _, n := range slices.Compact(names) {
		switch i := known(n); {
		case m.natoActivity || slices.Equal(m.owners, []string{"NATO"}):
			ours = append(ours, n)
		case i >= 0 && nonUS[i].atomic:
			atomic = append(atomic, n)
		default:
			beside = append(beside, n)
		}
	}
	join := func(first string, rest []string) string {
		if first != "" {
			rest = append([]string{first}, rest...)
		}
		return strings.Join(rest, "/")
	}
	return join(tree(m.sci), beside), join(m.aeaText(f), atomic), join("", ours)
}

// aeaText writes the atomic energy markings (CAPCO 2016 §H.6).
func (m *mark) aeaText(f form) string {
	rest := slices.Clone(m.aea)
	take := func(t string) bool {
		n := len(rest)
		rest = slices.DeleteFunc(rest, func(x string) bool { return x == t })
		return len(rest) < n
	}
	var out []string
	for _, w := range aea {
		name, more := w.portion, ""
		if f == asBanner {
			name = w.banner
		}
		var sigma []string
		for _, t := range m.aea {
			if n, ok := strings.CutPrefix(t, w.token+"-SG-"); ok && take(t) {
				sigma = append(sigma, n)
			}
		}
		if take(w.token + "-CNWDI") {
			more = "-CNWDI"
		}
		if len(sigma) > 0 {
			slices.SortFunc(sigma, func(a, b string) int { return cmp.Or(len(a)-len(b), strings.Compare(a, b)) })
			if more += "-SIGMA "; f == asPortion {
				more = strings.TrimSuffix(more, "SIGMA ") + "SG "
			}
			more += strings.Join(sigma, " ")
		}
		if take(w.token) || more != "" {
			out = append(out, name+more)
		}
	}
	return strings.Join(append(out, rest...), "/")
}

// fgi writes the foreign sources. A concealed one hides those that are named
// (CAPCO 2016 §D.2, §H.7); of what a foreign owner has written the owner is
// the source, and is not named again.
func (m *mark) fgi(f form) string {
	concealed, owners := len(m.protected) > 0 || slices.Contains(m.open, "UNKNOWN"), set(m.owners)
	switch {
	case !concealed && len(m.open) == 0:
		return ""
	case m.foreign && concealed && slices.Contains(m.owners, "FGI"):
		return ""
	case m.foreign && !concealed && !slices.ContainsFunc(m.open, func(c string) bool { return !owners[c] }):
		return ""
	case concealed:
		return "FGI"
	}
	return "FGI " + strings.Join(codes(m.open, f, false), " ")
}

// cui writes controlled unclassified information: specified categories, then
// basic ones, each from A to Z.
func (m *mark) cui() string {
	specified, basic := slices.Sorted(slices.Values(m.cuiSpecified)), slices.Sorted(slices.Values(m.cuiBasic))
	for i := range specified {
		specified[i] = "SP-" + specified[i]
	}
	all := append(specified, basic...)
	switch {
	case len(all) > 0:
		return "CUI//" + strings.Join(all, "/")
	case m.cuiOnly:
		return "CUI"
	}
	return ""
}

// dissemText writes the dissemination controls with their lists.
func (m *mark) dissemText(f form, alone bool) string {
	tokens := slices.Clone(m.dissem)
	place := func(t string) int {
		i := slices.IndexFunc(dissem, func(w word) bool { return w.token == t })
		if alone {
			i = slices.Index(dissemCUI, t)
		}
		if i < 0 {
			return len(dissem) // what is not known stands last
		}
		return i
	}
	slices.SortStableFunc(tokens, func(a, b string) int { return place(a) - place(b) })
	var out []string
	for _, t := range tokens {
		w := find(dissem, t)
		switch {
		case w == nil:
			out = append(out, t)
		case w.portion == "", t == "OC" && slices.Contains(tokens, "OC-USGOV"):
		default:
			out = append(out, m.control(w, f))
		}
	}
	return strings.Join(out, "/")
}

// control writes one control.
func (m *mark) control(w *word, f form) string {
	switch w.token {
	case "EYES":
		return strings.TrimSpace(strings.Join(codes(m.release, f, true), "/") + " " + w.banner)
	case "REL":
		if len(m.release) == 0 {
			return "REL"
		}
		words := w.portion
		if f == asBanner && m.foreign && (m.natoActivity || slices.Equal(m.owners, []string{"NATO"})) {
			words = "RELEASABLE TO" // CAPCO 2016 §G.1 Table 5
		}
		return words + " " + strings.Join(codes(m.release, f, true), ", ")
	case "DISPLAYONLY":
		return strings.TrimSpace(w.portion + " " + strings.Join(codes(m.show, f, false), ", "))
	}
	if f == asBanner {
		return w.banner
	}
	return w.portion
}

// nonICText writes the non-IC markings.
func (m *mark) nonICText(f form) string {
	var nicknames, out, rest []string
	for _, t := range m.nonIC {
		if n, ok := strings.CutPrefix(t, accm); ok {
			nicknames = append(nicknames, n)
		} else if find(nonIC, t) == nil {
			rest = append(rest, t)
		}
	}
	slices.Sort(nicknames)
	for i, w := range nonIC {
		switch {
		case !slices.Contains(m.nonIC, w.token):
		case f == asBanner:
			out = append(out, w.banner)
		default:
			out = append(out, w.portion)
		}
		if i == 0 && len(nicknames) > 0 {
			out = append(out, accm+display(strings.Join(nicknames, "/")))
		}
	}
	return strings.Join(append(out, rest...), "/")
}

// secondText writes the second banner line, "" if there is none.
func (m *mark) secondText() string {
	var out []string
	for _, t := range m.second {
		text, ok := secondLine[t]
		switch {
		case !ok:
			text = t
		case t == "HVCO" && m.channels != "":
			text = "HANDLE VIA " + m.channels + " CHANNELS ONLY"
		}
		out = append(out, text)
	}
	return strings.Join(out, "/")
}
