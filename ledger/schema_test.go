package ledger_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"tearline"
	"tearline/ledger"
)

const formatDir = "../docs/format"

const schemaBase = "https://tearline.example/format/v1/"

// schemas compiles every schema in docs/format, by its file's name without
// ".schema.json".
func schemas(tb testing.TB) map[string]*jsonschema.Schema {
	tb.Helper()
	files := must[[]string](tb)(filepath.Glob(filepath.Join(formatDir, "*.schema.json")))
	c := jsonschema.NewCompiler()
	for _, f := range files {
		doc := must[any](tb)(jsonschema.UnmarshalJSON(bytes.NewReader(must[[]byte](tb)(os.ReadFile(f)))))
		if err := c.AddResource(schemaBase+filepath.Base(f), doc); err != nil {
			tb.Fatal(err)
		}
	}
	all := map[string]*jsonschema.Schema{}
	for _, f := range files {
		name := strings.TrimSuffix(filepath.Base(f), ".schema.json")
		all[name] = must[*jsonschema.Schema](tb)(c.Compile(schemaBase + filepath.Base(f)))
	}
	return all
}

// TestSchemaForEachKind: no kind without a schema, no schema without a kind,
// and each describes the members that the Go type has.
func TestSchemaForEachKind(t *testing.T) {
	want := []string{"common", "statement"}
	for _, k := range kinds() {
		want = append(want, string(k))
	}
	var got []string
	for name := range schemas(t) {
		got = append(got, name)
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("schemas in %s:\n%s", formatDir, diff)
	}
	for _, k := range kinds() {
		p, _ := tearline.NewPredicate(k)
		var schema struct{ Properties map[string]any }
		if err := json.Unmarshal(must[[]byte](t)(os.ReadFile(filepath.Join(formatDir, string(k)+".schema.json"))), &schema); err != nil {
			t.Fatal(err)
		}
		var has []string
		for name := range schema.Properties {
			has = append(has, name)
		}
		slices.Sort(has)
		members := members(reflect.TypeOf(p).Elem())
		slices.Sort(members)
		if diff := cmp.Diff(members, has); diff != "" {
			t.Errorf("%s: members of the type and of the schema:\n%s", k, diff)
		}
	}
}

// members lists the JSON members of a struct, embedded ones included.
func members(typ reflect.Type) []string {
	var list []string
	for f := range typ.Fields() {
		if f.Anonymous {
			list = append(list, members(f.Type)...)
			continue
		}
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		list = append(list, name)
	}
	return list
}

func TestExamplesFitSchemas(t *testing.T) {
	all := schemas(t)
	for _, s := range examples(t) {
		kind := string(s.Kind())
		payload := []byte(payloadOf(t, sign(t, s).Envelope))
		doc := must[any](t)(jsonschema.UnmarshalJSON(bytes.NewReader(payload)))
		if err := all["statement"].Validate(doc); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
		var p struct {
			Predicate struct{ Says json.RawMessage }
		}
		if err := json.Unmarshal(payload, &p); err != nil {
			t.Fatal(err)
		}
		says := must[any](t)(jsonschema.UnmarshalJSON(bytes.NewReader(p.Predicate.Says)))
		if err := all[kind].Validate(says); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

// TestSchemasAndCodeRefuseAlike changes, adds and removes each member of each
// example in turn: whatever the schema refuses, Decode refuses.
func TestSchemasAndCodeRefuseAlike(t *testing.T) {
	schema, key := schemas(t)["statement"], statementKey(t)
	for _, s := range examples(t) {
		payload := payloadOf(t, sign(t, s).Envelope)
		refused := 0
		for i, altered := range alterations(payload) {
			doc, err := jsonschema.UnmarshalJSON(strings.NewReader(altered))
			if err != nil {
				t.Fatalf("%v: %s", err, altered)
			}
			if schema.Validate(doc) == nil {
				continue
			}
			refused++
			if _, err := ledger.Decode(resign(t, key, altered)); err == nil {
				t.Errorf("%s, alteration %d: the schema refuses what Decode accepts: %s", s.Kind(), i, altered)
			}
		}
		if refused < 6 {
			t.Errorf("%s: the schema refuses only %d alterations", s.Kind(), refused)
		}
	}
}

// alterations puts something else for each JSON value after a colon, one at a
// time, and an unknown member before each.
func alterations(payload string) []string {
	var list []string
	for i := range len(payload) {
		if i == 0 || payload[i] != '"' || payload[i-1] != '{' && payload[i-1] != ',' {
			continue
		}
		colon := strings.Index(payload[i:], `":`)
		if colon < 0 || strings.ContainsAny(payload[i+1:i+colon], `",`) {
			continue // an element of a list
		}
		list = append(list, payload[:i]+`"unknown":1,`+payload[i:], payload[:i+1]+"x"+payload[i+1:])
		value := i + colon + 2
		dec := json.NewDecoder(strings.NewReader(payload[value:]))
		var raw json.RawMessage
		if dec.Decode(&raw) != nil {
			continue
		}
		end := value + int(dec.InputOffset())
		for _, other := range []string{`""`, `"?"`, `0`, `null`, `false`, `["?"]`, `{}`, `"2031-03-01T09:30:00+01:00"`, `"a//b/c"`} {
			list = append(list, payload[:value]+other+payload[end:])
		}
	}
	return list
}
