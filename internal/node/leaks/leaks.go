// Package leaks searches what a party holds for what a leaked text draws on. It
// keeps the party's leak index up with its books, sees that an archive says for
// itself how often chance does well in it, and looks passages up among public
// texts. What is found, others explain.
//
// The index is made from the books and nothing else; what a warrant does not
// cover is not opened, counted or weighed. It is told by its caller how books
// are read, and imports no package that writes them. It records nothing.
package leaks

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"iter"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"tearline"
	"tearline/codec"
	"tearline/internal/leakindex"
	"tearline/internal/store/sqlite"
	"tearline/internal/warrant"
	"tearline/internal/warrant/shards"
	"tearline/leak/match"
	"tearline/leak/segment"
	"tearline/leak/weights"
)

// Folder is where the indexes of a data directory are, one folder for each
// party's.
const Folder = "leak-index"

// public is the folder of the index of public texts; no party has such a name.
const public = "+public"

// A Desk keeps the indexes of a data directory open. It is safe for concurrent
// use; the zero value is not usable.
type Desk struct {
	dir    string
	secret func(tearline.PartyID) ([32]byte, error)

	mu   sync.Mutex
	open map[tearline.PartyID]*shelf
}

// NewDesk makes a desk for a data directory. Secret returns the secret under
// which a party's index is kept.
func NewDesk(dir string, secret func(tearline.PartyID) ([32]byte, error)) *Desk {
	return &Desk{dir: dir, secret: secret, open: map[tearline.PartyID]*shelf{}}
}

// Close closes the indexes.
func (d *Desk) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	var errs []error
	for _, s := range d.open {
		errs = append(errs, s.index.Close())
	}
	d.open = map[tearline.PartyID]*shelf{}
	return errors.Join(errs...)
}

// A shelf is one open index.
type shelf struct {
	index     *leakindex.Index
	searchers sync.Pool
}

func (d *Desk) shelf(name tearline.PartyID) (*shelf, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if s := d.open[name]; s != nil {
		return s, nil
	}
	var secret [32]byte // public texts need none
	if name != public {
		var err error
		if secret, err = d.secret(name); err != nil {
			return nil, err
		}
	}
	// Under another folding, the index is another: it is made anew.
	secret = sha256.Sum256(append(secret[:], match.Folding))
	ix, err := leakindex.Open(filepath.Join(d.dir, Folder, string(name)), secret)
	if err != nil {
		return nil, err
	}
	s := &shelf{index: ix}
	d.open[name] = s
	return s, nil
}

// Books are the books of one party, as a search needs them.
type Books struct {
	Tx    *sqlite.Tx
	Party tearline.PartyID
	// Origins returns whose say each portion of a report is.
	Origins func(*tearline.Report) (func(tearline.PortionRef) []tearline.PartyID, error)
	// Progress is told how many of how many reports are indexed; nil for
	// nobody.
	Progress func(done, of int64)
}

// A Question is a text, and what may be searched for it.
type Question struct {
	Text string
	// Warrant says what is covered; nil covers all that the party holds.
	Warrant *warrant.Warrant
	// Weights of the evidence other than the program's; nil for those. They
	// fit: see [match.Fits].
	Weights *weights.Weights
}

// Found is what a search found.
type Found struct {
	Matches []match.Match
	// Portions is how many portions, and pieces of long ones, were searched.
	Portions int
	// Calibrated says in words what the E-values rest on.
	Calibrated string
	// Public looks a passage up among public texts; nil if none are kept. It
	// may be called as long as the books can be read.
	Public func(passage string, before time.Time) ([]Item, error)
}

// An Item is a public text that has a passage.
type Item struct {
	sqlite.BackgroundRow
	Kind match.Kind
}

// Search finds what a text draws on. It errs on a text that is too long.
func (d *Desk) Search(ctx context.Context, b Books, q Question) (Found, error) {
	leak, err := match.Prepare(q.Text)
	if err != nil {
		return Found{}, &tearline.Error{Op: "trace", Kind: tearline.Invalid, Public: err.Error(), Err: err}
	}
	sh, err := d.update(ctx, b)
	if err != nil {
		return Found{}, err
	}
	out, err := sh.search(q, leak)
	if errors.Is(err, segment.ErrDamaged) {
		// Made anew from the books, and asked once more.
		sh.index.Damaged(err)
		if _, err = d.update(ctx, b); err == nil {
			out, err = sh.search(q, leak)
		}
	}
	if err != nil {
		return Found{}, err
	}
	out.Public, err = d.background(ctx, b.Tx)
	return out, err
}

// Index brings the index of the party up with its books, or makes it anew, and
// returns its figures.
func (d *Desk) Index(ctx context.Context, b Books, anew bool) (leakindex.Stats, error) {
	if anew {
		sh, err := d.shelf(b.Party)
		if err == nil {
			err = sh.index.Rebuild(ctx, source(ctx, b), b.Progress)
		}
		if err != nil {
			return leakindex.Stats{}, err
		}
	}
	sh, err := d.update(ctx, b)
	if err != nil {
		return leakindex.Stats{}, err
	}
	return sh.index.Stats(), nil
}

// update brings the index of the party up with its books.
func (d *Desk) update(ctx context.Context, b Books) (*shelf, error) {
	sh, err := d.shelf(b.Party)
	if err != nil {
		return nil, err
	}
	before := sh.index.Stats().Documents
	if err := sh.index.Update(ctx, source(ctx, b), b.Progress); err != nil {
		return nil, err
	}
	if sh.index.Stats().Documents-before >= much {
		if err := sh.index.Merge(ctx); err != nil {
			return nil, err
		}
	}
	return sh, sh.calibrate(ctx, b)
}

// much is how many new documents make merging worth the wait.
const much = 50_000

// source is the party's books as an index reads them.
func source(ctx context.Context, b Books) leakindex.Source {
	return leakindex.Source{
		Reports: func() (int64, error) { return b.Tx.CountReports(b.Party) },
		After: func(after int64) iter.Seq2[leakindex.Filed, error] {
			return func(yield func(leakindex.Filed, error) bool) {
				for row, err := range b.Tx.ReportsAfter(b.Party, after) {
					if err == nil {
						err = ctx.Err()
					}
					if err == nil {
						var more bool
						if more, err = portions(b, row, yield); err == nil && !more {
							return
						}
					}
					if err != nil {
						yield(leakindex.Filed{}, err)
						return
					}
				}
			}
		},
	}
}

// portions yields the portions of one report, tear lines included.
func portions(b Books, row sqlite.ReportRow, yield func(leakindex.Filed, error) bool) (more bool, err error) {
	r, err := codec.UnmarshalReport(row.Body)
	if err != nil {
		return false, err
	}
	say, err := b.Origins(r)
	if err != nil {
		return false, err
	}
	for i := range r.Portions {
		p := &r.Portions[i]
		ref := tearline.PortionRef{Report: row.ID, Portion: p.ID}
		f := leakindex.Filed{Mark: row.Ordinal, Filing: row.Filing, Shard: shards.Of(say(ref), p.Marking), Portion: match.Portion{Ref: ref, Wording: p.Wording}}
		if !yield(f, nil) {
			return false, nil
		}
		if p.Tear == nil {
			continue
		}
		f.Portion = match.Portion{Ref: tearline.PortionRef{Report: row.ID, Portion: tearline.TearOf(p.ID)}, Wording: p.Tear.Wording}
		f.Shard = shards.Of(say(ref), p.Tear.Marking)
		if !yield(f, nil) {
			return false, nil
		}
	}
	return true, nil
}

// search asks the covered part of an index.
func (sh *shelf) search(q Question, leak *match.Leak) (Found, error) {
	covers := func(shards.Shard) bool { return true }
	factor, words := sh.calibration()
	if q.Warrant != nil {
		// What the whole archive says of chance is not for this search.
		covers, factor, words = q.Warrant.CoversShard, 1, uncalibrated+"; the warrant covers a part of the archive"
	}
	if q.Weights != nil {
		factor, words = 1, "with weights of one's own: "+q.Weights.From
	}
	snap := sh.index.Snapshot(covers)
	defer snap.Release()
	archive := snap.Archive()
	matches, err := sh.ask(archive.With(q.Weights, factor), leak)
	return Found{Matches: matches, Portions: archive.Len(), Calibrated: words}, err
}

func (sh *shelf) ask(a *match.Archive, leak *match.Leak) ([]match.Match, error) {
	s, _ := sh.searchers.Get().(*match.Searcher)
	if s == nil {
		s = a.NewSearcher()
	}
	defer sh.searchers.Put(s)
	return s.Over(a).Search(leak)
}

// background returns how passages are looked up among public texts; nil if
// none are kept.
func (d *Desk) background(ctx context.Context, tx *sqlite.Tx) (func(string, time.Time) ([]Item, error), error) {
	n, err := tx.CountBackground()
	if err != nil || n == 0 {
		return nil, err
	}
	sh, err := d.shelf(public)
	if err != nil {
		return nil, err
	}
	if err := sh.index.Update(ctx, items(tx), nil); err != nil {
		return nil, err
	}
	return func(passage string, before time.Time) ([]Item, error) {
		leak, err := match.Prepare(passage)
		if err != nil {
			return nil, err
		}
		snap := sh.index.Snapshot(func(shards.Shard) bool { return true })
		defer snap.Release()
		found, err := sh.ask(snap.Archive(), leak)
		if err != nil {
			return nil, err
		}
		return publics(tx, found, before)
	}, nil
}

// publics are the public items that were found, published before a time.
func publics(tx *sqlite.Tx, found []match.Match, before time.Time) ([]Item, error) {
	var out []Item
	seen := map[tearline.ReportID]bool{}
	for _, m := range found {
		if m.Kind == match.Weak || seen[m.Ref.Report] {
			continue
		}
		seen[m.Ref.Report] = true
		id, err := strconv.ParseInt(string(m.Ref.Report), 10, 64)
		if err != nil {
			return nil, err
		}
		item, ok, err := tx.Background(id)
		if err != nil || !ok {
			return nil, cmp.Or(err, error(&tearline.Error{Op: "trace", Public: "a public text is in the index and not in the books"}))
		}
		if item.Published.IsZero() || !item.Published.Before(before) {
			continue
		}
		out = append(out, Item{item, m.Kind})
	}
	return out, nil
}

// items are the public texts as an index reads them, paragraph by paragraph.
func items(tx *sqlite.Tx) leakindex.Source {
	return leakindex.Source{
		Reports: tx.CountBackground,
		After: func(after int64) iter.Seq2[leakindex.Filed, error] {
			return func(yield func(leakindex.Filed, error) bool) {
				for item, err := range tx.EachBackground(after) {
					if err != nil {
						yield(leakindex.Filed{}, err)
						return
					}
					for i, par := range paragraphs(item.Text) {
						w, err := tearline.PlainWording(par)
						f := leakindex.Filed{Mark: item.ID, Filing: tearline.StatementID(item.Key), Portion: match.Portion{
							Ref:     tearline.PortionRef{Report: tearline.ReportID(strconv.FormatInt(item.ID, 10)), Portion: tearline.PortionID("p" + strconv.Itoa(i+1))},
							Wording: w,
						}}
						if !yield(f, err) || err != nil {
							return
						}
					}
				}
			}
		},
	}
}

// paragraphs cuts a text at its blank lines, and where a wording would be too
// long.
func paragraphs(text string) []string {
	var out []string
	for par := range strings.SplitSeq(text, "\n\n") {
		for len(par) > tearline.MaxWording/2 {
			n := strings.LastIndexByte(par[:tearline.MaxWording/2], ' ')
			if n <= 0 {
				n = len(strings.ToValidUTF8(par[:tearline.MaxWording/2], ""))
			}
			out, par = append(out, par[:n]), par[n:]
		}
		if strings.TrimSpace(par) != "" {
			out = append(out, par)
		}
	}
	return out
}
