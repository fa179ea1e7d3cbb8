package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"tearline"
	"tearline/bench/kit"
	"tearline/internal/node"
	"tearline/internal/node/copies"
	"tearline/internal/node/trace"
)

// A leak is a text that came out, and those whose copies are behind it.
type leak struct {
	text string
	of   []tearline.CopyID
	// Of a picture: how it is read, and of which report it is.
	pages  copies.PageReader
	digest string
	report tearline.ReportID
}

// A kind of leak, and the least share in which a copy behind it is to be named:
// that of the table of detection, for as many marks as it leaves.
type kind struct {
	name  string
	share float64
	make  func(b *bench, n *node.Node, a *author, i *issue) (leak, error)
}

var kinds = []kind{
	{"an excerpt of 55 sentences", .9, func(_ *bench, _ *node.Node, a *author, i *issue) (leak, error) {
		to := a.anybody(i)
		s := sentences(i.texts[to])
		at := a.IntN(len(s) - 55)
		return leak{text: strings.Join(s[at:at+55], " "), of: []tearline.CopyID{i.copies[to]}}, nil
	}},
	{"90 sentences, one word in ten another", .9, func(_ *bench, _ *node.Node, a *author, i *issue) (leak, error) {
		to := a.anybody(i)
		return leak{text: a.edited(strings.Join(sentences(i.texts[to])[:90], " ")), of: []tearline.CopyID{i.copies[to]}}, nil
	}},
	{"two copies mixed sentence by sentence", .9, func(_ *bench, _ *node.Node, a *author, i *issue) (leak, error) {
		x, y := a.anybody(i), a.anybody(i)
		for y == x {
			y = a.anybody(i)
		}
		s, t := sentences(i.texts[x]), sentences(i.texts[y])
		for k := range s {
			if a.IntN(2) == 1 {
				s[k] = t[k]
			}
		}
		return leak{text: strings.Join(s, " "), of: []tearline.CopyID{i.copies[x], i.copies[y]}}, nil
	}},
	{"a page, scanned askew, JPEG 40", .9, scanned},
	{"an article about something else", 0, func(_ *bench, _ *node.Node, a *author, _ *issue) (leak, error) {
		var s []string
		for range 40 {
			s = append(s, a.sentence(false))
		}
		return leak{text: strings.Join(s, " ")}, nil
	}},
}

func (a *author) anybody(i *issue) tearline.PartyID { return recipient(a.IntN(len(i.texts))) }

// sentences cuts a copy into its sentences, without marks and numbers.
func sentences(text string) []string {
	var out []string
	for line := range strings.Lines(text) {
		_, line, ok := strings.Cut(line, ") ")
		if !ok {
			continue
		}
		for _, s := range strings.SplitAfter(strings.TrimSpace(line), ".") {
			if s = strings.TrimSpace(s); s != "" {
				out = append(out, s)
			}
		}
	}
	return out
}

// edited has another word in the place of one in ten.
func (a *author) edited(text string) string {
	words := strings.Fields(text)
	for i := range words {
		if a.IntN(10) == 0 {
			words[i] = a.word()
		}
	}
	return strings.Join(words, " ")
}

// A tally counts the leaks of one kind, those in which a copy behind it was
// named or one that was not, and the findings, with those verified elsewhere.
type tally struct{ leaks, found, innocent, named, verified int }

// benchEndToEnd releases all reports to all recipients and has copies leak.
func benchEndToEnd(b *bench) error {
	a := newAuthor(1)
	n, err := b.open("endtoend", b.recipients)
	if err != nil {
		return err
	}
	var issues []*issue
	for i := range b.reports {
		x, err := b.issue(n, a.report(fmt.Sprintf("ADV-%d", i+1), b.sentences), b.recipients)
		if err != nil {
			return err
		}
		issues = append(issues, x)
	}
	var all tally
	for _, k := range kinds {
		var t tally
		for range b.leaks {
			l, err := k.make(b, n, a, issues[a.IntN(len(issues))])
			if err != nil {
				return fmt.Errorf("%s: %w", k.name, err)
			}
			if err := b.attribute(n, l, &t); err != nil {
				return fmt.Errorf("%s: %w", k.name, err)
			}
		}
		what := fmt.Sprintf("%d leaks, %s", t.leaks, k.name)
		if k.share > 0 {
			b.Add(what+": a copy behind it is named", "%", kit.One(100*float64(t.found)/float64(t.leaks)), kit.AtLeast(100*k.share))
		}
		all.leaks, all.innocent, all.verified, all.named = all.leaks+t.leaks, all.innocent+t.innocent, all.verified+t.verified, all.named+t.named
	}
	b.Add(fmt.Sprintf("%d leaks of %d reports, %d recipients: no innocent copy is named", all.leaks, b.reports, b.recipients),
		"leaks", kit.One(float64(all.leaks-all.innocent)), kit.AtLeast(float64(all.leaks)))
	b.Add(fmt.Sprintf("%d findings: verified by a process that has the bundle and the key alone", all.named), "findings", kit.One(float64(all.verified)), kit.AtLeast(float64(all.named)))
	return nil
}

// attribute asks whose copy it was, and has the answer checked elsewhere.
func (b *bench) attribute(n *node.Node, l leak, t *tally) error {
	t.leaks++
	found, bundle, err := n.Attribute(b.Ctx, holder, trace.Question{Text: l.text}, l.question())
	if tearline.KindOf(err) == tearline.Conflict && len(l.of) == 0 {
		return nil // it draws on nothing
	}
	if err != nil {
		return err
	}
	named := found.Finding.NamedCopies()
	if slices.ContainsFunc(named, func(id tearline.CopyID) bool { return !slices.Contains(l.of, id) }) {
		t.innocent++
	}
	if slices.ContainsFunc(named, func(id tearline.CopyID) bool { return slices.Contains(l.of, id) }) {
		t.found++
	}
	var buf bytes.Buffer
	if err := bundle.Encode(&buf); err != nil {
		return err
	}
	key, err := b.logKey(n)
	if err != nil {
		return err
	}
	t.named++
	if err := b.verify(&buf, key); err != nil {
		return err
	}
	t.verified++
	return nil
}
