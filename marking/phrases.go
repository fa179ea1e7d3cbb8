package marking

import "tearline/marking/policies"

// phrases reads a line of phrases: the level, then tokens and lists in their
// words, parted by anything that is no word. It reports whether the level was
// in short.
func (ps *parser) phrases(lo, hi int) (short bool) {
	at, short := ps.phraseLevel(lo, hi)
	ps.pending = -1
	open := -1 // the token whose list the codes are for
	for at < hi && !ps.faults.full() {
		if policies.Divides(ps.s[at]) {
			at++
			continue
		}
		x, end, ok := ps.p.t.PhraseAt(ps.s[:hi], at)
		if !ok {
			end = policies.WordEnd(ps.s[:hi], at)
			ps.drop()
			ps.unknown(at, end, ps.s[at:end])
			at, open = end, -1
			continue
		}
		open = ps.phrase(x, at, end, open)
		at = end
	}
	ps.drop()
	return short
}

// phraseLevel reads the level, with the tokens that stand within it, and
// returns where it ends.
func (ps *parser) phraseLevel(lo, hi int) (at int, short bool) {
	t := &ps.p.t
	if t.Inner >= 0 {
		c := &t.Cats[t.Inner]
		if end, ok := policies.MatchAt(ps.s[:hi], lo, c.Within+c.Before); ok {
			if at, level, ok := ps.inner(end, hi); ok {
				ps.b.Level = uint8(level) //nolint:gosec // the loader bounds the levels
				return at, false
			}
		}
	}
	level, end, ok := t.LevelAt("", ps.s[:hi], lo)
	if !ok {
		end := policies.WordEnd(ps.s[:hi], lo)
		ps.unknownLevel(lo, max(end, min(lo+1, hi)), policies.Squeeze(ps.s[lo:hi]))
		return hi, false
	}
	if rest := policies.NextWord(ps.s[:hi], end); len(t.Tokens) == 0 && rest < hi {
		ps.unknownLevel(lo, hi, policies.Squeeze(ps.s[lo:hi])) // there is nothing that may follow
		return hi, false
	}
	ps.b.Level = uint8(level) //nolint:gosec // the loader bounds the levels
	w := policies.Squeeze(ps.s[lo:end])
	return end, w == t.Levels[level].Portion && w != t.Levels[level].Name
}

// inner reads tokens that stand within a level, and the rest of the level. It
// takes nothing if there is not both.
func (ps *parser) inner(lo, hi int) (at, level int, ok bool) {
	t := &ps.p.t
	var tokens [][3]int
	for at = lo; at < hi && len(tokens) < len(t.Tokens); {
		x, end, ok := t.PhraseAt(ps.s[:hi], policies.NextWord(ps.s[:hi], at))
		if !ok || x.Sort != policies.PhraseToken || t.Tokens[x.Index].Category != t.Inner {
			break
		}
		tokens = append(tokens, [3]int{x.Index, at, end})
		at = end
	}
	level, at, ok = t.LevelAt(t.Cats[t.Inner].Within+" ", ps.s[:hi], at)
	if !ok || len(tokens) == 0 {
		return lo, 0, false
	}
	for _, x := range tokens {
		ps.take(x[0], x[1], x[2])
	}
	return at, level, true
}

// phrase takes one phrase, and returns the token whose list is open after it.
func (ps *parser) phrase(x policies.Phrase, lo, hi, open int) int {
	t := &ps.p.t
	switch x.Sort {
	case policies.PhraseCode:
		if open < 0 {
			if ps.pending < 0 {
				ps.pending = lo
			}
			ps.waiting = append(ps.waiting, x.Index)
			return -1
		}
		ps.phraseCode(open, x.Index, lo, hi)
		return open
	case policies.PhraseEyes:
		ps.phraseEyes(x.Index, lo, hi)
		return -1
	case policies.PhraseList:
		ps.drop()
		ps.take(x.Index, lo, hi)
		if l := t.Tokens[x.Index].Codes; !l.Bare {
			if y, _, ok := t.PhraseAt(ps.s, policies.NextWord(ps.s, hi)); !ok || y.Sort != policies.PhraseCode {
				ps.fault(lo, hi, Fault{Rule: l.Empty.Rule, Cites: l.Empty.Cites, Hint: l.Empty.Hint, Text: policies.Quote(ps.s[lo:hi]) + " has no list here"})
			}
		}
		return x.Index
	case policies.PhraseToken:
		ps.drop()
		ps.take(x.Index, lo, hi)
	}
	return -1
}

// phraseEyes takes the words after a list, whose codes wait.
func (ps *parser) phraseEyes(token, lo, hi int) {
	l := ps.p.t.Tokens[token].Codes
	if ps.pending < 0 {
		ps.fault(lo, hi, Fault{Rule: l.Empty.Rule, Cites: l.Empty.Cites, Hint: l.Empty.Hint, Text: policies.Quote(ps.s[lo:hi]) + " has no list here"})
		return
	}
	start, nation, before := ps.pending, false, len(ps.faults)
	ps.take(token, start, hi)
	for _, i := range ps.waiting {
		nation = ps.listed(l, &ps.b.Rel, i, nation, start, hi)
	}
	if len(ps.faults) == before {
		ps.nation(l, &ps.b.Rel, nation, len(ps.waiting), start)
	}
	ps.pending, ps.waiting = -1, nil
}

// phraseCode adds a code to the list that is open.
func (ps *parser) phraseCode(token, code, lo, hi int) {
	l := ps.p.t.Tokens[token].Codes
	ps.listed(l, ps.codeSet(l), code, false, lo, hi)
}

// drop reports codes that no list took.
func (ps *parser) drop() {
	if ps.pending < 0 {
		return
	}
	end := ps.pending
	for range ps.waiting {
		if _, e, ok := ps.p.t.PhraseAt(ps.s, policies.NextWord(ps.s, end)); ok {
			end = e
		}
	}
	f := Fault{Rule: "form.token", Text: policies.Quote(ps.s[ps.pending:end]) + " is on no list", Hint: "write before or after it what the list is for"}
	ps.fault(ps.pending, end, f)
	ps.pending, ps.waiting = -1, nil
}
