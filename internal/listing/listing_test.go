package listing_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tearline"
	"tearline/internal/listing"
	"tearline/marking"
	"tearline/release"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// A text is a portion of a test: its mark and its words.
type text struct{ mark, words string }

// shelf is USA's, with one report for each text; FRA is what others are.
func shelf(tb testing.TB, texts ...text) *listing.Shelf {
	tb.Helper()
	s := listing.New("USA")
	said := 0
	say := func(p tearline.Predicate) {
		said++
		if err := s.Say(&tearline.Statement{ID: tearline.StatementID(fmt.Sprintf("s%03d", said)), By: "USA", At: noon, Says: p}); err != nil {
			tb.Fatal(err)
		}
	}
	say(&tearline.PartyRecord{Party: "USA"})
	say(&tearline.PartyRecord{Party: "FRA"})
	us, _ := marking.Lookup("us")
	for i, x := range texts {
		m, err := us.Parse(x.mark)
		if err != nil {
			tb.Fatal(err)
		}
		wording, err := tearline.ParseWording(x.words)
		if err != nil {
			tb.Fatal(err)
		}
		id := tearline.ReportID(fmt.Sprintf("R%d", i+1))
		say(&tearline.Filing{
			Report: id, Originator: "USA", Policy: "us", Date: "2026-03-01",
			Portions: []tearline.FiledPortion{{ID: "p1", Originator: "USA", Marking: x.mark}},
		})
		r := &tearline.Report{ID: id, Portions: []tearline.Portion{{ID: "p1", Originator: "USA", Marking: m, Wording: wording}}}
		if err := s.Read(r); err != nil {
			tb.Fatal(err)
		}
	}
	return s
}

func ask(words string, limit int, from listing.Cursor) listing.Question {
	return listing.Question{
		Request: release.Request{Holder: "USA", Recipient: "FRA", At: noon.Add(time.Hour), Mode: tearline.Document},
		Words:   words, Limit: limit, From: from,
	}
}

// pages asks for page after page, and returns the reports in order.
func pages(tb testing.TB, s *listing.Shelf, words string, limit int) (count int, reports string) {
	tb.Helper()
	var out []string
	var from listing.Cursor
	for {
		p, err := s.List(ask(words, limit, from))
		if err != nil {
			tb.Fatal(err)
		}
		for _, x := range p.Portions {
			out = append(out, string(x.Ref.Report))
		}
		if count, from = p.Count, p.Next; len(p.Portions) < limit {
			return count, strings.Join(out, " ")
		}
	}
}

func TestSearch(t *testing.T) {
	const open, closed = "(U)", "(S//NF)"
	s := shelf(
		t,
		text{open, "The harbour is closed."},
		text{closed, "The harbour, the harbour, the harbour."},
		text{open, "Harbours: a boat in each harbour."},
		text{open, "A {boat|launch} was seen."},
		text{open, "Nothing of note."},
	)
	for _, c := range []struct {
		words, want string
		count       int
	}{
		{"", "R5 R4 R3 R1", 4},
		{"harbour", "R3 R1", 2}, // twice before once
		{"HARBOURS", "R3 R1", 2},
		{"boat", "R4 R3", 2}, // the newer first
		{"launch", "R4", 1},
		{"boat harbour", "R3", 1},
		{"boat submarine", "", 0},
		{"...", "", 0},
	} {
		for _, limit := range []int{1, 2, 100} {
			count, got := pages(t, s, c.words, limit)
			if count != c.count || got != c.want {
				t.Errorf("%q, %d a page: %d: %q, want %d: %q", c.words, limit, count, got, c.count, c.want)
			}
		}
	}
	for _, limit := range []int{0, -1, listing.MaxPage + 1} {
		if _, err := s.List(ask("", limit, listing.Cursor{})); err == nil {
			t.Errorf("a page of %d", limit)
		}
	}
	stranger := ask("", 1, listing.Cursor{})
	stranger.Recipient = "NOBODY"
	if _, err := s.List(stranger); !errors.Is(err, release.ErrUnknownParty) {
		t.Errorf("a stranger: %v", err)
	}
}

// TestWithheldShowsNowhere: what a recipient may not have changes no count,
// order or page of what it finds.
func TestWithheldShowsNowhere(t *testing.T) {
	vocabulary := []string{"harbour", "boat", "night", "crew", "fuel"}
	rapid.Check(t, func(rt *rapid.T) {
		sentence := func() string {
			return strings.Join(rapid.SliceOfN(rapid.SampledFrom(vocabulary), 1, 6).Draw(rt, "words"), " ")
		}
		var some, more []text
		var at []int // where some's portions stand in more
		for range rapid.IntRange(1, 12).Draw(rt, "portions") {
			for range rapid.IntRange(0, 3).Draw(rt, "withheld") {
				more = append(more, text{"(S//NF)", sentence()})
			}
			x := text{"(U)", sentence()}
			some, more, at = append(some, x), append(more, x), append(at, len(more)+1)
		}
		few, many := shelf(t, some...), shelf(t, more...)
		words := strings.Join(rapid.SliceOfN(rapid.SampledFrom(vocabulary), 0, 2).Draw(rt, "looked for"), " ")
		limit := rapid.IntRange(1, 5).Draw(rt, "limit")
		count, got := pages(t, few, words, limit)
		var moved []string
		for id := range strings.FieldsSeq(got) {
			var n int
			if _, err := fmt.Sscanf(id, "R%d", &n); err != nil {
				rt.Fatal(err)
			}
			moved = append(moved, fmt.Sprintf("R%d", at[n-1]))
		}
		countMany, gotMany := pages(t, many, words, limit)
		if count != countMany || strings.Join(moved, " ") != gotMany {
			rt.Fatalf("%q: %d: %v; with what is withheld beside it %d: %s", words, count, moved, countMany, gotMany)
		}
	})
}

func TestSeal(t *testing.T) {
	secret := bytes.Repeat([]byte{7}, 32)
	seal, err := listing.NewSeal(secret)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := listing.NewSeal(secret[:15]); err == nil {
		t.Error("a secret of 15 bytes")
	}
	q := ask("boat", 5, listing.Cursor{})
	place := listing.Cursor{Last: 7, Score: .25, Top: 90}
	text, err := seal.Close(rand.Reader, &q, place)
	if err != nil {
		t.Fatal(err)
	}
	later := q
	later.At, later.Limit = q.At.Add(time.Hour), 9 // the next page may come later, and be of another length
	got, err := seal.Open(text, &later)
	if diff := cmp.Diff(place, got); err != nil || diff != "" {
		t.Errorf("opened: %v\n%s", err, diff)
	}
	other, _ := listing.NewSeal(append([]byte{8}, secret...))
	changes := map[string]func(*listing.Question){
		"recipient": func(q *listing.Question) { q.Recipient = "GBR" }, "holder": func(q *listing.Question) { q.Holder = "GBR" },
		"mode": func(q *listing.Question) { q.Mode = tearline.Oral }, "purpose": func(q *listing.Question) { q.Purpose = "x" },
		"unit": func(q *listing.Question) { q.Unit = "x" }, "officer": func(q *listing.Question) { q.Officer = "x" },
		"person": func(q *listing.Question) { q.Person = &release.Person{Name: "x"} }, "words": func(q *listing.Question) { q.Words = "" },
	}
	for name, change := range changes {
		changed := q
		change(&changed)
		if _, err := seal.Open(text, &changed); !errors.Is(err, listing.ErrCursor) {
			t.Errorf("another %s: %v", name, err)
		}
	}
	for name, err := range map[string]error{
		"another secret": second(other.Open(text, &q)), "nothing": second(seal.Open("", &q)), "cut": second(seal.Open(text[1:], &q)),
		"changed": second(seal.Open("a"+text[1:len(text)-1]+"a", &q)), "no text": second(seal.Open("!"+text[1:], &q)),
	} {
		if !errors.Is(err, listing.ErrCursor) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func FuzzOpen(f *testing.F) {
	seal, err := listing.NewSeal(bytes.Repeat([]byte{7}, 32))
	if err != nil {
		f.Fatal(err)
	}
	q := ask("", 5, listing.Cursor{})
	good, err := seal.Close(bytes.NewReader(make([]byte, 64)), &q, listing.Cursor{Last: 1, Top: 2})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add("aaaa")
	f.Fuzz(func(t *testing.T, text string) {
		if c, err := seal.Open(text, &q); err == nil && text != good {
			t.Errorf("%q is the place %+v", text, c)
		}
	})
}

// TestReadInOrder: texts are read in the order of filing, each once.
func TestReadInOrder(t *testing.T) {
	s := listing.New("USA")
	filing := func(id tearline.ReportID) *tearline.Statement {
		return &tearline.Statement{ID: tearline.StatementID(id), By: "USA", At: noon, Says: &tearline.Filing{
			Report: id, Originator: "USA", Policy: "us", Date: "2026-03-01", Portions: []tearline.FiledPortion{{ID: "p1", Originator: "USA", Marking: "(U)"}},
		}}
	}
	for _, id := range []tearline.ReportID{"R1", "R2", "R1"} { // said again, it counts once
		if err := s.Say(filing(id)); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]tearline.ReportID{"R1", "R2"}, s.Unread()); diff != "" || s.Len() != 2 {
		t.Errorf("%d portions, unread:\n%s", s.Len(), diff)
	}
	if err := s.Read(&tearline.Report{ID: "R2", Portions: make([]tearline.Portion, 1)}); err == nil {
		t.Error("the second was read before the first")
	}
	if _, err := s.List(ask("boat", 1, listing.Cursor{})); err == nil {
		t.Error("searched before all was read")
	}
	if err := s.Say(&tearline.Statement{ID: "x", By: "USA", At: noon}); err == nil {
		t.Error("a statement without a predicate")
	}
}
