package casefile_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tearline"
	"tearline/internal/casefile"
)

func written(tb testing.TB, b *casefile.Bundle) []byte {
	tb.Helper()
	var out bytes.Buffer
	if _, err := b.WriteTo(&out); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

func TestBundle(t *testing.T) {
	t.Parallel()
	d := example(t)
	b := d.bundle("2026-1")
	again, err := casefile.ReadBundle(bytes.NewReader(written(t, b)))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(b, again); diff != "" {
		t.Errorf("read again (-want +got):\n%s", diff)
	}
	v, err := again.Verify()
	if err != nil {
		t.Fatal(err)
	}
	if v.Complete || v.Size != 9 || !strings.Contains(v.Shown, "complete up to entry 8") {
		t.Errorf("%+v", v)
	}
	if diff := cmp.Diff(d.open("2026-1").File(), v.File); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	d.next("2026-1", tearline.CaseClosed, "nobody")
	if v, err := d.bundle("2026-1").Verify(); err != nil || !v.Complete || !strings.HasPrefix(v.Shown, "complete: ") {
		t.Errorf("%+v, %v", v, err)
	}
	d.next("2026-1", tearline.CaseAdded, "too late")
	if v, err := d.bundle("2026-1").Verify(); err != nil || v.Complete || len(v.Notes) != 1 {
		t.Errorf("%+v, %v", v, err)
	}
	if v, err := d.bundle("other").Verify(); err != nil || v.Complete {
		t.Errorf("%+v, %v", v, err)
	}
}

// A bundle that was changed does not verify, whatever was changed.
func TestTampered(t *testing.T) {
	t.Parallel()
	closed := func(t *testing.T) *desk {
		t.Helper()
		d := example(t)
		d.next("2026-1", tearline.CaseClosed, "nobody")
		return d
	}
	for name, change := range map[string]func(*testing.T, *desk, *casefile.Bundle){
		"the opening is missing": func(_ *testing.T, _ *desk, b *casefile.Bundle) { b.Receipts = slices.Delete(b.Receipts, 1, 2) },
		"the sighting is missing": func(_ *testing.T, _ *desk, b *casefile.Bundle) {
			b.Receipts = b.Receipts[1:]
		},
		"the reading is missing":     func(_ *testing.T, _ *desk, b *casefile.Bundle) { b.Receipts = slices.Delete(b.Receipts, 2, 3) },
		"the attribution is missing": func(_ *testing.T, _ *desk, b *casefile.Bundle) { b.Receipts = slices.Delete(b.Receipts, 3, 4) },
		"an entry is missing":        func(_ *testing.T, _ *desk, b *casefile.Bundle) { b.Receipts = slices.Delete(b.Receipts, 4, 5) },
		"the notice is missing":      func(_ *testing.T, _ *desk, b *casefile.Bundle) { b.Receipts = slices.Delete(b.Receipts, 5, 6) },
		"in another order":           func(_ *testing.T, _ *desk, b *casefile.Bundle) { slices.Reverse(b.Receipts) },
		"twice": func(_ *testing.T, _ *desk, b *casefile.Bundle) {
			b.Receipts = append(b.Receipts, b.Receipts[len(b.Receipts)-1])
		},
		"another case":      func(_ *testing.T, _ *desk, b *casefile.Bundle) { b.Case = "other" },
		"no case":           func(_ *testing.T, _ *desk, b *casefile.Bundle) { b.Case = "none" },
		"another party":     func(_ *testing.T, _ *desk, b *casefile.Bundle) { b.Party = "NLD" },
		"another statement": func(_ *testing.T, d *desk, b *casefile.Bundle) { b.Receipts = nil; d.prove(b, 1); d.prove(b, 2) },
		"another log":       func(_ *testing.T, d *desk, b *casefile.Bundle) { _, b.LogKey = d.key("tearline/USA") },
		"another key":       func(_ *testing.T, d *desk, b *casefile.Bundle) { _, b.Keys[0] = d.key("USA") },
		"another checkpoint": func(_ *testing.T, d *desk, b *casefile.Bundle) {
			d.say(&tearline.Revocation{Of: "aaaaaaaaaaaaaaaaaaaaaaaaaa"})
			b.Checkpoint = d.bundle("2026-1").Checkpoint
		},
		"other words": func(t *testing.T, _ *desk, b *casefile.Bundle) {
			t.Helper()
			var r struct {
				Index      int64           `json:"index"`
				Size       int64           `json:"size"`
				Checkpoint string          `json:"checkpoint"`
				Proof      []string        `json:"proof"`
				Salt       string          `json:"salt"`
				Envelope   json.RawMessage `json:"envelope"`
			}
			if err := json.Unmarshal(b.Receipts[1], &r); err != nil {
				t.Fatal(err)
			}
			r.Index++
			var err error
			if b.Receipts[1], err = json.Marshal(r); err != nil {
				t.Fatal(err)
			}
		},
	} {
		d := closed(t)
		b := d.bundle("2026-1")
		change(t, d, b)
		if _, err := b.Verify(); tearline.KindOf(err) != tearline.Tampered {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What was left out cannot be hidden by an entry that is not linked.
func TestUnlinked(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.next("K", tearline.CaseOpened, "x")
	d.say(&tearline.CaseEntry{Case: "K", Act: tearline.CaseAdded, Officer: "x", Note: "x"})
	if _, err := d.bundle("K").Verify(); tearline.KindOf(err) != tearline.Tampered {
		t.Error(err)
	}
}

func TestReadBundleFails(t *testing.T) {
	t.Parallel()
	good := string(written(t, example(t).bundle("2026-1")))
	head, rest, _ := strings.Cut(good, "\n")
	for name, text := range map[string]string{
		"empty":            "",
		"no JSON":          "x\n",
		"a report":         "{\"id\":\"R\"}\n",
		"two objects":      head + "{}\n" + rest,
		"another format":   strings.Replace(good, casefile.Format, "tearline-replay-1", 1),
		"cut off":          good[:len(good)-2],
		"a line missing":   head + "\n" + rest[:strings.LastIndex(strings.TrimSuffix(rest, "\n"), "\n")+1],
		"a line too many":  good + "{}\n",
		"no statements":    strings.Replace(head, `"statements":7`, `"statements":0`, 1) + "\n",
		"too many":         strings.Replace(head, `"statements":7`, `"statements":10001`, 1) + "\n" + rest,
		"without its keys": strings.Replace(head, `"keys":["`, `"keys":[],"x":["`, 1) + "\n" + rest,
	} {
		if _, err := casefile.ReadBundle(strings.NewReader(text)); tearline.KindOf(err) != tearline.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// However a case comes about, its bundle verifies, and does not if one
// statement is left out, unless that is the last of an open case.
func TestPropertyBundle(test *testing.T) {
	test.Parallel()
	rapid.Check(test, func(t *rapid.T) {
		d := newDesk(test)
		d.next("K", tearline.CaseOpened, "x")
		var readings []tearline.StatementID
		closed := false
		for range rapid.IntRange(0, 8).Draw(t, "steps") {
			switch rapid.IntRange(0, 4).Draw(t, "step") {
			case 0:
				d.next("K", tearline.CaseAdded, "y", d.say(&tearline.Sighting{Seen: start, Matches: refs("M/p1")}))
			case 1:
				readings = append(readings, d.say(&tearline.Reading{Case: "K", Officer: "A", Second: "B", Because: "x", Seen: start, Where: "x", Portions: refs("M/p1"), Look: 1, Bound: "1e-06", Rules: "1"}))
			case 2:
				if len(readings) > 0 {
					d.say(&tearline.Attribution{Reading: rapid.SampledFrom(readings).Draw(t, "reading"), Finding: tearline.FoundNothing})
				}
			case 3:
				d.say(&tearline.Revocation{Of: "aaaaaaaaaaaaaaaaaaaaaaaaaa"}) // of no case
			default:
				d.next("K", tearline.CaseAdded, "y")
			}
		}
		if rapid.Bool().Draw(t, "closed") {
			d.next("K", tearline.CaseClosed, "z")
			closed = true
		}
		b := d.bundle("K")
		v, err := b.Verify()
		if err != nil || v.Complete != closed {
			t.Fatal(v, err)
		}
		last := d.open("K").Entries
		i := rapid.IntRange(0, len(b.Receipts)-1).Draw(t, "left out")
		if lost := d.open("K").All()[i]; lost.Index >= last[len(last)-1].Index && !closed {
			return
		} else if closed && lost.ID == last[len(last)-1].ID {
			return // then it is a case that was open
		}
		b.Receipts = slices.Delete(b.Receipts, i, i+1)
		if _, err := b.Verify(); tearline.KindOf(err) != tearline.Tampered {
			t.Fatalf("without statement %d: %v", i, err)
		}
	})
}

// FuzzReadBundle: whatever is read, nothing panics, and what verifies is what
// was handed on.
func FuzzReadBundle(f *testing.F) {
	d := example(f)
	d.next("2026-1", tearline.CaseClosed, "nobody")
	good := written(f, d.bundle("2026-1"))
	key := d.keys[1]
	want, err := d.bundle("2026-1").Verify()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add(good[:len(good)/2])
	f.Add([]byte(`{"format":"tearline-case-1","party":"USA","case":"K","log_key":"","keys":[""],"checkpoint":"","statements":1}` + "\n{}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := casefile.ReadBundle(bytes.NewReader(data))
		if err != nil {
			return
		}
		v, err := b.Verify()
		if err != nil || b.LogKey != key {
			return
		}
		if b.Case == "2026-1" && v.Complete {
			if diff := cmp.Diff(want, v); diff != "" {
				t.Errorf("something else verifies (-want +got):\n%s", diff)
			}
		}
	})
}
