package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/analysis/lang/en"
	_ "modernc.org/sqlite" // the driver, FTS5 in it

	"tearline/bench/kit"
)

// A hit is a portion found, and how good the finder thinks it is.
type hit struct {
	id    string
	score float64
}

// A finder finds the ten best portions for a text.
type finder struct {
	name  string
	built time.Duration // processor time
	find  func(text string) ([]hit, error)
	close func() error
}

// askedOfPeers are the kinds that peers are asked.
var askedOfPeers = []string{"inart-verbatim1", "inart-light", "inart-heavy", "inart-msrp-para", "msrp-para", "pan-para"}

// benchPeers holds the search against others', over the same portions and with
// the same texts, ours last.
func benchPeers(b *bench) error {
	a, err := b.archive(b.peers)
	if err != nil {
		return missing(err)
	}
	queries := b.peersQueries()
	quoting := b.quoting(b.peers, queries)
	var theirs []outcome
	for _, open := range []func(*bench) (*finder, error){(*bench).fts, (*bench).bleve} {
		o, err := b.outcomeOf(open, queries, quoting)
		if err != nil {
			return err
		}
		theirs = append(theirs, o)
	}
	ours, err := b.outcomeOf(func(*bench) (*finder, error) { return tearlineFinder(a), nil }, queries, quoting)
	if err != nil {
		return err
	}
	b.compare(ours, theirs)
	return nil
}

// peersQueries are the texts that everybody is asked.
func (b *bench) peersQueries() []query {
	var out []query
	for _, kind := range askedOfPeers {
		out = append(out, b.ofKind(kind, b.asked)...)
	}
	for _, suffix := range []string{"-article", "-sentence"} {
		var unrelated []query
		for _, kind := range []string{"neg-reuters", "neg-brown"} {
			unrelated = append(unrelated, b.ofKind(kind+suffix, b.decoys/2)...)
		}
		out = append(out, unrelated...)
	}
	return out
}

// An outcome is what a finder came to.
type outcome struct {
	name              string
	built             float64 // portions a second
	article, sentence kit.Spread
	recall            []share // by kind
}

// A share is how many of a kind were found, in percent.
type share struct {
	of          int
	first, at1  float64
	amongTen    float64
	kindOfLeaks string
}

func (b *bench) outcomeOf(open func(*bench) (*finder, error), queries []query, quoting map[string]bool) (o outcome, err error) {
	f, err := open(b)
	if err != nil {
		return o, err
	}
	defer func() { err = errors.Join(err, f.close()) }()
	o.name, o.built = f.name, float64(b.peers)/f.built.Seconds()
	var articles, sentences []float64
	list := make([]rated, len(queries))
	runtime.GC()
	for i := range queries {
		if err := b.Ctx.Err(); err != nil {
			return o, err
		}
		q := &queries[i]
		start := kit.CPU()
		hits, err := f.find(q.Query)
		if err != nil {
			return o, fmt.Errorf("%s, %s: %w", f.name, q.ID, err)
		}
		took := max(float64((kit.CPU()-start).Nanoseconds())/1e6, 1e-4)
		switch {
		case q.unrelated(): // shorter, as a rule
		case q.article():
			articles = append(articles, took)
		default:
			sentences = append(sentences, took)
		}
		list[i] = ratedBy(q, hits)
	}
	slices.Sort(articles)
	slices.Sort(sentences)
	o.article, o.sentence = at(articles, .5), at(sentences, .5)
	for _, kind := range askedOfPeers {
		o.recall = append(o.recall, shareOf(list, quoting, kind))
	}
	return o, nil
}

func ratedBy(q *query, hits []hit) rated {
	right := func(h hit) bool { return slices.Contains(q.Relevant, h.id) }
	r := rated{query: q, score: math.Inf(-1), ten: slices.ContainsFunc(hits, right)}
	if len(hits) > 0 {
		r.first, r.score = right(hits[0]), hits[0].score
	}
	return r
}

func shareOf(list []rated, quoting map[string]bool, kind string) share {
	var first, ten, at1, of int
	for _, r := range list {
		if r.Kind != kind {
			continue
		}
		of++
		first += count(r.first)
		ten += count(r.ten)
		at1 += count(r.first && r.score > above(list, quoting, r.article(), true, .01))
	}
	return share{of: of, first: percent(first, of), amongTen: percent(ten, of), at1: percent(at1, of), kindOfLeaks: kind}
}

// compare adds the lines: ours beside each of theirs.
func (b *bench) compare(ours outcome, theirs []outcome) {
	size := kit.Number(float64(b.peers)) + " portions"
	beside := func(metric, unit string, mine kit.Spread, value func(outcome) float64) {
		var peers []kit.Peer
		var nothing []string // of which there is no ratio
		for _, o := range theirs {
			if v := value(o); v > 0 && mine.Median > 0 {
				peers = append(peers, kit.Peer{Name: o.name, Value: v})
			} else {
				nothing = append(nothing, fmt.Sprintf("%s %s", o.name, kit.Number(v)))
			}
		}
		if len(nothing) > 0 {
			metric += " (" + strings.Join(nothing, ", ") + ")"
		}
		b.Add(metric, unit, mine, kit.Goal{}, peers...)
	}
	beside(size+", built, CPU", "1/s", kit.One(ours.built), func(o outcome) float64 { return o.built })
	beside(size+", an article, p50, CPU", "ms", ours.article, func(o outcome) float64 { return o.article.Median })
	beside(size+", a sentence, p50, CPU", "ms", ours.sentence, func(o outcome) float64 { return o.sentence.Median })
	for i, s := range ours.recall {
		what := fmt.Sprintf("%s, %s, n = %d: ", s.kindOfLeaks, size, s.of)
		beside(what+"first", "%", kit.One(s.first), func(o outcome) float64 { return o.recall[i].first })
		beside(what+"among ten", "%", kit.One(s.amongTen), func(o outcome) float64 { return o.recall[i].amongTen })
		beside(what+"first at 1 %", "%", kit.One(s.at1), func(o outcome) float64 { return o.recall[i].at1 })
	}
}

// tearlineFinder is ours.
func tearlineFinder(a *archive) *finder {
	s := a.NewSearcher()
	return &finder{
		name: "Tearline", built: a.made + a.together, close: func() error { return nil },
		find: func(text string) ([]hit, error) {
			found, err := search(s, text)
			hits := make([]hit, 0, 10)
			for _, m := range found[:min(len(found), cap(hits))] {
				hits = append(hits, hit{string(m.Ref.Report), -math.Log(m.EValue)})
			}
			return hits, err
		},
	}
}

// fts is SQLite's FTS5: English stems, any of the words, BM25.
func (b *bench) fts() (f *finder, err error) {
	path := filepath.Join(b.Dir, "fts.db")
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=cache_size(-1000000)&_pragma=mmap_size(4000000000)&_pragma=synchronous(off)&_pragma=journal_mode(off)")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	end := func() error { return errors.Join(db.Close(), os.Remove(path)) }
	defer func() {
		if err != nil {
			err = errors.Join(err, end())
		}
	}()
	// ctx cannot end: the driver starts a goroutine a query for one that can.
	ctx := context.WithoutCancel(b.Ctx)
	start := kit.CPU()
	if err := b.ftsLoad(ctx, db); err != nil {
		return nil, err
	}
	built := kit.CPU() - start
	stop := analysis.NewTokenMap()
	if err := stop.LoadBytes(en.EnglishStopWords); err != nil {
		return nil, err
	}
	ask, err := db.PrepareContext(ctx, "select rowid, rank from portion where portion match ? order by rank limit 10")
	if err != nil {
		return nil, err
	}
	return &finder{
		name: "SQLite FTS5, BM25", built: built, close: func() error { return errors.Join(ask.Close(), end()) },
		find: func(text string) (hits []hit, err error) {
			rows, err := ask.QueryContext(ctx, anyOf(text, stop))
			if err != nil {
				return nil, err
			}
			defer func() { err = errors.Join(err, rows.Close()) }()
			for rows.Next() {
				var id int
				var h hit
				if err := rows.Scan(&id, &h.score); err != nil {
					return nil, err
				}
				h.id, h.score = b.rows[id].ID, -h.score
				hits = append(hits, h)
			}
			return hits, rows.Err()
		},
	}, nil
}

func (b *bench) ftsLoad(ctx context.Context, db *sql.DB) error {
	if _, err := db.ExecContext(ctx, "create virtual table portion using fts5(text, tokenize = 'porter unicode61')"); err != nil {
		return err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := b.ftsInsert(ctx, tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, "insert into portion (portion) values ('optimize')")
	return err
}

func (b *bench) ftsInsert(ctx context.Context, tx *sql.Tx) (err error) {
	insert, err := tx.PrepareContext(ctx, "insert into portion (rowid, text) values (?, ?)")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, insert.Close()) }()
	for i := range b.rows[:b.peers] {
		if _, err := insert.ExecContext(ctx, i, b.rows[i].Text); err != nil {
			return err
		}
	}
	return nil
}

// anyOf is the expression for any of the words of a text. Function words are
// left out as they are in bleve: they say little and cost most.
func anyOf(text string, stop analysis.TokenMap) string {
	list := strings.FieldsFunc(strings.ToLower(text), noWord)
	slices.Sort(list)
	list = slices.DeleteFunc(slices.Compact(list), func(w string) bool { return stop[w] })
	return `"` + strings.Join(list, `" OR "`) + `"`
}

// bleve is that library as it comes, but for English words: its index on the
// disk, any of the words, tf-idf.
func (b *bench) bleve() (*finder, error) {
	mapping := bleve.NewIndexMapping()
	mapping.DefaultAnalyzer = "en"
	path := filepath.Join(b.Dir, "bleve")
	start := kit.CPU()
	index, err := bleve.New(path, mapping)
	if err != nil {
		return nil, err
	}
	end := func() error { return errors.Join(index.Close(), os.RemoveAll(path)) }
	part := index.NewBatch()
	for i := range b.rows[:b.peers] {
		err := part.Index(b.rows[i].ID, map[string]string{"text": b.rows[i].Text})
		if err == nil && (part.Size() == 1000 || i == b.peers-1) {
			err = index.Batch(part)
			part.Reset()
		}
		if err != nil {
			return nil, errors.Join(err, end())
		}
	}
	return &finder{
		name: "bleve, tf-idf", built: kit.CPU() - start, close: end,
		find: func(text string) ([]hit, error) {
			q := bleve.NewMatchQuery(text)
			q.SetField("text")
			found, err := index.SearchInContext(b.Ctx, bleve.NewSearchRequestOptions(q, 10, 0, false))
			if err != nil {
				return nil, err
			}
			hits := make([]hit, len(found.Hits))
			for i, h := range found.Hits {
				hits[i] = hit{h.ID, h.Score}
			}
			return hits, nil
		},
	}, nil
}
