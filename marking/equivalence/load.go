package equivalence

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tearline/marking"
)

// Bounds of a table.
const (
	// MaxSize is the length in bytes of the longest file that is read.
	MaxSize = 256 << 10
	// MaxRows is how many rows a table may have.
	MaxRows = 64
	// MaxPolicies is how many policies a row, or the list of owners, may name.
	MaxPolicies = 64

	maxDepth = 4 // of objects and arrays
	maxText  = 1024
	maxID    = 32
)

// Rules about tables.
const (
	ruleJSON   = "table.json"
	ruleField  = "table.field"
	ruleBounds = "table.bounds"
	rulePolicy = "table.policy"
	ruleLevel  = "table.level"
	ruleTwice  = "table.twice"
	ruleOrder  = "table.order"
	ruleUp     = "table.up"
	ruleOwner  = "table.owner"
)

// Load reads a table. Policies are looked up by id without a profile, by
// [marking.Lookup] or a function that knows others too; it must answer alike
// for the same id. All that is wrong is returned as [marking.Faults], at most
// [marking.MaxFaults] of them; Fault.Text begins with the place in the file,
// and Offset is that of JSON that cannot be read.
func Load(data []byte, lookup func(id string) (*marking.Policy, bool)) (*Table, error) {
	x := loader{
		lookup: lookup, known: map[string]*marking.Policy{}, own: map[string]int{}, value: map[string]int{},
		t: &Table{owners: map[string]string{}, at: map[place]int{}},
	}
	if top, ok := x.read(data); ok {
		x.table(top)
	}
	if len(x.faults) > 0 {
		return nil, x.faults
	}
	return x.t, nil
}

// A loader makes a table.
type loader struct {
	collector

	dec    *json.Decoder
	lookup func(id string) (*marking.Policy, bool)
	known  map[string]*marking.Policy // nil: there is none
	t      *Table
	// Of the rows so far, by policy: the rank of the highest level that it has
	// in levels or owned, and of the highest that a row is or counts as.
	own, value map[string]int
}

// A collector collects faults.
type collector struct{ faults marking.Faults }

func (c *collector) add(f marking.Fault) {
	if len(c.faults) < marking.MaxFaults {
		c.faults = append(c.faults, f)
	}
}

func (c *collector) all(faults marking.Faults) {
	for _, f := range faults {
		c.add(f)
	}
}

func (x *loader) fault(rule, at, format string, args ...any) {
	x.add(marking.Fault{Rule: rule, Text: at + ": " + fmt.Sprintf(format, args...)})
}

// read reads the JSON object; what is there twice is a fault, and the first of
// them counts.
func (x *loader) read(data []byte) (map[string]any, bool) {
	if len(data) > MaxSize {
		x.fault(ruleBounds, "file", "it is longer than %d bytes", MaxSize)
		return nil, false
	}
	if !utf8.Valid(data) {
		x.fault(ruleJSON, "file", "it is not UTF-8")
		return nil, false
	}
	x.dec = json.NewDecoder(bytes.NewReader(data))
	x.dec.UseNumber()
	v, err := x.json("file", 0)
	if err == nil {
		if _, more := x.dec.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("more follows the table")
		}
	}
	if err != nil {
		x.add(marking.Fault{Offset: int(x.dec.InputOffset()), Rule: ruleJSON, Text: "file: " + err.Error()})
		return nil, false
	}
	top, ok := v.(map[string]any)
	if !ok {
		x.fault(ruleJSON, "file", "want an object")
	}
	return top, ok
}

// json reads one value.
func (x *loader) json(at string, depth int) (any, error) {
	tok, err := x.dec.Token()
	if err != nil {
		return nil, fmt.Errorf("read JSON: %w", err)
	}
	open, ok := tok.(json.Delim)
	if !ok {
		return tok, nil
	}
	if depth == maxDepth {
		return nil, fmt.Errorf("values nest more than %d deep", maxDepth)
	}
	if open == '[' {
		return x.array(at, depth)
	}
	return x.object(at, depth)
}

func (x *loader) array(at string, depth int) (any, error) {
	list := []any{}
	for x.dec.More() {
		v, err := x.json(fmt.Sprintf("%s[%d]", at, len(list)), depth+1)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	_, err := x.dec.Token()
	return list, err
}

func (x *loader) object(at string, depth int) (any, error) {
	fields := map[string]any{}
	for x.dec.More() {
		tok, err := x.dec.Token()
		if err != nil {
			return nil, fmt.Errorf("read JSON: %w", err)
		}
		name, _ := tok.(string)
		v, err := x.json(at+"."+name, depth+1)
		if err != nil {
			return nil, err
		}
		if _, twice := fields[name]; twice {
			x.fault(ruleTwice, at, "%q is there twice", name)
			continue
		}
		fields[name] = v
	}
	_, err := x.dec.Token()
	return fields, err
}

// table takes the whole.
func (x *loader) table(top map[string]any) {
	x.only("file", top, "format", "id", "title", "cites", "owners", "rows")
	if n, ok := top["format"].(json.Number); !ok || n != "1" {
		x.fault(ruleField, "format", "this is format 1")
	}
	x.t.id = x.text("id", top["id"])
	if len(x.t.id) > maxID || strings.Trim(x.t.id, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
		x.fault(ruleField, "id", "%q: want up to %d lower-case letters, digits and hyphens", x.t.id, maxID)
	}
	x.t.title = x.text("title", top["title"])
	x.t.cites = x.text("cites", top["cites"])
	x.ownerCodes(top["owners"])
	rows, ok := top["rows"].([]any)
	switch {
	case !ok || len(rows) == 0:
		x.fault(ruleField, "rows", "want an array of rows")
		return
	case len(rows) > MaxRows:
		x.fault(ruleBounds, "rows", "%d of them; the most is %d", len(rows), MaxRows)
		return
	}
	for i, v := range rows {
		x.row(fmt.Sprintf("rows[%d]", i), v)
	}
}

// only reports fields that an object does not have.
func (x *loader) only(at string, fields map[string]any, names ...string) {
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if !slices.Contains(names, name) {
			x.fault(ruleField, at, "%q is no field of it", name)
		}
	}
}

// text returns a text that must be there.
func (x *loader) text(at string, v any) string {
	s, ok := v.(string)
	switch {
	case !ok || strings.TrimSpace(s) == "":
		x.fault(ruleField, at, "want a text")
	case len(s) > maxText:
		x.fault(ruleBounds, at, "it is longer than %d bytes", maxText)
		return ""
	case strings.ContainsFunc(s, unicode.IsControl):
		x.fault(ruleField, at, "there are control characters in it")
		return ""
	}
	return s
}

// texts returns a map of texts, which may be absent.
func (x *loader) texts(at string, v any) map[string]string {
	out := map[string]string{}
	if v == nil {
		return out
	}
	fields, ok := v.(map[string]any)
	switch {
	case !ok:
		x.fault(ruleField, at, "want an object of texts")
		return out
	case len(fields) > MaxPolicies:
		x.fault(ruleBounds, at, "%d of them; the most is %d", len(fields), MaxPolicies)
		return out
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if s := x.text(at+"."+name, fields[name]); s != "" {
			out[name] = s
		}
	}
	return out
}

// policy returns the policy of that id, nil and a fault if there is none.
func (x *loader) policy(at, id string) *marking.Policy {
	p, asked := x.known[id]
	if !asked {
		var ok bool
		if x.lookup != nil && !strings.Contains(id, "@") {
			p, ok = x.lookup(id)
		}
		if !ok {
			p = nil
		}
		x.known[id] = p
	}
	if p == nil {
		x.fault(rulePolicy, at, "%q is no policy that is known: want its id, without a profile", id)
	}
	return p
}

// ownerCodes takes whose policies those are that are no nation's.
func (x *loader) ownerCodes(v any) {
	codes := x.texts("owners", v)
	for _, id := range slices.Sorted(maps.Keys(codes)) {
		at := "owners." + id
		switch p := x.policy(at, id); {
		case p == nil:
		case p.Nation() != "":
			x.fault(ruleOwner, at, "the policy is that of %s", p.Nation())
		case !p.KnowsCode(codes[id]):
			x.fault(ruleOwner, at, "%q is no code that the policy knows", codes[id])
		default:
			x.t.owners[id] = codes[id]
		}
	}
}

// row takes a row.
func (x *loader) row(at string, v any) {
	fields, ok := v.(map[string]any)
	if !ok {
		x.fault(ruleField, at, "want an object")
		return
	}
	x.only(at, fields, "cites", "levels", "up", "owned")
	r := row{cites: x.text(at+".cites", fields["cites"])}
	levels, up, owned := x.levels(at+".levels", fields["levels"]), x.levels(at+".up", fields["up"]), x.levels(at+".owned", fields["owned"])
	r.levels, r.up, r.owned = names(levels), names(up), names(owned)
	if len(levels) == 0 || len(levels)+len(up) < 2 {
		x.fault(ruleField, at, "it compares nothing: want levels of two policies, or one and what it counts as")
	}
	for _, of := range []map[string]marking.Level{levels, owned} {
		for id, l := range of {
			x.t.at[place{id, l.Name}] = len(x.t.rows)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(x.known)) {
		x.ascends(at, id, levels, up, owned)
	}
	x.t.rows = append(x.t.rows, r)
}

// levels reads levels by policy; those that are none are faults and left out.
func (x *loader) levels(at string, v any) map[string]marking.Level {
	out := map[string]marking.Level{}
	all := x.texts(at, v)
	for _, id := range slices.Sorted(maps.Keys(all)) {
		p := x.policy(at+"."+id, id)
		if p == nil {
			continue
		}
		l, ok := p.Level(all[id])
		if !ok {
			x.fault(ruleLevel, at+"."+id, "%q is no level of policy %s", all[id], id)
			continue
		}
		out[id] = l
	}
	return out
}

func names(levels map[string]marking.Level) map[string]string {
	out := make(map[string]string, len(levels))
	for id, l := range levels {
		out[id] = l.Name
	}
	return out
}

// ascends looks at whether a policy's levels in a row are above those in the
// rows before it; see the package's comment for what follows from that.
func (x *loader) ascends(at, id string, levels, up, owned map[string]marking.Level) {
	l, inLevels := levels[id]
	u, inUp := up[id]
	o, inOwned := owned[id]
	if inLevels && (inUp || inOwned) {
		x.fault(ruleUp, at+"."+id, "the row has %s itself: it counts as nothing else", l.Name)
		return
	}
	if inOwned && (!inUp || o.Rank >= u.Rank) {
		x.fault(ruleUp, at+".owned."+id, "%s has its place beside up, and below it", o.Name)
	}
	value := x.value[id]
	if inUp {
		x.above(at+".up."+id, id, u, value, false)
		x.value[id] = max(value, u.Rank)
	}
	if inLevels {
		x.above(at+".levels."+id, id, l, value, true)
		x.value[id] = max(value, l.Rank)
		x.own[id] = max(x.own[id], l.Rank)
	}
	if inOwned {
		x.above(at+".owned."+id, id, o, 0, true)
		x.own[id] = max(x.own[id], o.Rank)
	}
}

// above looks at whether a level is above those that the policy has in the rows
// so far, and not below a rank; what is in a row itself may not be there twice.
func (x *loader) above(at, id string, l marking.Level, least int, itself bool) {
	switch own, seen := x.own[id]; {
	case seen && itself && l.Rank == own:
		x.fault(ruleTwice, at, "%s is in a row already", l.Name)
	case seen && l.Rank <= own || l.Rank < least:
		x.fault(ruleOrder, at, "%s is not above the rows before it", l.Name)
	}
}
