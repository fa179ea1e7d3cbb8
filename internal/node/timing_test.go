package node_test

import (
	"fmt"
	"maps"
	"math"
	"net/url"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unsafe"

	"github.com/google/go-cmp/cmp"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"tearline"
)

// A watch keeps the connections that the driver has opened, by data directory.
type watch struct {
	sync.Mutex
	of map[string][]sqlite.ExecQuerierContext
}

// connections are those of this process.
var connections = newWatch()

func newWatch() *watch {
	w := &watch{of: map[string][]sqlite.ExecQuerierContext{}}
	sqlite.RegisterConnectionHook(func(conn sqlite.ExecQuerierContext, dsn string) error {
		u, err := url.Parse(dsn)
		if err != nil {
			return err
		}
		w.Lock()
		defer w.Unlock()
		dir := filepath.Dir(u.Path)
		w.of[dir] = append(w.of[dir], conn)
		return nil
	})
	return w
}

// work is what SQLite did: for each statement how often it ran and how many
// steps of its program that took. Every row that is looked at costs steps, also
// one that is dropped again.
type work map[string][2]int

// did returns what SQLite has done for a desk since it was last asked. The
// driver does not tell, so this reads SQLite's own counters: a connection of the
// driver begins with the database's address and the thread state that every
// function of the library wants.
func (d *desk) did() work {
	connections.Lock()
	defer connections.Unlock()
	if len(connections.of[d.dir]) == 0 {
		d.t.Fatalf("nothing is known of the connections to %s", d.dir)
	}
	out := work{}
	for _, conn := range connections.of[d.dir] {
		c := reflect.ValueOf(conn).Elem()
		db, tls := c.FieldByName("db"), c.FieldByName("tls")
		tls = reflect.NewAt(tls.Type(), unsafe.Pointer(tls.UnsafeAddr())).Elem()
		call := func(f any, args ...any) reflect.Value {
			in := []reflect.Value{tls}
			for _, a := range args {
				in = append(in, reflect.ValueOf(a))
			}
			return reflect.ValueOf(f).Call(in)[0]
		}
		address := uintptr(db.Uint())
		for stmt := uintptr(0); ; {
			stmt = uintptr(call(sqlite3.Xsqlite3_next_stmt, address, stmt).Uint())
			if stmt == 0 {
				break
			}
			query := text(uintptr(call(sqlite3.Xsqlite3_sql, stmt).Uint()))
			status := func(op int32) int { return int(call(sqlite3.Xsqlite3_stmt_status, stmt, op, int32(1)).Int()) }
			runs, steps := status(sqlite3.SQLITE_STMTSTATUS_RUN), status(sqlite3.SQLITE_STMTSTATUS_VM_STEP)
			if runs+steps > 0 {
				out[query] = [2]int{out[query][0] + runs, out[query][1] + steps}
			}
		}
	}
	return out
}

// text reads a C string.
func text(at uintptr) string {
	var b strings.Builder
	for {
		c := **(**byte)(unsafe.Pointer(&at)) // SQLite's memory, not Go's
		if c == 0 {
			return b.String()
		}
		b.WriteByte(c)
		at++
	}
}

// cost is what a call took: SQLite's work, and how often it allocated.
type cost struct {
	SQL    work
	Allocs uint64
}

// measured does a job once and returns its cost.
func measured(d *desk, j job) cost {
	d.did()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, _ = j.do(d)
	runtime.ReadMemStats(&after)
	return cost{d.did(), after.Mallocs - before.Mallocs}
}

// costs returns what two jobs cost at least: what the process does besides adds
// to the allocations. It tries again until they are alike, or often enough.
func costs(d *desk, one, other job) (x, y cost) {
	x.Allocs, y.Allocs = math.MaxUint64, math.MaxUint64
	for range 12 {
		a, b := measured(d, one), measured(d, other)
		x, y = cost{a.SQL, min(x.Allocs, a.Allocs)}, cost{b.SQL, min(y.Allocs, b.Allocs)}
		if slow { // the race detector empties pools as it likes
			x.Allocs, y.Allocs = 0, 0
		}
		if cmp.Equal(x, y, nearly) {
			break
		}
	}
	return x, y
}

// nearly lets counts of allocations differ by one in a thousand: how maps grow
// is a matter of chance.
var nearly = cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".Allocs" },
	cmp.Comparer(func(x, y uint64) bool { return max(x, y)-min(x, y) <= max(x, y)/1000 }))

// secretly has others do things that BRA must not learn of.
func secretly(d *desk) {
	at := start.Add(time.Hour)
	for i, s := range secretSteps {
		for choice := range 3 {
			d.env.begin(fmt.Sprintf("secret %d %d", i, choice), at)
			s.do(d, func(n int) int { return choice % n })
			at = at.Add(10 * time.Second)
		}
	}
	d.env.begin("exam", start.Add(2*time.Hour))
}

// aboutNames are the jobs of a party about one report, and about one statement
// or request, that it may not know of.
func aboutNames(p tearline.PartyID, report tearline.ReportID, id string) []job {
	var list []job
	for _, j := range slices.Concat(readsReport(p, report), actsOnReport(p, report), readsID(p, id), actsOnID(p, id)) {
		if !strings.HasPrefix(j.name, "file ") { // anybody may file under any name
			list = append(list, j)
		}
	}
	return list
}

// Invariant 6, in time: what is not for a party takes the same work as what is
// not there. The same statements run as many steps, and so look at as many
// rows, and the program allocates as often.
func TestInvariant06SameWork(t *testing.T) { //nolint:paralleltest // others would allocate
	d := brazil(t, true)
	secretly(d)
	reports := []tearline.ReportID{"M", "G1", "W", "S1", "S2", "T1"}
	ids := hidden(t, d)
	if len(ids) < 20 || !strings.Contains(ids[len(ids)-1], "-") {
		t.Fatalf("names are lacking among what is hidden: %v", ids)
	}
	compared := 0
	for i := range max(len(reports), len(ids)) {
		report, id := reports[i%len(reports)], ids[i%len(ids)]
		other := tearline.ReportID(strings.Repeat("X", len(report)))
		there, absent := aboutNames("BRA", report, id), aboutNames("BRA", other, elsewhere([]string{id})[0])
		for k := range there {
			_, _ = there[k].do(d) // statements are prepared once
			x, y := costs(d, there[k], absent[k])
			if diff := cmp.Diff(y, x, nearly); diff != "" {
				t.Errorf("%s and %s (-absent +there):\n%s", absent[k].name, there[k].name, diff)
			}
			compared++
		}
	}
	if compared < 500 {
		t.Errorf("%d pairs compared", compared)
	}
}

// What is planted is found: one row more that is looked at, and one more
// allocation.
func TestSameWorkFinds(t *testing.T) { //nolint:paralleltest // others would allocate
	d := brazil(t, true)
	page := func(limit int) job {
		return asJob("reports", func(d *desk) (tearline.ReportID, error) {
			_, next, err := d.Reports(d.t.Context(), "BRA", "", limit)
			return next, err
		})
	}
	show := readsReport("BRA", "NONE")[1]
	wasteful := job{name: show.name, do: func(d *desk) (any, error) {
		kept = append([]byte(nil), "x"...)
		return show.do(d)
	}}
	_, _ = page(1).do(d)
	_, _ = show.do(d)
	if x, y := costs(d, page(1), page(2)); maps.Equal(x.SQL, y.SQL) {
		t.Errorf("one row more is not found: %v", x.SQL)
	}
	if x, y := costs(d, show, wasteful); !maps.Equal(x.SQL, y.SQL) || !slow && y.Allocs <= x.Allocs {
		t.Errorf("an allocation is not found: %+v and %+v", x, y)
	}
}

// kept keeps what is allocated from being left out.
var kept []byte
