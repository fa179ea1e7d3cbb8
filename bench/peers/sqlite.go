package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	_ "modernc.org/sqlite" // the driver

	"tearline/bench/kit"
	"tearline/bench/peers/model"
)

// sqliteSchema has a portion a row. The release list is expanded into four
// 64-bit words; control is 1 where the originator must be asked by everybody,
// as far as the party is not of its organisation.
const sqliteSchema = `
create table portion (
	id integer primary key, label integer not null, level integer not null, compartments integer not null,
	release0 integer not null, release1 integer not null, release2 integer not null, release3 integer not null,
	originator integer not null, origin integer not null, orcon integer not null);
create table consent (org integer not null, id integer not null, primary key (org, id)) without rowid;`

// sqliteMay is the model as a condition on attributes: level, compartments,
// word of the release list, bit in it, country, organisation.
const sqliteMay = `p.level <= ?1 and p.compartments & ~?2 = 0 and p.release%d >> ?3 & 1 = 1 and (
	p.orcon = 0 and (p.origin = 0 or ?4 = 0 or p.origin = ?4) or p.originator = ?5
	or exists (select 1 from consent c where c.org = ?5 and c.id = p.id))`

// The questions by label rest on the verdicts on the labels, put into two
// tables beforehand.
const (
	sqliteVerdicts = `
create temp table released (label integer primary key);
create temp table referred (label integer primary key);`
	sqliteCountByLabel = `select
	(select count(*) from portion where label in (select label from released)) +
	(select count(*) from consent c join portion p on p.id = c.id
		where c.org = ?1 and p.label in (select label from referred))`
	// "not indexed" makes it go by id, newest first.
	sqlitePageByLabel = `select id from portion p not indexed
	where label in (select label from released) or label in (select label from referred)
		and exists (select 1 from consent c where c.org = ?1 and c.id = p.id)
	order by id desc limit ?2`
)

func benchSQLite(b *bench) error      { return b.sqlite(b.archive(b.listing.Portions)) }
func benchSQLiteLarge(b *bench) error { return b.sqlite(b.archive(b.large)) }
func benchSQLiteOld(b *bench) error   { return b.sqlite(b.oldArchive()) }

// A lite is an archive in SQLite.
type lite struct {
	b  *bench
	a  *archive
	db *sql.DB
	// ctx cannot end: the driver starts a goroutine a query for one that can,
	// which triples the time of a short one.
	ctx context.Context //nolint:containedctx // lives as long as one run
}

func (b *bench) sqlite(a *archive, err error) error {
	if err != nil {
		return err
	}
	path := filepath.Join(b.Dir, b.Name+".db")
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=cache_size(-1000000)&_pragma=mmap_size(4000000000)&_pragma=synchronous(off)&_pragma=journal_mode(off)")
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1)
	l := &lite{b, a, db, context.WithoutCancel(b.Ctx)}
	return errors.Join(l.measure(path), db.Close(), os.Remove(path))
}

func (l *lite) measure(path string) error {
	if err := l.load(); err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	size := float64(info.Size()) / float64(len(l.a.world.Label))
	l.b.Add("size on disk, with the label index, per portion", "B", kit.One(size), kit.Goal{})
	l.b.note("size", "on disk", size)
	if err := l.decisions(); err != nil {
		return err
	}
	for i := range l.a.cases {
		if err := l.list(&l.a.cases[i]); err != nil {
			return err
		}
	}
	return nil
}

// load writes the archive in one transaction.
func (l *lite) load() error {
	ctx, w := l.ctx, l.a.world
	if _, err := l.db.ExecContext(ctx, sqliteSchema+sqliteVerdicts); err != nil {
		return err
	}
	start := kit.CPU()
	tx, err := l.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	put, err := tx.PrepareContext(ctx, "insert into portion values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
	if err != nil {
		return err
	}
	defer func() { _ = put.Close() }()
	for i, label := range w.Label {
		b := &l.a.bits.Labels[label]
		if _, err := put.ExecContext(ctx, i, label, b.Level, signed(b.Compartments), signed(b.Release[0]), signed(b.Release[1]),
			signed(b.Release[2]), signed(b.Release[3]), b.Originator, b.Origin, b.Orcon); err != nil {
			return err
		}
	}
	if err := l.loadConsents(tx); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "create index portion_label on portion (label)"); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "analyze"); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	l.b.Add("one portion loaded, nothing durable, CPU", "µs", kit.One((kit.CPU()-start).Seconds()*1e6/float64(len(w.Label))), kit.Goal{})
	return nil
}

func (l *lite) loadConsents(tx *sql.Tx) error {
	put, err := tx.PrepareContext(l.ctx, "insert or ignore into consent values (?, ?)")
	if err != nil {
		return err
	}
	defer func() { _ = put.Close() }()
	for org, list := range l.a.listing.Consented() {
		for _, x := range list {
			if _, err := put.ExecContext(l.ctx, org, x); err != nil {
				return err
			}
		}
	}
	return nil
}

// signed turns 64 bits into what SQL has.
func signed(m uint64) int64 { return int64(m) } //nolint:gosec // bits, not a number

// statements prepares the same question for each word of the release list.
func (l *lite) statements(question string) (list [4]*sql.Stmt, err error) {
	for i := range list {
		if list[i], err = l.db.PrepareContext(l.ctx, fmt.Sprintf(question, i)); err != nil { //nolint:sqlclosecheck // closed with the database
			return list, err
		}
	}
	return list, nil
}

// arguments are those of [sqliteMay].
func (l *lite) arguments(party uint32) (word int, args []any) {
	p := &l.a.bits.Parties[party]
	return int(p.Country >> 6), []any{p.Level, signed(p.Compartments), p.Country & 63, p.Country, p.Org}
}

// decisions measures single decisions by primary key.
func (l *lite) decisions() error {
	ask, err := l.statements("select exists (select 1 from portion p where p.id = ?6 and " + sqliteMay + ")")
	if err != nil {
		return err
	}
	words, args := make([]int, len(l.a.pairs)), make([][]any, len(l.a.pairs))
	for i, p := range l.a.pairs {
		words[i], args[i] = l.arguments(p.Party)
		args[i] = append(args[i], p.Portion)
	}
	return l.b.decision("by primary key", l.a.questions, func(i int) (released bool, err error) {
		err = ask[words[i]].QueryRowContext(l.ctx, args[i]...).Scan(&released)
		return released, err
	})
}

// list measures the count and the first page for one party.
func (l *lite) list(c *listing) error {
	count, err := l.statements("select count(*) from portion p where " + sqliteMay)
	if err != nil {
		return err
	}
	page, err := l.statements("select p.id from portion p not indexed where " + sqliteMay + fmt.Sprintf(" order by p.id desc limit %d", model.PageSize))
	if err != nil {
		return err
	}
	word, args := l.arguments(c.party)
	if err := l.measureList("attributes", c, count[word], args, page[word], args); err != nil {
		return err
	}
	return l.listByLabel(c)
}

// listByLabel is the same with the verdicts on the labels given.
func (l *lite) listByLabel(c *listing) error {
	count, err := l.db.PrepareContext(l.ctx, sqliteCountByLabel)
	if err != nil {
		return err
	}
	defer func() { _ = count.Close() }()
	page, err := l.db.PrepareContext(l.ctx, sqlitePageByLabel)
	if err != nil {
		return err
	}
	defer func() { _ = page.Close() }()
	if _, err := l.db.ExecContext(l.ctx, "delete from released; delete from referred"); err != nil {
		return err
	}
	for label, o := range l.a.bits.LabelOutcomes(c.party) {
		into := ""
		switch o {
		case model.Denied:
			continue
		case model.Released:
			into = "insert into released values (?)"
		case model.Referred:
			into = "insert into referred values (?)"
		}
		if _, err := l.db.ExecContext(l.ctx, into, label); err != nil {
			return err
		}
	}
	org := l.a.bits.Parties[c.party].Org
	return l.measureList("label index", c, count, []any{org}, page, []any{org, model.PageSize})
}

// measureList measures both questions.
func (l *lite) measureList(how string, c *listing, count *sql.Stmt, countArgs []any, page *sql.Stmt, pageArgs []any) error {
	err := l.b.counting(how, c, kit.CPU, func() (n int, err error) {
		err = count.QueryRowContext(l.ctx, countArgs...).Scan(&n)
		return n, err
	})
	if err != nil {
		return err
	}
	return l.b.paging(how, c, kit.CPU, func() (list []uint32, err error) {
		rows, err := page.QueryContext(l.ctx, pageArgs...)
		if err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, rows.Close()) }()
		for rows.Next() {
			var x uint32
			if err := rows.Scan(&x); err != nil {
				return nil, err
			}
			list = append(list, x)
		}
		return list, rows.Err()
	})
}
