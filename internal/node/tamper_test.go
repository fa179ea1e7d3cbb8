package node_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "modernc.org/sqlite" // as a stranger's tool would open the file

	"tearline"
	"tearline/internal/node"
)

// busy is a desk at which everything has happened at least once.
func busy(tb testing.TB) *desk {
	tb.Helper()
	d := world(tb)
	ctx := tb.Context()
	d.file("NLD", line("O1", "NLD", "S//FGI NLD//OC/REL TO USA, NLD|A ferry."))
	asked := d.ask(question("M", "FRA"))
	for _, a := range asked {
		if a.Originator == "NLD" {
			d.grant(a)
			continue
		}
		d.tick()
		if _, err := d.Refuse(ctx, node.Answer{As: "GBR", Request: string(a.ID)}); err != nil {
			tb.Fatal(err)
		}
	}
	d.ask(question("M", "BRA"), "p2")
	d.file("USA", line("F", "USA", "S//REL TO USA, FRA|The mole {is long¦is a long one}, and the water {is low¦is at its lowest} at night."))
	if _, err := d.release(question("F", "FRA")); err != nil {
		tb.Fatal(err)
	}
	if _, err := d.release(question("M", "FRA")); err != nil {
		tb.Fatal(err)
	}
	d.tick()
	q := question("M", "BRA")
	q.Mode = tearline.Oral
	if _, err := d.Disclose(ctx, node.Telling{Question: q, Portions: []tearline.PortionID{"p3"}, Gist: "the long table", Occurred: start}); err != nil {
		tb.Fatal(err)
	}
	for _, says := range []tearline.Predicate{
		&tearline.Exclusion{Party: "ADMIN"},
		&tearline.Embargo{Report: "F", Term: tearline.Term{Until: start.AddDate(1, 0, 0)}},
	} {
		d.tick()
		if _, err := d.State(ctx, "USA", says); err != nil {
			tb.Fatal(err)
		}
	}
	return d
}

// What a stranger with a tool changes in the file is found, whichever table it
// is in. Each case is one statement of SQL and what the verification says.
func TestVerifyFindsWhatIsChanged(t *testing.T) {
	t.Parallel()
	d := busy(t)
	d.verified()
	for _, tt := range []struct{ name, sql, want string }{
		{"text", `update reports set body = cast(replace(cast(body as text), 'doubled', 'tripled') as blob) where id = 'M'`, "the text of p1 is not what was filed"},
		{"marking", `update reports set body = cast(replace(cast(body as text), 'BRA, ', '') as blob) where id = 'M'`, "report M: marks, originators or sources"},
		{"source", `update reports set body = cast(replace(cast(body as text), 'N1/p1', 'N1/p2') as blob) where id = 'M'`, "report M: marks, originators or sources"},
		{"seed", `update reports set seed = x'00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff' where id = 'M'`, "is not what was filed"},
		{"title in the list", `update reports set title = 'Nothing' where id = 'M'`, "report M: its line in the list"},
		{"banner in the list", `update reports set banner = 'UNCLASSIFIED' where id = 'M'`, "report M: its line in the list"},
		{"dropped report", `delete from reports where id = 'F'`, "entries of kind filing"},
		{"edge", `update edges set source_portion = 'p2' where derived_portion = 'p2'`, "what it rests on is not what was filed"},
		{"dropped edge", `delete from edges where derived_portion = 'p3'`, "what it rests on is not what was filed"},
		{"gist", `update disclosures set gist = 'nothing' where gist <> ''`, "the gist is not what was recorded"},
		{"gist gone", `update disclosures set gist = '' where gist <> ''`, "the gist is not what was recorded"},
		{"recipient", `update disclosures set recipient = 'ADMIN' where copy <> ''`, "the row is not what was recorded"},
		{"time", `update disclosures set occurred = '2026-01-01T00:00:00'`, "the row is not what was recorded"},
		{"dropped disclosure", `delete from disclosed; delete from disclosures where gist <> ''`, "entries of kind disclosure"},
		{"portion disclosed", `update disclosed set portion = 'p4' where portion = 'p3'`, "the portions in the tables are not those"},
		{"dropped portion disclosed", `delete from disclosed where portion = 'p3'`, "the portions in the tables are not those"},
		{"copy's digest", `update copies set digest = x'00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff' where report = 'F'`, "its digest is not the recorded one"},
		{"copy's recipient", `update copies set recipient = 'BRA' where report = 'F'`, "the row is not what was recorded"},
		{"secret of the copies", `update fingerprints set secret = x''`, "nobody said that it was destroyed"},
		{"secret bound otherwise", `update fingerprints set root = x'00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff'`, "it is not bound to the ledger as it was"},
		{"secret gone", `delete from fingerprints`, "entries of kind fingerprint"},
		{"dropped copy", `delete from copies where report = 'F'`, "is in the ledger and not in the tables"},
		{"request's state", `update requests set state = 'granted' where state = 'refused'`, "what became of it is not what GBR said"},
		{"request's recipient", `update requests set recipient = 'BRA' where state = 'granted'`, "the row is not what was asked"},
		{"dropped request", `delete from requests where state = 'asked'`, "entries of kind request"},
		{"party's coalition", `update parties set member_of = '["FVEY"]' where id = 'BRA'`, "party BRA: the row is not what was recorded"},
		{"party's key", `update parties set statement_key = (select statement_key from parties where id = 'GBR') where id = 'NLD'`, "NLD"},
		{"dropped party", `delete from parties where id = 'ADMIN'`, "party ADMIN is in the ledger and not in the tables"},
		{"envelope", `update entries set envelope = cast(replace(cast(envelope as text), 'A', 'B') as blob) where log = 'USA' and idx = 3`, "entry 3"},
		{"salt", `update entries set salt = x'00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff' where log = 'USA' and idx = 3`, "entry 3"},
		{"kind", `update entries set kind = 'tie' where kind = 'exclusion'`, "what is kept beside it is not what it says"},
		{"time of an entry", `update entries set at = '2026-01-01T00:00:00' where kind = 'embargo'`, "what is kept beside it is not what it says"},
		{"dropped entry", `delete from refs where seq in (select seq from entries where kind = 'exclusion'); delete from entries where kind = 'exclusion'`, "missing"},
		{"dropped reference", `delete from refs where kind = 'embargo'`, "is not found under report:F"},
		{"tree hash", `update hashes set data = cast(x'ff' || substr(data, 2) as blob) where log = 'USA'`, "hash"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := d.copied(t)
			if err := c.Close(); err != nil {
				t.Fatal(err)
			}
			tamper(t, c.dir, tt.sql)
			n, err := node.Open(t.Context(), c.dir, node.Env{Now: func() time.Time { return c.env.now }})
			if err != nil {
				t.Fatal(err)
			}
			defer n.Close()
			all, err := n.Verify(t.Context(), "")
			if err != nil {
				if tearline.KindOf(err) != tearline.Tampered {
					t.Errorf("verify: %v, of kind %s", err, tearline.KindOf(err))
				}
				return
			}
			var faults []string
			for _, v := range all {
				if v.OK != (len(v.Faults) == 0) {
					t.Errorf("%s is ok %v with %v", v.Party, v.OK, v.Faults)
				}
				faults = append(faults, v.Faults...)
			}
			if !strings.Contains(strings.Join(faults, "\n"), tt.want) {
				t.Errorf("found %q, want %q", faults, tt.want)
			}
		})
	}
}

// tamper runs SQL on a database that is not in use.
func tamper(tb testing.TB, dir, query string) {
	tb.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, "tearline.db"))
	if err != nil {
		tb.Fatal(err)
	}
	defer db.Close()
	res, err := db.ExecContext(context.Background(), query)
	if err != nil {
		tb.Fatal(err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		tb.Fatalf("nothing was changed: %d, %v", n, err)
	}
}

// A database put back from a backup is older than what was noted beside it.
func TestVerifyFindsOldDatabase(t *testing.T) {
	t.Parallel()
	d := busy(t)
	old := d.copied(t)
	if err := old.Close(); err != nil {
		t.Fatal(err)
	}
	d.file("USA", line("NEW", "USA", "U|New."))
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	for _, f := range []string{"tearline.db", "tearline.db-wal", "tearline.db-shm"} {
		copyFile(t, filepath.Join(old.dir, f), filepath.Join(d.dir, f))
	}
	n, err := node.Open(t.Context(), d.dir, node.Env{Now: func() time.Time { return d.env.now }})
	if err != nil {
		t.Fatal(err)
	}
	d.Node = n
	all, err := n.Verify(t.Context(), "USA")
	if err != nil || len(all) != 1 || all[0].OK || !strings.Contains(all[0].Faults[0], "older than USA's ledger has been") {
		t.Errorf("%+v, %v", all, err)
	}
	if _, err := d.tryFile("USA", line("NEWER", "USA", "U|Newer.")); tearline.KindOf(err) != tearline.Tampered {
		t.Errorf("filing on top of it: %v", err)
	}
}
