package sqlite_test

import (
	"context"
	"errors"
	"iter"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tearline"
	"tearline/internal/store/sqlite"
	"tearline/ledger"
)

// rowOptions leave out what the store keeps for itself.
var rowOptions = cmp.Options{
	cmpopts.IgnoreUnexported(sqlite.Entry{}, sqlite.DisclosureRow{}, sqlite.CopyRow{}),
	cmpopts.EquateEmpty(),
}

func equal(tb testing.TB, what string, want, got any) {
	tb.Helper()
	if d := cmp.Diff(want, got, rowOptions); d != "" {
		tb.Errorf("%s (-want +got):\n%s", what, d)
	}
}

func ref(s string) tearline.PortionRef {
	r, err := tearline.ParsePortionRef(s)
	if err != nil {
		panic(err)
	}
	return r
}

func refsOf(names ...string) []tearline.PortionRef {
	var list []tearline.PortionRef
	for _, n := range names {
		list = append(list, ref(n))
	}
	return list
}

// collect returns what a sequence yields up to its error.
func collect[T any](seq iter.Seq2[T, error]) ([]T, error) {
	var list []T
	for v, err := range seq {
		if err != nil {
			return list, err
		}
		list = append(list, v)
	}
	return list, nil
}

// appended writes statements and returns their ids.
func appended(tb testing.TB, db *sqlite.DB, s *speaker, n int) []tearline.StatementID {
	tb.Helper()
	var ids []tearline.StatementID
	write(tb, db, func(tx *sqlite.Tx) error {
		for range n {
			signed := s.say(tb, &tearline.Exclusion{Party: "XHC"})
			if _, err := tx.Append(s.party, signed); err != nil {
				return err
			}
			ids = append(ids, signed.Statement.ID)
		}
		return nil
	})
	return ids
}

func TestParties(t *testing.T) {
	db, _ := create(t)
	a := sqlite.PartyRow{
		Party:        tearline.Party{ID: "XHB", Name: "Service B", Nations: []tearline.PartyID{"XHB", "XHD"}, Protected: true, MemberOf: []tearline.PartyID{"EVEN"}},
		StatementKey: "XHB+1+x", LogKey: "tearline/XHB+2+y", Statement: "aaaa", At: epoch.Add(time.Nanosecond),
	}
	b := sqlite.PartyRow{Party: tearline.Party{ID: "XHA"}}
	older, newer := a, a
	older.Name, older.At = "Old name", epoch
	newer.Name, newer.At, newer.Nations, newer.Statement = "New name", epoch.Add(time.Hour), nil, "bbbb"
	write(t, db, func(tx *sqlite.Tx) error {
		for _, p := range []sqlite.PartyRow{a, b, older} {
			if err := tx.PutParty(p); err != nil {
				return err
			}
		}
		list, err := tx.Parties()
		equal(t, "by id, the older one ignored", []sqlite.PartyRow{b, a}, list)
		return err
	})
	write(t, db, func(tx *sqlite.Tx) error { return tx.PutParty(newer) })
	read(t, db, func(tx *sqlite.Tx) error {
		got, ok, err := tx.Party("XHB")
		equal(t, "newest", newer, got)
		if _, ok2, _ := tx.Party("XHZ"); !ok || ok2 {
			t.Errorf("found %v, stranger found %v", ok, ok2)
		}
		return err
	})
}

func TestLedger(t *testing.T) {
	db, dir := create(t)
	a, b := newSpeaker(t, "XHA"), newSpeaker(t, "XHB")
	filing, _ := a.file(t, "R1")
	said := []struct {
		log    tearline.PartyID
		signed ledger.Signed
		refs   []string
	}{
		{"XHA", a.say(t, &tearline.Exclusion{Party: "XHC"}), nil},
		{"XHA", filing, []string{"report:R1", "", "report:R1"}},
		{"XHB", b.say(t, &tearline.Exclusion{Party: "XHC"}), []string{"party:XHC"}},
		{"XHA", a.say(t, &tearline.Embargo{Report: "R1", Term: tearline.Term{Until: epoch}}), []string{"report:R1", "embargo"}},
		{"XHB", b.say(t, &tearline.Tie{Party: "XHC", To: "XHD"}), []string{"report:R1"}},
	}
	var want []sqlite.Entry
	next := map[tearline.PartyID]int64{}
	write(t, db, func(tx *sqlite.Tx) error {
		for _, s := range said {
			index, err := tx.Append(s.log, s.signed, s.refs...)
			if err != nil || index != next[s.log] {
				t.Fatalf("Append = %d, %v; want %d", index, err, next[s.log])
			}
			next[s.log]++
			st := s.signed.Statement
			want = append(want, sqlite.Entry{
				Log: s.log, Index: index, ID: st.ID, Kind: st.Kind(), At: st.At, Salt: s.signed.Salt, Envelope: s.signed.Envelope,
			})
		}
		// A repetition is refused and costs neither place nor hash.
		_, err := tx.Append("XHB", said[0].signed)
		if !errors.Is(err, sqlite.ErrExists) || tearline.KindOf(err) != tearline.Conflict {
			t.Errorf("second Append = %v", err)
		}
		return nil
	})
	check := func(db *sqlite.DB) {
		if n := checkLog(t, db, a); n != 3 {
			t.Errorf("%d entries of XHA", n)
		}
		if n := checkLog(t, db, b); n != 2 {
			t.Errorf("%d entries of XHB", n)
		}
		pick := func(i ...int) (list []sqlite.Entry) {
			for _, i := range i {
				list = append(list, want[i])
			}
			return list
		}
		read(t, db, func(tx *sqlite.Tx) error {
			for _, tt := range []struct {
				name string
				got  iter.Seq2[sqlite.Entry, error]
				want []sqlite.Entry
			}{
				{"entries", tx.Entries("XHA", 0), pick(0, 1, 3)},
				{"entries from", tx.Entries("XHA", 1), pick(1, 3)},
				{"entries beyond", tx.Entries("XHA", 3), nil},
				{"entries of nobody", tx.Entries("XHZ", 0), nil},
				{"kind", tx.ByKind("", tearline.KindExclusion), pick(0, 2)},
				{"kind of a log", tx.ByKind("XHB", tearline.KindExclusion), pick(2)},
				{"kinds", tx.ByKind("", tearline.KindTie, tearline.KindExclusion, tearline.KindTie), pick(0, 2, 4)},
				{"kinds of a log", tx.ByKind("XHA", tearline.KindEmbargo, tearline.KindFiling), pick(1, 3)},
				{"all kinds", tx.ByKind(""), want},
				{"all kinds of a log", tx.ByKind("XHB"), pick(2, 4)},
				{"absent kind", tx.ByKind("", tearline.KindSighting, tearline.KindReceipt), nil},
				{"ref", tx.ByRef("report:R1"), pick(1, 3, 4)},
				{"ref and kind", tx.ByRef("report:R1", tearline.KindFiling), pick(1)},
				{"ref and kinds", tx.ByRef("report:R1", tearline.KindTie, tearline.KindEmbargo), pick(3, 4)},
				{"ref and part of a kind", tx.ByRef("report:R1", "fil"), nil},
				{"absent ref", tx.ByRef("report:R"), nil},
			} {
				got, err := collect(tt.got)
				if err != nil {
					return err
				}
				equal(t, tt.name, tt.want, got)
			}
			for _, e := range want {
				got, ok, err := tx.Entry(e.ID)
				if err != nil || !ok {
					t.Errorf("Entry(%s): %v, %v", e.ID, ok, err)
				}
				equal(t, "by id", e, got)
				if got, ok, err = tx.EntryAt(e.Log, e.Index); err != nil || !ok {
					t.Errorf("EntryAt(%s, %d): %v, %v", e.Log, e.Index, ok, err)
				}
				equal(t, "by place", e, got)
				found, err := tx.FindEntries(e.Log, string(e.ID[:9]))
				equal(t, "by beginning", []sqlite.Entry{e}, found)
				ofKind, err2 := tx.FindEntries(e.Log, string(e.ID), "another", e.Kind)
				equal(t, "by name and kind", []sqlite.Entry{e}, ofKind)
				none, err3 := tx.FindEntries(e.Log, string(e.ID), "another")
				others, err4 := tx.FindEntries("XHZ", string(e.ID))
				if len(none)+len(others) > 0 {
					t.Errorf("%s found as another kind or another's: %v %v", e.ID, none, others)
				}
				if err := errors.Join(err, err2, err3, err4); err != nil {
					return err
				}
			}
			if _, ok, err := tx.EntryAt("XHA", 3); ok || err != nil {
				t.Errorf("EntryAt beyond: %v, %v", ok, err)
			}
			if _, ok, err := tx.Entry("zzzz"); ok || err != nil {
				t.Errorf("Entry of nothing: %v, %v", ok, err)
			}
			n, err := tx.LogSize("XHZ")
			if n != 0 {
				t.Errorf("size of nobody's ledger: %d", n)
			}
			return err
		})
	}
	check(db)
	check(reopen(t, dir))
}

// A sequence goes on over the pages that it reads, lets the transaction be
// used meanwhile, and can be left early.
func TestLongSequences(t *testing.T) {
	db, _ := create(t)
	s := newSpeaker(t, holder)
	const n = 300
	write(t, db, func(tx *sqlite.Tx) error {
		for i := range n {
			signed, row := s.file(t, reportID(i))
			if i%3 == 0 {
				signed = s.say(t, &tearline.Exclusion{Party: "XHC"})
				row.Filing = signed.Statement.ID
			}
			if _, err := tx.Append(holder, signed, "all"); err != nil {
				return err
			}
			if err := tx.PutReport(row, nil); err != nil {
				return err
			}
		}
		return nil
	})
	read(t, db, func(tx *sqlite.Tx) error {
		for name, seq := range map[string]iter.Seq2[sqlite.Entry, error]{
			"entries": tx.Entries(holder, 0), "kinds": tx.ByKind("", tearline.KindFiling, tearline.KindExclusion), "ref": tx.ByRef("all"), "all": tx.ByKind(""),
		} {
			for range 2 { // a sequence can be walked again
				var i int64
				for e, err := range seq {
					if err != nil {
						return err
					}
					if e.Index != i {
						t.Fatalf("%s: entry %d where %d should be", name, e.Index, i)
					}
					if i%50 == 0 {
						if again, _, err := tx.EntryAt(holder, i); err != nil || again.ID != e.ID {
							t.Errorf("%s: EntryAt inside: %v, %v", name, again.ID, err)
						}
						inner, err := collect(tx.Entries(holder, n-2))
						if err != nil || len(inner) != 2 {
							t.Errorf("%s: inner walk of %d, %v", name, len(inner), err)
						}
					}
					i++
				}
				if i != n {
					t.Errorf("%s: %d entries", name, i)
				}
			}
			for _, err := range seq {
				if err != nil {
					return err
				}
				break
			}
		}
		i := 0
		for r, err := range tx.EachReport(holder) {
			if err != nil {
				return err
			}
			if r.ID != reportID(i) || r.Ordinal != int64(i+1) || len(r.Body) == 0 || len(r.Seed) == 0 {
				t.Fatalf("report %s, ordinal %d, where %s should be", r.ID, r.Ordinal, reportID(i))
			}
			i++
		}
		if i != n {
			t.Errorf("%d reports", i)
		}
		return nil
	})
	ctx, cancel := context.WithCancel(context.Background())
	err := db.Read(ctx, func(tx *sqlite.Tx) error {
		seen := 0
		for _, err := range tx.ByKind("", tearline.KindFiling, tearline.KindExclusion) {
			if err != nil {
				return err
			}
			if seen++; seen == 10 {
				cancel()
			}
		}
		return nil
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("a walk whose context ended: %v", err)
	}
}

func TestReports(t *testing.T) {
	db, _ := create(t)
	a, b := newSpeaker(t, "XHA"), newSpeaker(t, "XHB")
	var want []sqlite.ReportRow // in the order of filing
	put := func(tx *sqlite.Tx, s *speaker, id tearline.ReportID, edges ...sqlite.Edge) error {
		signed, row := s.file(t, id)
		if _, err := tx.Append(s.party, signed); err != nil {
			return err
		}
		row.Ordinal = int64(len(want) + 1)
		want = append(want, row)
		return tx.PutReport(row, edges)
	}
	edge := func(from, source string) sqlite.Edge { return sqlite.Edge{From: ref(from), Source: ref(source)} }
	write(t, db, func(tx *sqlite.Tx) error {
		return errors.Join(put(tx, a, "R1"), put(tx, b, "R1"), put(tx, a, "R/2", edge("R/2/p1", "R1/p1"), edge("R/2/p2", "R1/p1"), edge("R/2/p1", "R1/p2"), edge("R/2/p1", "R1/p2")))
	})
	write(t, db, func(tx *sqlite.Tx) error {
		_, row := a.file(t, "R1")
		err := tx.PutReport(row, []sqlite.Edge{edge("R1/p1", "R/2/p1")})
		if !errors.Is(err, sqlite.ErrExists) || tearline.KindOf(err) != tearline.Conflict {
			t.Errorf("second R1: %v", err)
		}
		_, row = a.file(t, "R9")
		if err := tx.PutReport(row, []sqlite.Edge{edge("R1/p1", "R/2/p1")}); err == nil {
			t.Error("edge from another report")
		}
		return errors.Join(put(tx, a, "R3", edge("R3/p1", "R/2/p1")), put(tx, b, "R4"))
	})
	read(t, db, func(tx *sqlite.Tx) error {
		for _, w := range want {
			got, ok, err := tx.Report(w.Holder, w.ID)
			if err != nil || !ok {
				t.Errorf("Report(%s, %s): %v, %v", w.Holder, w.ID, ok, err)
			}
			equal(t, "report", w, got)
		}
		if _, ok, err := tx.Report("XHB", "R3"); ok || err != nil {
			t.Errorf("another holder's report: %v, %v", ok, err)
		}
		line := func(i int) sqlite.ReportRow {
			r := want[i]
			r.Seed, r.Body = nil, nil
			return r
		}
		for _, tt := range []struct {
			holder tearline.PartyID
			before int64
			limit  int
			want   []sqlite.ReportRow
		}{
			{"XHA", 0, 10, []sqlite.ReportRow{line(3), line(2), line(0)}},
			{"XHA", 0, 2, []sqlite.ReportRow{line(3), line(2)}},
			{"XHA", 3, 2, []sqlite.ReportRow{line(0)}},
			{"XHA", 1, 2, nil},
			{"XHB", 0, 10, []sqlite.ReportRow{line(4), line(1)}},
			{"XHZ", 0, 10, nil},
		} {
			got, err := tx.Reports(tt.holder, tt.before, tt.limit)
			if err != nil {
				return err
			}
			equal(t, "page", tt.want, got)
		}
		if _, err := tx.Reports("XHA", 0, 0); err == nil {
			t.Error("a page of no reports")
		}
		got, err := collect(tx.EachReport("XHB"))
		equal(t, "each", []sqlite.ReportRow{want[1], want[4]}, got)
		for h, w := range map[tearline.PartyID]int64{"XHA": 3, "XHB": 2, "XHZ": 0} {
			if n, err := tx.CountReports(h); n != w || err != nil {
				t.Errorf("CountReports(%s) = %d, %v", h, n, err)
			}
		}
		return err
	})
	read(t, db, func(tx *sqlite.Tx) error {
		for _, tt := range []struct {
			name string
			find func(tearline.PartyID, tearline.PortionRef) ([]tearline.PortionRef, error)
			of   string
			want []tearline.PortionRef
		}{
			{"derived", tx.DerivedFrom, "R1/p1", refsOf("R/2/p1", "R/2/p2")},
			{"derived", tx.DerivedFrom, "R/2/p1", refsOf("R3/p1")},
			{"derived", tx.DerivedFrom, "R3/p1", nil},
			{"sources", tx.SourcesOf, "R/2/p1", refsOf("R1/p1", "R1/p2")},
			{"sources", tx.SourcesOf, "R1/p1", nil},
		} {
			got, err := tt.find("XHA", ref(tt.of))
			if err != nil {
				return err
			}
			equal(t, tt.name+" "+tt.of, tt.want, got)
			if got, err := tt.find("XHB", ref(tt.of)); len(got) > 0 || err != nil {
				t.Errorf("another holder's edges: %v, %v", got, err)
			}
		}
		return nil
	})
}

func TestDisclosuresAndCopies(t *testing.T) {
	db, _ := create(t)
	s := newSpeaker(t, holder)
	ids := appended(t, db, s, 4)
	disclosure := func(i int, report tearline.ReportID, c tearline.CopyID) sqlite.DisclosureRow {
		return sqlite.DisclosureRow{
			Statement: ids[i], Holder: holder, Report: report, Recipient: "XHC", Mode: tearline.Document,
			Occurred: epoch.Add(time.Duration(i) * time.Hour), Recorded: epoch.Add(time.Duration(i)*time.Hour + 5), Copy: c,
		}
	}
	ds := []sqlite.DisclosureRow{disclosure(0, "R1", "c0"), disclosure(1, "R2", "c1"), disclosure(2, "R1", ""), disclosure(3, "R1", "c3")}
	ds[2].Mode, ds[2].AfterFact, ds[2].Gist, ds[2].Salt, ds[2].Recipient = tearline.Oral, true, "There is a plot.", []byte("salt"), "XHD"
	portions := [][]tearline.PortionRef{refsOf("R1/p1", "R1/p2~tear"), refsOf("R2/p1"), refsOf("R1/p1", "R1/p1"), nil}
	copyOf := func(i int, d sqlite.DisclosureRow, content string) sqlite.CopyRow {
		return sqlite.CopyRow{
			Copy: tearline.Copy{
				ID: d.Copy, Holder: holder, Report: d.Report, Recipient: d.Recipient, Disclosure: d.Statement, Made: d.Occurred,
				Seed: []byte{1, 2, byte(i)}, Digest: tearline.Digest{9, byte(i)},
			},
			Spec: []byte(`{"banner":"SECRET"}`), Content: []byte(content),
		}
	}
	cs := []sqlite.CopyRow{copyOf(0, ds[0], "x"), copyOf(1, ds[1], "x"), copyOf(3, ds[3], "x")}
	cs[1].HandedOut, cs[1].Spec, cs[1].Seed = true, nil, nil
	write(t, db, func(tx *sqlite.Tx) error {
		for i, d := range ds {
			if err := tx.PutDisclosure(d, portions[i]); err != nil {
				return err
			}
		}
		for _, c := range cs {
			if err := tx.PutCopy(c); err != nil {
				return err
			}
		}
		if err := tx.PutDisclosure(ds[0], nil); !errors.Is(err, sqlite.ErrExists) {
			t.Errorf("second disclosure: %v", err)
		}
		if err := tx.PutCopy(cs[0]); !errors.Is(err, sqlite.ErrExists) {
			t.Errorf("second copy: %v", err)
		}
		return nil
	})
	read(t, db, func(tx *sqlite.Tx) error {
		got, err := tx.Disclosures(holder, "R1")
		equal(t, "of a report", []sqlite.DisclosureRow{ds[0], ds[2], ds[3]}, got)
		all, err2 := tx.Disclosures(holder, "")
		equal(t, "of all reports", ds, all)
		none, err3 := tx.Disclosures("XHC", "")
		equal(t, "of another holder", []sqlite.DisclosureRow(nil), none)
		exposed, err4 := tx.ExposedTo(holder, refsOf("R1/p2~tear", "R1/p9", "R1/p1", "R1/p1"))
		equal(t, "exposures", []sqlite.Exposure{
			{DisclosureRow: ds[0], Portion: ref("R1/p2~tear")}, {DisclosureRow: ds[0], Portion: ref("R1/p1")}, {DisclosureRow: ds[2], Portion: ref("R1/p1")},
		}, exposed)
		return errors.Join(err, err2, err3, err4)
	})
	read(t, db, func(tx *sqlite.Tx) error {
		for _, c := range cs {
			got, ok, err := tx.Copy(c.ID)
			if err != nil || !ok {
				t.Errorf("Copy(%s): %v, %v", c.ID, ok, err)
			}
			equal(t, "copy", c, got)
		}
		if c, ok, err := tx.CopyOf(holder, cs[0].ID); !ok || err != nil || c.ID != cs[0].ID {
			t.Errorf("CopyOf its holder's: %v, %v, %v", c, ok, err)
		}
		if _, ok, err := tx.CopyOf("XHZ", cs[0].ID); ok || err != nil {
			t.Errorf("CopyOf another's: %v, %v", ok, err)
		}
		if _, ok, err := tx.Copy("c9"); ok || err != nil {
			t.Errorf("Copy of nothing: %v, %v", ok, err)
		}
		got, err := tx.Copies(holder, "R1")
		equal(t, "copies of a report", []sqlite.CopyRow{cs[0], cs[2]}, got)
		all, err2 := tx.Copies(holder, "")
		equal(t, "copies", cs, all)
		of, err3 := tx.CopiesOfPortions(holder, refsOf("R2/p1", "R1/p1", "R1/p2~tear"))
		equal(t, "copies of portions", []sqlite.CopyRow{cs[0], cs[1]}, of)
		return errors.Join(err, err2, err3)
	})
	pending := func(report tearline.ReportID, content string) (id tearline.CopyID) {
		read(t, db, func(tx *sqlite.Tx) error {
			list, err := tx.PendingCopies(holder, report, "XHC")
			for _, c := range list {
				if id == "" && string(c.Content) == content {
					id = c.ID
				}
			}
			return err
		})
		return id
	}
	if a, b, c := pending("R1", "x"), pending("R1", "y"), pending("R2", "x"); a != "c3" || b != "" || c != "" {
		t.Errorf("pending %q, %q, %q: want the newest of that content that has not left", a, b, c)
	}
	mark := func(id tearline.CopyID) { write(t, db, func(tx *sqlite.Tx) error { return tx.MarkHandedOut(id) }) }
	mark("c3")
	mark("c3")
	if a := pending("R1", "x"); a != "c0" {
		t.Errorf("pending %q", a)
	}
	mark("c0")
	if a := pending("R1", "x"); a != "" {
		t.Errorf("pending %q", a)
	}
	err := db.Write(context.Background(), func(tx *sqlite.Tx) error { return tx.MarkHandedOut("c9") })
	if !errors.Is(err, sqlite.ErrAbsent) || tearline.KindOf(err) != tearline.Conflict {
		t.Errorf("MarkHandedOut of nothing: %v", err)
	}
}

func TestRequests(t *testing.T) {
	db, _ := create(t)
	request := func(id tearline.StatementID, holder, originator tearline.PartyID, asked time.Duration) sqlite.RequestRow {
		return sqlite.RequestRow{
			ID: id, Holder: holder, Originator: originator, Recipient: "XHD", Report: "R1", Portions: refsOf("R1/p1", "A/B/p2~tear"),
			State: "open", Asked: epoch.Add(asked),
		}
	}
	a, b, c := request("aaab", "XHA", "XHB", 3), request("aaac", "XHA", "XHC", 1), request("bbbb", "XHB", "XHC", 2)
	write(t, db, func(tx *sqlite.Tx) error {
		err := errors.Join(tx.PutRequest(a), tx.PutRequest(b), tx.PutRequest(c))
		if err := tx.PutRequest(a); !errors.Is(err, sqlite.ErrExists) {
			t.Errorf("second request: %v", err)
		}
		return err
	})
	read(t, db, func(tx *sqlite.Tx) error {
		for _, tt := range []struct {
			holder, originator tearline.PartyID
			want               []sqlite.RequestRow
		}{
			{"", "", []sqlite.RequestRow{b, c, a}},
			{"XHA", "", []sqlite.RequestRow{b, a}},
			{"", "XHC", []sqlite.RequestRow{b, c}},
			{"XHA", "XHC", []sqlite.RequestRow{b}},
			{"XHD", "", nil},
		} {
			got, err := tx.Requests(tt.holder, tt.originator)
			if err != nil {
				return err
			}
			equal(t, "requests", tt.want, got)
		}
		for originator, want := range map[tearline.PartyID][]sqlite.RequestRow{"XHB": {a}, "XHC": {b}, "XHA": nil} {
			got, err := tx.FindRequests(originator, "aaa")
			if err != nil {
				return err
			}
			equal(t, "by beginning", want, got)
		}
		return nil
	})
	answered := a
	answered.State, answered.Answer, answered.Until = "granted", "cccc", time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)
	answered.Conditions = []tearline.Condition{tearline.OrallyOnly, "not to be quoted"}
	write(t, db, func(tx *sqlite.Tx) error {
		if err := tx.UpdateRequest(sqlite.RequestRow{ID: "dddd"}); !errors.Is(err, sqlite.ErrAbsent) {
			t.Errorf("update of nothing: %v", err)
		}
		return tx.UpdateRequest(answered)
	})
	read(t, db, func(tx *sqlite.Tx) error {
		got, ok, err := tx.Request("aaab")
		equal(t, "answered", answered, got)
		other, _, err2 := tx.Request("aaac")
		equal(t, "not answered", b, other)
		if _, none, _ := tx.Request("aaaa"); !ok || none {
			t.Errorf("found %v, absent found %v", ok, none)
		}
		return errors.Join(err, err2)
	})
}

// Ids sort and are found by their beginning, ten at most.
func TestFindMany(t *testing.T) {
	db, _ := create(t)
	ids := appended(t, db, newSpeaker(t, holder), 400)
	slices.Sort(ids)
	read(t, db, func(tx *sqlite.Tx) error {
		got, err := tx.FindEntries(holder, "")
		if err != nil || len(got) != 10 {
			t.Fatalf("%d found, %v", len(got), err)
		}
		for i, e := range got {
			if e.ID != ids[i] {
				t.Errorf("found %s, want %s", e.ID, ids[i])
			}
		}
		first, err := tx.FindEntries(holder, string(ids[0][:1]))
		for _, e := range first {
			if e.ID[0] != ids[0][0] {
				t.Errorf("found %s by %q", e.ID, ids[0][:1])
			}
		}
		if len(first) == 0 {
			t.Error("nothing found")
		}
		return err
	})
}

func TestFingerprints(t *testing.T) {
	db, _ := create(t)
	row := func(report tearline.ReportID, b byte) sqlite.FingerprintRow {
		return sqlite.FingerprintRow{Holder: "XHA", Report: report, Statement: "s" + tearline.StatementID(report), Code: tearline.CodeNuida, Secret: []byte{b, 2, 3}, Size: 7, Root: [32]byte{b}}
	}
	fs := []sqlite.FingerprintRow{row("R1", 1), row("R2", 2)}
	write(t, db, func(tx *sqlite.Tx) error {
		for _, f := range fs {
			if err := tx.PutFingerprint(f); err != nil {
				return err
			}
		}
		if err := tx.PutFingerprint(fs[0]); !errors.Is(err, sqlite.ErrExists) {
			t.Errorf("second fingerprint: %v", err)
		}
		if err := tx.EraseFingerprint("XHB", "R1"); !errors.Is(err, sqlite.ErrAbsent) {
			t.Errorf("erased another's: %v", err)
		}
		return tx.EraseFingerprint("XHA", "R2")
	})
	fs[1].Secret = nil
	read(t, db, func(tx *sqlite.Tx) error {
		for _, f := range fs {
			got, ok, err := tx.Fingerprint("XHA", f.Report)
			if err != nil || !ok {
				t.Fatal(ok, err)
			}
			if len(got.Secret) == 0 {
				got.Secret = nil
			}
			equal(t, "fingerprint", f, got)
		}
		_, ok, err := tx.Fingerprint("XHB", "R1")
		if ok {
			t.Error("another holder's is found")
		}
		return err
	})
}

func TestApprovals(t *testing.T) {
	db, _ := create(t)
	row := func(party tearline.PartyID, key string, approved bool) sqlite.ApprovalRow {
		return sqlite.ApprovalRow{Party: party, Key: key, Rule: "about/roughly", Sentence: "found {about|roughly} forty", Alternatives: []string{"about", "roughly"}, Officer: "M. Lind", At: epoch, Approved: approved}
	}
	as := []sqlite.ApprovalRow{row("XHA", "k1", true), row("XHA", "k2", false)}
	write(t, db, func(tx *sqlite.Tx) error {
		for _, a := range []sqlite.ApprovalRow{row("XHA", "k2", true), as[0], as[1], row("XHB", "k1", true)} {
			if err := tx.PutApproval(a); err != nil {
				return err
			}
		}
		return nil
	})
	read(t, db, func(tx *sqlite.Tx) error {
		got, err := tx.Approvals("XHA")
		equal(t, "approvals", as, got)
		return err
	})
}
