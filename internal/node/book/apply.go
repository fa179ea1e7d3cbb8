package book

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"reflect"
	"slices"
	"strings"
	"time"

	"tearline"
	"tearline/codec"
	"tearline/codec/facts"
	"tearline/internal/keys"
	"tearline/internal/node/book/intake"
	"tearline/internal/store/sqlite"
)

// Bounds of an application of facts, which is held in memory whole: it is done
// whole, or not at all.
const (
	maxApply       = 1 << 30 // bytes
	maxFactLine    = 1 << 20 // bytes of a line that is no report
	maxApplyFaults = 1000
)

// Applied counts what an application came to.
type Applied struct {
	// Said is how many statements were made, Held how many facts and reports
	// were there already.
	Said int `json:"said"`
	Held int `json:"held"`
	// Filed is how many of what was said are filings of reports.
	Filed int `json:"filed"`
}

// Apply files facts and reports from JSON Lines, all of them or none: faults
// are [tearline.Faults], all of them with their lines. A fact that has been
// applied before, by its id, is held and not said again. Each is said in the
// name of the party that it is of, dated as it was said: what is entered
// afterwards shows that. Only the directory's own party applies facts.
func (b *Book) Apply(ctx context.Context, as tearline.PartyID, r io.Reader) (Applied, error) {
	if as != b.own {
		return Applied{}, Invalidf("apply", "leave out --as", "only %s, whose data directory it is, applies facts", b.own)
	}
	a := applier{book: b, parties: map[tearline.PartyID]bool{}, held: map[tearline.ReportID]*Held{}}
	if err := a.read(r); err != nil {
		return Applied{}, err
	}
	if err := a.prepare(); err != nil {
		return Applied{}, err
	}
	var by []tearline.PartyID
	err := b.db.Write(ctx, func(tx *sqlite.Tx) error {
		a.reset(tx)
		if err := a.apply(ctx); err != nil {
			return err
		}
		by = SortedKeys(a.writers)
		slices.SortStableFunc(a.faults, func(x, y tearline.Fault) int { return x.Line - y.Line })
		return a.faults.Err()
	})
	if err != nil {
		return Applied{}, err
	}
	for _, p := range by {
		b.noted(ctx, p)
	}
	return a.done, nil
}

// A fact is one line that is no report.
type fact struct {
	facts.Fact
	line int
}

type applier struct {
	book    *Book
	facts   []fact
	parties map[tearline.PartyID]bool // that the facts say who they are
	reports []byte                    // the input, with only the reports in it
	faults  tearline.Faults

	tx      *sqlite.Tx
	now     time.Time
	writers map[tearline.PartyID]*Writer
	held    map[tearline.ReportID]*Held
	filer   *filer
	done    Applied
}

func (a *applier) fault(line int, hint, format string, args ...any) {
	if len(a.faults) < maxApplyFaults {
		a.faults = append(a.faults, tearline.Fault{Line: line, Text: fmt.Sprintf(format, args...), Hint: hint})
	}
}

// read reads all lines, facts and reports apart.
func (a *applier) read(r io.Reader) error {
	input, err := io.ReadAll(io.LimitReader(r, maxApply+1))
	if err != nil {
		return fmt.Errorf("read: %w", err)
	}
	if len(input) > maxApply {
		return Invalidf("apply", "part it: each part is applied whole", "more than %d bytes", maxApply)
	}
	input = bytes.TrimPrefix(input, []byte("\ufeff"))
	line := 0
	for text := range bytes.Lines(input) {
		line++
		trimmed := bytes.TrimSpace(text)
		if len(trimmed) == 0 {
			continue
		}
		if kind := facts.KindOf(trimmed); len(text) <= maxFactLine && kind != "" {
			a.fact(line, kind, trimmed)
			for i := range trimmed {
				trimmed[i] = ' ' // the reports keep the numbers of their lines
			}
		}
	}
	a.reports = input
	return nil
}

// fact takes a line of a kind. An agreement that nobody is named as saying is
// said by the directory's own party, if it is one of the two.
func (a *applier) fact(line int, kind string, text []byte) {
	read, err := facts.Read(kind, text)
	f := fact{Fact: read, line: line}
	var faults tearline.Faults
	if asFaults(err, &faults) {
		a.refuse(line, faults)
		return
	}
	switch says := f.Says.(type) {
	case *tearline.PartyRecord:
		a.parties[says.Party] = true
	case *tearline.Agreement:
		if f.By == "" {
			f.By = says.Parties[0]
			if says.Parties[1] == a.book.own {
				f.By = a.book.own
			}
		}
	}
	a.facts = append(a.facts, f)
}

// prepare makes keys for parties that have none: what nobody speaks with yet
// harms nobody if the facts are refused.
func (a *applier) prepare() error {
	if len(a.faults) > 0 {
		return nil
	}
	for _, id := range SortedKeys(a.parties) {
		_, err := a.book.Keys(id)
		if errors.Is(err, fs.ErrNotExist) {
			_, err = keys.Generate(a.book.dir, id, a.book.Random())
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (a *applier) reset(tx *sqlite.Tx) {
	a.tx, a.writers, a.done = tx, map[tearline.PartyID]*Writer{}, Applied{}
	clear(a.held)
}

// apply does it: the parties, the reports, then the rest in the order in which
// it was said.
func (a *applier) apply(ctx context.Context) error {
	var err error
	if a.now, err = a.book.Clock(); err != nil {
		return err
	}
	slices.SortStableFunc(a.facts, func(x, y fact) int {
		if first, second := isParty(x), isParty(y); first != second {
			if first {
				return -1
			}
			return 1
		}
		return a.said(&x).Compare(a.said(&y))
	})
	rest := slices.IndexFunc(a.facts, func(f fact) bool { return !isParty(f) })
	if rest < 0 {
		rest = len(a.facts)
	}
	for i := range a.facts[:rest] {
		if err := a.party(&a.facts[i]); err != nil {
			return err
		}
	}
	if err := a.file(ctx); err != nil {
		return err
	}
	for i := rest; i < len(a.facts); i++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := a.say(&a.facts[i]); err != nil {
			return err
		}
	}
	return nil
}

func isParty(f fact) bool { return f.Says.Kind() == tearline.KindParty }

// said is when a fact was said: not later than now. What is to hold from a
// later time is said now.
func (a *applier) said(f *fact) time.Time {
	if f.At.IsZero() || f.At.After(a.now) {
		return a.now
	}
	return f.At
}

// ahead makes of what is to be said later what is said now and holds from then.
func (a *applier) ahead(f *fact) {
	if !f.At.After(a.now) {
		return
	}
	if term := tearline.TermOf(f.Says); term != nil && term.From.Before(f.At) {
		term.From = f.At
	}
}

// writer returns the writer of a party hosted here.
func (a *applier) writer(by tearline.PartyID) (*Writer, error) {
	if w := a.writers[by]; w != nil {
		return w, nil
	}
	k, err := a.book.Keys(by)
	if err != nil {
		return nil, err
	}
	w := &Writer{book: a.book, Tx: a.tx, By: by, Keys: k}
	if w.At, err = NextInstant(a.tx, by, a.now); err != nil {
		return nil, err
	}
	a.writers[by] = w
	return w, nil
}

// party records who a party is.
func (a *applier) party(f *fact) error {
	says, _ := f.Says.(*tearline.PartyRecord) // isParty says so
	w, err := a.writer(a.book.own)
	if err != nil {
		return err
	}
	k, err := a.book.Keys(says.Party)
	if err != nil {
		return err
	}
	says.StatementKey, says.LogKey = k.Statement.Verifier(), k.Log.Verifier()
	if says.Nations == nil {
		says.Nations = a.book.NationsOf(says.Party)
	}
	f.By = a.book.own
	a.ahead(f)
	if same, err := a.recorded(f); err != nil || same {
		return err
	}
	s, err := a.enter(w, f, RefParty(says.Party))
	if err != nil {
		return err
	}
	row, known, err := a.tx.Party(says.Party)
	if err != nil || known && row.At.After(s.Signed.Statement.At) {
		return err // what is known of it is newer
	}
	return a.tx.PutParty(sqlite.PartyRow{
		Party:        tearline.Party{ID: says.Party, Name: says.Name, Nations: says.Nations, MemberOf: says.MemberOf, Protected: says.Protected},
		StatementKey: says.StatementKey, LogKey: says.LogKey, Statement: s.Signed.Statement.ID, At: s.Signed.Statement.At,
	})
}

// recorded reports whether the very same of a party is on record: said at the
// same time, or without a time as the last that was said of it.
func (a *applier) recorded(f *fact) (bool, error) {
	says, _ := f.Says.(*tearline.PartyRecord)
	var last *tearline.Statement
	for e, err := range a.tx.ByRef(RefParty(says.Party), tearline.KindParty) {
		if err != nil {
			return false, err
		}
		s, err := Statement(e)
		if err != nil {
			return false, err
		}
		if !f.At.IsZero() && s.At.Equal(f.At) && sameSays(s.Says, says) {
			a.done.Held++
			return true, nil
		}
		if last == nil || !s.At.Before(last.At) {
			last = &s
		}
	}
	if f.At.IsZero() && last != nil && sameSays(last.Says, says) {
		a.done.Held++
		return true, nil
	}
	return false, nil
}

// sameSays reports whether two predicates say the same.
func sameSays(x, y tearline.Predicate) bool {
	a, errA := json.Marshal(x)
	b, errB := json.Marshal(y)
	return errA == nil && errB == nil && reflect.TypeOf(x) == reflect.TypeOf(y) && bytes.Equal(a, b)
}

// file files the reports, each after those that it rests on.
func (a *applier) file(ctx context.Context) error {
	var waiting []intake.Line
	dec := codec.NewDecoder(bytes.NewReader(a.reports))
	for {
		line, r, err := dec.Next()
		if err == io.EOF { //nolint:errorlint // the decoder's contract
			break
		}
		var faults tearline.Faults
		switch {
		case asFaults(err, &faults):
			a.refuse(line, faults)
			continue
		case err != nil:
			return err
		}
		waiting = append(waiting, intake.Line{Number: line, Report: r})
	}
	if len(waiting) == 0 {
		return ctx.Err()
	}
	w, err := a.writer(a.book.own)
	if err != nil {
		return err
	}
	if a.filer, err = w.filer(); err != nil {
		return err
	}
	if waiting, err = a.fileInOrder(waiting); err != nil {
		return err
	}
	for _, l := range waiting {
		src, _, err := a.filer.missing(l.Report)
		if err != nil {
			return err
		}
		a.fault(l.Number, "file that first: whoever originated a source has a say", "report %s rests on report %s, which is not held", l.Report.ID, src)
	}
	return ctx.Err()
}

// fileInOrder files reports, each after those that it rests on, and returns
// those that rest on what is not there.
func (a *applier) fileInOrder(waiting []intake.Line) ([]intake.Line, error) {
	for progress := true; progress && len(waiting) > 0; {
		progress = false
		var still []intake.Line
		for _, l := range waiting {
			_, lacks, err := a.filer.missing(l.Report)
			if err != nil {
				return nil, err
			}
			if lacks {
				still = append(still, l)
				continue
			}
			progress = true
			if err := a.fileOne(l); err != nil {
				return nil, err
			}
		}
		waiting = still
	}
	return waiting, nil
}

func (a *applier) refuse(line int, faults tearline.Faults) {
	for _, f := range faults {
		if f.Line == 0 {
			f.Line = line
		}
		if len(a.faults) < maxApplyFaults {
			a.faults = append(a.faults, f)
		}
	}
}

func (a *applier) fileOne(l intake.Line) error {
	_, err := a.filer.file(l.Report)
	var faults tearline.Faults
	switch {
	case errors.Is(err, errHeld):
		a.done.Held++
	case asFaults(err, &faults):
		a.refuse(l.Number, faults)
	case err != nil:
		return err
	default:
		a.done.Said++
		a.done.Filed++
	}
	return nil
}

// say says a fact, unless it has been said.
func (a *applier) say(f *fact) error {
	if !a.known(f) {
		return nil
	}
	a.ahead(f)
	w, err := a.writer(f.By)
	if err != nil {
		return err
	}
	if f.Of != "" {
		if ok, err := a.takesBack(f); err != nil || !ok {
			return err
		}
	}
	if same, err := a.before(f); err != nil || same {
		return err
	}
	refs := RefsOf(f.Says)
	for _, p := range f.Named {
		refs = append(refs, RefParty(p))
	}
	_, err = a.enter(w, f, append(refs, refContent(f, a.said(f)))...)
	return err
}

// known reports whether the parties that a fact names are known, and the
// portions that it speaks of held.
func (a *applier) known(f *fact) bool {
	ok := true
	for _, p := range append(slices.Clone(f.Named), f.By) {
		if _, err := KnownParty(a.tx, p); err != nil {
			a.fault(f.line, "record who it is: {\"kind\":\"party\",\"id\":…}", "party %q is not known", p)
			ok = false
		}
	}
	for _, ref := range f.About {
		h, err := a.holding(ref.Report)
		if err != nil {
			a.fault(f.line, "file the report first", "report %s is not held", ref.Report)
			return false
		}
		if _, err := h.Subject(ref.Portion); err != nil {
			a.fault(f.line, "", "report %s has no portion %s", ref.Report, ref.Portion)
			ok = false
		}
	}
	if f.Whole != "" {
		if _, err := a.holding(f.Whole); err != nil {
			a.fault(f.line, "file the report first", "report %s is not held", f.Whole)
			ok = false
		}
	}
	return ok
}

// holding returns a report of the own party's, once.
func (a *applier) holding(id tearline.ReportID) (*Held, error) {
	if h, ok := a.held[id]; ok {
		return h, nil
	}
	h, err := Holding(a.tx, a.book.own, id)
	if err != nil {
		return nil, err
	}
	a.held[id] = &h
	return &h, nil
}

// subjects are the salted digests of what a fact speaks of: it is for that
// content, as it is held here, and for no other.
func (a *applier) subjects(f *fact) ([]tearline.Subject, error) {
	refs := f.About
	if f.Whole != "" {
		h, err := a.holding(f.Whole)
		if err != nil {
			return nil, err
		}
		for i := range h.Report.Portions {
			refs = append(refs, tearline.PortionRef{Report: f.Whole, Portion: h.Report.Portions[i].ID})
		}
	}
	return subjects(refs, a.holding)
}

// enter appends a fact to its party's ledger, dated as it was said.
func (a *applier) enter(w *Writer, f *fact, refs ...string) (Said, error) {
	subjects, err := a.subjects(f)
	if err != nil {
		return Said{}, err
	}
	if f.ID != "" {
		refs = append(refs, refFact(f))
	}
	at := w.At
	if !f.At.IsZero() && f.At.Before(at) {
		at = f.At
	}
	s, err := w.sayAt(at, subjects, f.Says, refs...)
	if err == nil {
		a.done.Said++
	}
	return s, err
}

// before reports whether a fact has been said: under its id, or in the same
// words at the same time. Another of the same id is a fault.
func (a *applier) before(f *fact) (bool, error) {
	for e, err := range a.tx.ByRef(refContent(f, a.said(f))) {
		if err != nil {
			return false, err
		}
		if e.Log == f.By {
			a.done.Held++
			return true, nil
		}
	}
	if f.ID == "" {
		return false, nil
	}
	for e, err := range a.tx.ByRef(refFact(f)) {
		if err != nil {
			return false, err
		}
		s, err := Statement(e)
		if err != nil {
			return false, err
		}
		if s.By == f.By && (f.At.IsZero() || s.At.Equal(a.said(f))) && sameSays(s.Says, f.Says) {
			a.done.Held++
		} else {
			a.fault(f.line, "give it another id; to end the other, take it back", "%s %q was applied before and says something else", f.Says.Kind(), f.ID)
		}
		return true, nil
	}
	return false, nil
}

// takesBack finds the statement that a revocation is of.
func (a *applier) takesBack(f *fact) (bool, error) {
	says, _ := f.Says.(*tearline.Revocation) // nothing else has an Of
	kinds := []tearline.StatementKind{
		tearline.KindAgreement, tearline.KindDelegation, tearline.KindExclusion, tearline.KindTie, tearline.KindConsent, tearline.KindDeclassification, tearline.KindEmbargo,
	}
	for _, k := range kinds {
		for e, err := range a.tx.ByRef("fact:" + string(k) + ":" + f.Of) {
			if err != nil {
				return false, err
			}
			if e.Log == f.By {
				says.Of = e.ID
				return true, nil
			}
		}
	}
	a.fault(f.line, "name what the party said by the id under which it was applied", "%s has said nothing of id %q", f.By, f.Of)
	return false, nil
}

// refFact indexes a fact under the id under which it was applied.
func refFact(f *fact) string { return "fact:" + string(f.Says.Kind()) + ":" + f.ID }

// refContent indexes a fact under what it says, when, and who says it.
func refContent(f *fact, at time.Time) string {
	says, _ := json.Marshal(f.Says) // it was read from JSON
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%s\n%s\n%d\n", f.By, f.Says.Kind(), says, at.UnixNano()))
	if f.At.IsZero() {
		sum = sha256.Sum256(fmt.Appendf(nil, "%s\n%s\n%s\nnow\n", f.By, f.Says.Kind(), says))
	}
	return "fact:~" + strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:16]))
}
