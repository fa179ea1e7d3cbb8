package match

import (
	"cmp"
	"slices"

	"tearline"
)

const (
	// MostE is the largest E-value of a match that is no weak one: of ten
	// unrelated texts, one has such a match.
	MostE = 0.1
	// leastShown is how many matches a search returns if there are as many
	// candidates; all that are not weak come beyond that.
	leastShown = 10
	// leastToLook is what a weak match has at least in common with the text, in
	// units of 20 bits: two words or three. Who may look at matched portions
	// only is not shown others.
	leastToLook = 0.7
	// leastToSay is what other words for a portion must have in common with it:
	// a portion with less to tell is not matched by them, whoever quotes it.
	leastToSay = 1.5
)

// Search returns the portions that the leak draws on, best first; then, to
// look at, weak ones, so that there are at least ten if so many have telling
// words in common with it. Of portions with the same words each has its match. Equal
// ones are ordered by reference; the same archive gives the same answer. It
// errs on a damaged segment, with [segment.ErrDamaged].
func (s *Searcher) Search(l *Leak) ([]Match, error) {
	if len(l.words) == 0 || s.archive.n == 0 {
		return []Match{}, nil
	}
	s.begin(l)
	found, err := s.examine()
	if err != nil {
		return nil, err
	}
	found = s.judged(found)
	text := s.archive.Chances(l)
	out := []Match{}
	for i, f := range found {
		e := s.archive.expect(text, f.bits)
		if i >= leastShown && e > MostE {
			break
		}
		if e > MostE && f.x[0] < leastToLook {
			continue
		}
		m := s.match(f, e)
		if m.Kind == Weak && f.x[0] < leastToLook {
			continue
		}
		out = append(out, m)
	}
	return out, s.err
}

// judged weighs the evidence, and returns the best finding of each portion,
// best first.
func (s *Searcher) judged(found []*finding) []*finding {
	for _, f := range found {
		f.bits = s.archive.weights.Model.Bits(f.x[:])
	}
	slices.SortFunc(found, func(a, b *finding) int {
		return cmp.Or(cmp.Compare(b.bits, a.bits), cmp.Compare(a.ref.Report, b.ref.Report), cmp.Compare(a.ref.Portion, b.ref.Portion), cmp.Compare(a.at, b.at))
	})
	seen := map[tearline.PortionRef]*finding{}
	out := found[:0]
	for _, f := range found {
		if first := seen[f.ref]; first != nil {
			first.more = append(first.more, f)
			continue
		}
		seen[f.ref] = f
		out = append(out, f)
	}
	return out
}

// match makes the answer about a finding, and all other pieces of its portion.
func (s *Searcher) match(f *finding, e float64) Match {
	m := Match{Ref: f.ref, EValue: e, Score: f.bits, Evidence: s.told(f)}
	d, kind := detailer{}, Kind("")
	for i, piece := range append([]*finding{f}, f.more...) {
		s.read(piece.unit)
		s.aligner.load(s.rows)
		best, passages := s.passages(piece)
		for _, p := range passages {
			kind = closest(kind, p.kind)
			m.Spans = append(m.Spans, s.span(p.steps))
		}
		if i == 0 && len(passages) == 0 && best.steps != nil {
			passages = append(passages, best)
			m.Spans = append(m.Spans, s.loosely(piece, best.steps))
		}
		for _, p := range passages {
			m.Words = append(m.Words, s.pairs(p.steps)...)
		}
		d.look(s, piece, passages)
	}
	if len(m.Spans) == 0 {
		m.Spans = append(m.Spans, s.whole(f))
	}
	m.Kind = kindOf(kind, f, e)
	if m.Kind != Verbatim && m.Kind != Edited && f.window >= 0 {
		m.Spans = s.sentencesOf(f, m.Spans)
	}
	m.Spans = merged(m.Spans)
	slices.SortStableFunc(m.Words, func(a, b Pair) int { return cmp.Compare(a.Leak[0], b.Leak[0]) })
	m.Details, m.Shared = d.details, d.shared(s)
	return m
}

// told is what each kind of evidence tells; it adds up to the score.
func (s *Searcher) told(f *finding) []Evidence {
	model := &s.archive.weights.Model
	out := []Evidence{{Term: BeforeLooking, Bits: model.Base}}
	for k := range model.Terms {
		t := &model.Terms[k]
		out = append(out, Evidence{Term: t.Name, Value: f.x[k], Bits: t.At(f.x[k])})
	}
	return out
}

// Of what is shared, names and figures tell which matter it is; other words,
// whose account of it.
const sameEventNames, sameEventShare = 0.6, 0.4

// kindOf says what the match is.
func kindOf(closest Kind, f *finding, e float64) Kind {
	const both, share, names, contradicted = 0, 4, 13, 15
	switch {
	case e > MostE:
		return Weak
	case closest == Verbatim || closest == Edited:
		return closest
	case f.x[both] < leastToSay:
		return Weak
	case f.x[contradicted] >= 2 || f.x[names] > sameEventNames*f.x[both] && f.x[share] < sameEventShare:
		return SameEvent
	}
	return Reworded
}

// passages aligns a finding with every stretch of the leak that may hold a
// part of it. It returns what says something by itself, in the order found, and
// the best of all.
func (s *Searcher) passages(f *finding) (best passage, out []passage) {
	a := &s.aligner
	for _, w := range append(s.everywhere(), s.stretches(f)...) {
		for range mostPassages {
			steps, score := a.best(w[0], w[1])
			if len(steps) == 0 || score < leastScore {
				break
			}
			a.use(steps)
			a.judge(steps, func(p passage) { out = append(out, p) })
			if steps = agreeing(steps); len(steps) == 0 {
				continue
			}
			if p := a.weigh(steps); best.steps == nil || p.bits > best.bits {
				best = p
			}
		}
	}
	return best, out
}

// sentencesOf widens the spans within a finding's window to the sentences that
// they are in: of a text that follows a portion in other words, what agrees is
// not all that was taken.
func (s *Searcher) sentencesOf(f *finding, spans []Span) []Span {
	s.read(f.unit)
	from, to := s.trimmed(f)
	whole := [2]int{s.leak.words[from].start, s.leak.words[to-1].end}
	out, wide := spans[:0], Span{}
	for _, x := range spans {
		switch {
		case x.Leak[0] >= whole[1] || x.Leak[1] <= whole[0]:
			out = append(out, x)
		case wide.Leak[1] == 0:
			wide = x.with(Span{Leak: whole, Portion: x.Portion})
		default:
			wide = wide.with(x)
		}
	}
	if wide.Leak[1] > 0 {
		out = append(out, wide)
	}
	return out
}

// loosely returns where a passage stands that follows the portion loosely: in
// the leak, the sentences that it takes in; in the portion, the words.
func (s *Searcher) loosely(f *finding, steps []step) Span {
	span := s.span(steps)
	if f.window < 0 {
		return span
	}
	from, to := s.trimmed(f)
	span.Leak = [2]int{s.leak.words[from].start, s.leak.words[to-1].end}
	return span
}

// trimmed returns the words [from, to) of a finding's window without sentences
// at its ends that have next to nothing in common with the portion.
func (s *Searcher) trimmed(f *finding) (from, to int) {
	win := s.windows[f.window]
	s.stamp++
	for i := range s.rows {
		if r := &s.rows[i]; r.id >= 0 {
			s.mark[r.id] = s.stamp
		}
	}
	share := func(i int) float32 {
		var sum float32
		for _, t := range s.leak.sentences[i].stems {
			if s.mark[t] == s.stamp && !s.leak.plain[t] {
				sum += s.terms[t].bits
			}
		}
		return sum
	}
	var most float32
	for i := win.from; i < win.to; i++ {
		most = max(most, share(i))
	}
	a, b := win.from, win.to
	for a+1 < b && share(a) < most/4 {
		a++
	}
	for b-1 > a && share(b-1) < most/4 {
		b--
	}
	return s.leak.sentences[a].from, s.leak.sentences[b-1].to
}

// whole spans the window and the document.
func (s *Searcher) whole(f *finding) Span {
	var out Span
	if n := len(s.leak.words); f.window >= 0 {
		from, to := s.trimmed(f)
		out.Leak = [2]int{s.leak.words[from].start, s.leak.words[to-1].end}
	} else {
		out.Leak = [2]int{s.leak.words[0].start, s.leak.words[n-1].end}
	}
	for i := range s.rows {
		if r := &s.rows[i]; r.ins == nil {
			if out.Portion[1] == 0 {
				out.Portion[0] = r.start
			}
			out.Portion[1] = max(out.Portion[1], r.end)
		}
	}
	return out
}

// pairs lists the words that stand for each other.
func (s *Searcher) pairs(steps []step) []Pair {
	var out []Pair
	for i, st := range steps {
		how := Same
		switch st.what {
		case akin:
			how = Stem
		case changed:
			how = Changed
		case dropped, added:
			continue
		}
		span := s.span(steps[i : i+1])
		p := Pair{Leak: span.Leak, Portion: span.Portion, How: how}
		if how != Changed {
			p.Bits = float64(s.terms[s.leak.words[st.word].stem].bits)
		}
		out = append(out, p)
	}
	return out
}
