package spif

import "strings"

// A grammar is what markings of a policy in a language are made of.
type grammar struct {
	p      *Policy
	langs  []string
	policy []string // what may stand in the policy's place
	class  trie     // words of classes
	words  []trie   // words of categories, by tag
	notes  trie     // words of privacy marks

	separator         string
	lead, then, after []string // prefix, separator and suffix, by tag
}

// A trie holds words, with the numbers of what they stand for.
type trie struct {
	nodes []trieNode
}

type trieNode struct {
	next map[byte]int
	ends []int
}

func (t *trie) add(word string, n int) {
	if len(t.nodes) == 0 {
		t.nodes = []trieNode{{}}
	}
	at := 0
	for i := range len(word) {
		next, ok := t.nodes[at].next[word[i]]
		if !ok {
			next = len(t.nodes)
			t.nodes = append(t.nodes, trieNode{})
			if t.nodes[at].next == nil {
				t.nodes[at].next = map[byte]int{}
			}
			t.nodes[at].next[word[i]] = next
		}
		at = next
	}
	t.nodes[at].ends = append(t.nodes[at].ends, n)
}

// at calls found for each word that s begins with, and each number of it.
func (t *trie) at(s string, found func(length, n int)) {
	if len(t.nodes) == 0 {
		return
	}
	at := 0
	for i := 0; ; i++ {
		for _, n := range t.nodes[at].ends {
			found(i, n)
		}
		if i == len(s) {
			return
		}
		next, ok := t.nodes[at].next[s[i]]
		if !ok {
			return
		}
		at = next
	}
}

// grammar returns what markings in a language are made of.
func (p *Policy) grammar(langs []string) *grammar {
	g := &grammar{p: p, langs: langs, separator: qualify(p.quals, langs, "separator", " ")}
	g.words = make([]trie, len(p.tags))
	places := map[string]bool{}
	place := func(s string) {
		if !places[s] {
			places[s] = true
			g.policy = append(g.policy, s)
		}
	}
	if x, ok := find(p.replace, langs, replaces); ok {
		place(x.text)
	} else {
		place(p.name)
	}
	for i := range p.classes {
		if w := p.className(i, langs); w != "" {
			g.class.add(w, i)
		}
		if x, ok := find(p.classes[i].phrases, langs, replaces); ok {
			place(x.text)
		}
	}
	for i := range p.cats {
		if w := p.word(i, langs); w != "" {
			g.words[p.cats[i].tag].add(w, i)
		}
		if x, ok := find(p.cats[i].phrases, langs, replaces); ok {
			place(x.text)
		}
	}
	for i, m := range p.privacy {
		if w := display(m.name, m.phrases, nil, langs); w != "" {
			g.notes.add(w, i)
		}
	}
	for i := range p.tags {
		q := p.tags[i].quals
		g.lead = append(g.lead, qualify(q, langs, "prefix", ""))
		g.then = append(g.then, qualify(q, langs, "separator", "/"))
		g.after = append(g.after, qualify(q, langs, "suffix", ""))
	}
	return g
}

// A node is a place in a text and what has been read there.
type node struct {
	at    int
	state state
	tag   int // of inTag and afterTag; of between, the tag before, or -1
}

// A state of a marking that is being read.
type state uint8

const (
	atStart  state = iota
	atClass        // after the policy's place
	between        // after a class or a tag
	atEnd          // after the privacy mark
	inTag          // expecting a category
	afterTag       // after a category
)

// A step is a way on from a node.
type step struct {
	from, to node
	what     int // the class, category or privacy mark that was read, or -1
}

// steps calls on for each way on from a node. No way leads back, and of those
// that read nothing at most two follow each other.
func (g *grammar) steps(text string, n node, on func(step)) {
	rest := text[n.at:]
	to := func(length int, s state, tag, what int) {
		on(step{from: n, to: node{n.at + length, s, tag}, what: what})
	}
	switch n.state {
	case atStart:
		for i, s := range g.policy {
			if strings.HasPrefix(rest, s) {
				to(len(s), atClass, -1, i)
			}
		}
	case atClass:
		to(0, between, -1, -1)
		if skip, ok := g.separated(n, rest); ok {
			g.class.at(rest[skip:], func(length, i int) { to(skip+length, between, -1, i) })
		}
	case between:
		g.part(n, rest, to)
	case inTag:
		g.words[n.tag].at(rest, func(length, i int) { to(length, afterTag, n.tag, i) })
	case afterTag:
		if s := g.then[n.tag]; strings.HasPrefix(rest, s) {
			to(len(s), inTag, n.tag, -1)
		}
		if s := g.after[n.tag]; strings.HasPrefix(rest, s) {
			to(len(s), between, n.tag, -1)
		}
	case atEnd:
	}
}

// part reads what a tag or a privacy mark begins with.
func (g *grammar) part(n node, rest string, to func(length int, s state, tag, what int)) {
	skip, ok := g.separated(n, rest)
	if !ok {
		return
	}
	for t, lead := range g.lead {
		// A tag is not left to be entered again: it would be read in as many
		// ways as there are pieces.
		if t != n.tag && strings.HasPrefix(rest[skip:], lead) {
			to(skip+len(lead), inTag, t, -1)
		}
	}
	g.notes.at(rest[skip:], func(length, i int) { to(skip+length, atEnd, -1, i) })
}

// separated returns the length of the separator that a part begins with, and
// whether it does. At the start of a text there is none.
func (g *grammar) separated(n node, rest string) (skip int, ok bool) {
	if n.at == 0 {
		return 0, true
	}
	return len(g.separator), strings.HasPrefix(rest, g.separator)
}
