package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// development is where the data lie on which matchers are developed; they are
// not part of the repository.
const development = "../../../shared/data/leak"

// A query of the development data: a text, and the portions that it draws on.
type query struct {
	ID       string   `json:"query_id"`
	Kind     string   `json:"kind"`
	Query    string   `json:"query"`
	Relevant []string `json:"relevant"`
	Span     []int    `json:"span"` // of what was put into an article, in bytes
}

// near is the kind of texts that report the same event as a portion, and were
// judged not to say the same.
const near = "msrp-near"

func (q *query) unrelated() bool { return len(q.Relevant) == 0 && q.Kind != near }

// news reports whether an unrelated text is of the sort that most of the
// portions are of. Books are easier, and only there are they many.
func (q *query) news() bool { return !strings.HasPrefix(q.Kind, "neg-book") }

// learned reports whether the weights were fitted to the query.
func (q *query) learned() bool {
	h := fnv.New32a()
	_, _ = h.Write([]byte(q.ID)) // never fails
	return h.Sum32()%2 == 0
}

// article reports whether it is one, and not a sentence or a passage alone.
func (q *query) article() bool {
	return strings.HasPrefix(q.Kind, "inart") || strings.HasSuffix(q.Kind, "article") || q.Kind == "reuters-extract"
}

// inArticle are the kinds that have one leaked passage in an article.
var inArticle = []string{"inart-verbatim1", "inart-light", "inart-heavy", "inart-msrp-para", "inart-pan-para"}

type portionRow struct {
	ID   string `json:"source_id"`
	Text string `json:"text"`
}

// texts are what was read.
type texts struct {
	rows    []portionRow
	read    int  // of them; the others are put together from these
	whole   bool // more were read
	queries []query
}

// load reads the development data; errors that say there are none are
// [fs.ErrNotExist]. Every portion that a query draws on comes first, so that an
// archive of any size has all of them; the others come in an order of chance.
func (b *bench) load() error {
	if b.queries != nil {
		return nil
	}
	var t texts
	err := readLines(filepath.Join(b.data, "queries_dev.jsonl"), func(q query) { t.queries = append(t.queries, q) })
	if err != nil {
		return err
	}
	drawn := map[string]bool{}
	for i := range t.queries {
		for _, id := range t.queries[i].Relevant {
			drawn[id] = true
		}
	}
	var others []portionRow
	for _, name := range []string{"held_dev.jsonl", "background_dev.jsonl"} {
		err := readLines(filepath.Join(b.data, name), func(row portionRow) {
			if drawn[row.ID] {
				t.rows = append(t.rows, row)
			} else {
				others = append(others, row)
			}
		})
		if err != nil {
			return err
		}
	}
	if len(t.rows) > b.sizes[0] {
		return fmt.Errorf("%d portions are drawn on, more than the smallest archive has", len(t.rows))
	}
	shuffle(&dice{1}, others)
	t.rows = append(t.rows, others...)
	t.read = len(t.rows)
	b.texts = t
	return nil
}

// fill sees to n portions: what TEARLINE_TEXTS has, evenly from all of it, then
// sentences of what was read.
func (b *bench) fill(n int) error {
	if n <= len(b.rows) {
		return nil
	}
	if file := os.Getenv("TEARLINE_TEXTS"); file != "" && !b.whole {
		var more []portionRow
		err := readLines(file, func(row portionRow) {
			row.ID = fmt.Sprintf("more-%d", len(more))
			more = append(more, row)
		})
		if err != nil {
			return err
		}
		shuffle(&dice{2}, more)
		b.rows = append(b.rows, more...)
		b.read, b.whole = len(b.rows), true
	}
	for i := len(b.rows); i < n; i++ {
		d := dice{uint64(i)}
		var text strings.Builder
		for text.Len() < 200 {
			s := strings.SplitAfter(b.rows[d.under(b.read)].Text, ". ")
			text.WriteString(strings.TrimSpace(pick(&d, s)) + " ")
		}
		b.rows = append(b.rows, portionRow{ID: fmt.Sprintf("made-%d", i), Text: text.String()})
	}
	return nil
}

// readLines reads JSON Lines.
func readLines[T any](name string, row func(T)) (err error) {
	f, err := os.Open(name) //nolint:gosec // a constant folder, or the file that was asked for
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	in := bufio.NewScanner(f)
	in.Buffer(nil, 1<<22)
	for in.Scan() {
		var r T
		if err := json.Unmarshal(in.Bytes(), &r); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		row(r)
	}
	return in.Err()
}

// missing turns the absence of the data into nothing to do.
func missing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		fmt.Fprintln(os.Stderr, "the development data are not there: nothing is measured")
		return nil
	}
	return err
}

// some returns queries of every kind, evenly, of one half.
func (b *bench) some(learned bool) []query {
	var kinds []string
	for i := range b.queries {
		if k := b.queries[i].Kind; !slices.Contains(kinds, k) {
			kinds = append(kinds, k)
		}
	}
	var out []query
	for _, k := range kinds {
		most := b.perKind
		if strings.HasPrefix(k, "neg-") {
			most = b.unrelated
		}
		out = append(out, b.evenly(k, most, learned)...)
	}
	return out
}

// ofKind returns at most n queries of a kind that the weights do not know.
func (b *bench) ofKind(kind string, n int) []query { return b.evenly(kind, n, false) }

// evenly returns at most n queries of a kind and a half, from all of them.
func (b *bench) evenly(kind string, n int, learned bool) []query {
	var all []query
	for _, q := range b.queries {
		if q.Kind == kind && q.learned() == learned {
			all = append(all, q)
		}
	}
	n = min(n, len(all))
	out := make([]query, n)
	for i := range out {
		out[i] = all[i*len(all)/n]
	}
	return out
}

// run is how many words in a row make a quotation: set phrases are shorter, or
// more portions have them.
const run, fewPortions = 12, 3

// quoting are the unrelated texts among queries that have so many words in a
// row in common with one of the first n portions, and with few: by the texts
// alone, whatever a search says of them. Those do draw on it: newswire reuses
// itself, and some of the books are the sources of some of the paraphrases.
func (b *bench) quoting(n int, queries []query) map[string]bool {
	in := map[uint64]int{}
	for i := range queries {
		if queries[i].unrelated() {
			for _, h := range runs(queries[i].Query) {
				in[h] = 0
			}
		}
	}
	for i := range b.rows[:n] {
		list := runs(b.rows[i].Text)
		slices.Sort(list)
		for _, h := range slices.Compact(list) {
			if k, ok := in[h]; ok {
				in[h] = k + 1
			}
		}
	}
	out := map[string]bool{}
	for i := range queries {
		q := &queries[i]
		if q.unrelated() && slices.ContainsFunc(runs(q.Query), func(h uint64) bool { return in[h] > 0 && in[h] <= fewPortions }) {
			out[q.ID] = true
		}
	}
	return out
}

// runs returns a hash of each run of words.
func runs(text string) []uint64 {
	const base = 0x9E3779B97F4A7C15
	drop := uint64(1)
	for range run {
		drop *= base
	}
	var words, out []uint64
	var h uint64
	for w := range strings.FieldsFuncSeq(strings.ToLower(text), noWord) {
		f := fnv.New64a()
		_, _ = f.Write([]byte(w)) // never fails
		words = append(words, f.Sum64())
		n := len(words)
		h = h*base + words[n-1]
		if n > run {
			h -= words[n-1-run] * drop
		}
		if n >= run {
			out = append(out, h)
		}
	}
	return out
}
