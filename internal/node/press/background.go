package press

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"time"

	"tearline"
	"tearline/codec/article"
	"tearline/internal/feed"
	"tearline/internal/store/sqlite"
)

// A Public is one text of the background.
type Public struct {
	ID        int64      `json:"id,omitempty"`
	Source    string     `json:"source"`
	Title     string     `json:"title"`
	URL       string     `json:"url,omitempty"`
	Published *time.Time `json:"published,omitempty"`
	// Text is only what is to be added, not what is listed.
	Text string `json:"-"`

	key string
}

// Added is what adding to the background came to.
type Added struct {
	Items    int      `json:"items"`
	Added    int      `json:"added"`
	Problems []string `json:"problems"`
}

// AddFeed adds all that a feed has now. Published is what counts for items
// that do not say when they came out.
func (b *Books) AddFeed(ctx context.Context, r *feed.Reader, name string, published time.Time) (Added, error) {
	out := Added{Problems: []string{}}
	f, _, err := r.Read(ctx, name, feed.State{})
	if err != nil {
		return out, err
	}
	out.Items = len(f.Items)
	for _, it := range slices.Backward(f.Items) {
		a, err := r.Article(ctx, it)
		if ctx.Err() != nil {
			return out, ctx.Err()
		}
		if err != nil {
			out.Problems = append(out.Problems, public(err))
			continue
		}
		if err := b.add(ctx, publicOf(a, name, it.Name(), published), &out); err != nil {
			return out, err
		}
	}
	return out, nil
}

// AddText adds one text; the source is where it comes from, such as the name of
// a file.
func (b *Books) AddText(ctx context.Context, source string, a article.Article, published time.Time) (Added, error) {
	out := Added{Items: 1, Problems: append([]string{}, a.Unread...)}
	sum := sha256.Sum256([]byte(a.Text))
	return out, b.add(ctx, publicOf(a, source, "sha256:"+hex.EncodeToString(sum[:]), published), &out)
}

func publicOf(a article.Article, source, key string, published time.Time) Public {
	if !a.Published.IsZero() {
		published = a.Published
	}
	return Public{Source: source, Title: a.Title, URL: a.URL, Published: stamp(published), Text: a.Text, key: key}
}

// add adds one text, unless it is there.
func (b *Books) add(ctx context.Context, p Public, out *Added) error {
	row := sqlite.BackgroundRow{Source: p.Source, Key: p.key, Title: p.Title, URL: p.URL, Text: p.Text}
	if p.Published != nil {
		row.Published = *p.Published
	}
	return b.Change(ctx, func(tx *sqlite.Tx) error {
		added, err := tx.AddBackground(row)
		if added && err == nil {
			out.Added++
		}
		return err
	})
}

// Background lists public texts with an ID above after, at most so many, and
// says how many there are in all.
func (b *Books) Background(ctx context.Context, after int64, limit int) (list []Public, count int64, err error) {
	list = []Public{}
	err = b.Read(ctx, func(tx *sqlite.Tx) error {
		var err error
		if count, err = tx.CountBackground(); err != nil {
			return err
		}
		for r, err := range tx.EachBackground(after) {
			if err != nil {
				return err
			}
			if len(list) == limit {
				return nil
			}
			list = append(list, Public{ID: r.ID, Source: r.Source, Title: r.Title, URL: r.URL, Published: stamp(r.Published)})
		}
		return nil
	})
	return list, count, err
}

// IsNoFeed reports whether an error of AddFeed's says that the bytes were had
// but are no feed: they may be a text.
func IsNoFeed(err error) bool {
	e, ok := errors.AsType[*tearline.Error](err)
	return ok && e.Op == "feed.parse"
}
