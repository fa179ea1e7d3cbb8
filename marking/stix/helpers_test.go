package stix_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"tearline/marking"
	"tearline/marking/stix"
)

const (
	uuid       = "0f9d3b5e-6c1a-4a57-9e0e-5b8d2c7f4a10"
	id         = "marking-definition--" + uuid
	identifier = "isa:guide.999191.ACS3-6a0e4c1d-2f3b-4d58-8a97-1c5e7b9d0f24"
	created    = "2026-02-03T04:05:06.000Z"
)

// acsJSON is a definition by ACS with these properties beside those that every
// one has, and this policy reference.
func acsJSON(policy, more string) string {
	return fmt.Sprintf(`{"type":"marking-definition","spec_version":"2.1","id":%q,"created":%q,"extensions":{%q:`+
		`{"extension_type":"property-extension","identifier":%q,"create_date_time":%q,"responsible_entity_custodian":"USA.DOA",`+
		`"policy_reference":%q%s}}}`, id, created, stix.ACSExtension, identifier, created, policy, more)
}

func controls(set string) string { return `,"control_set":` + set }

var (
	permitAll = stix.PolicyReference(stix.Permit, stix.Permit)
	denyAll   = stix.PolicyReference(stix.Deny, stix.Deny)
)

func read(t *testing.T, object string) stix.Definition {
	t.Helper()
	d, err := stix.Read([]byte(object))
	if err != nil {
		t.Fatalf("read %s: %v", object, err)
	}
	return d
}

func mark(t *testing.T, s string) marking.Marking {
	t.Helper()
	m, err := marking.Parse(s)
	if err != nil {
		t.Fatalf("parse %q: %v", s, err)
	}
	return m
}

// rules returns the rules of an error's faults.
func rules(t *testing.T, err error) []string {
	t.Helper()
	var fs marking.Faults
	if !errors.As(err, &fs) || len(fs) == 0 {
		t.Fatalf("error %v is no faults", err)
	}
	var all []string
	for _, f := range fs {
		if f.Text == "" {
			t.Errorf("fault %+v says nothing", f)
		}
		all = append(all, f.Rule)
	}
	return all
}

func compacted(t interface {
	Helper()
	Fatal(args ...any)
}, s string,
) string {
	t.Helper()
	var b bytes.Buffer
	if err := json.Compact(&b, []byte(s)); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// replace replaces what is there once.
func replace(t *testing.T, s, old, by string) string {
	t.Helper()
	if strings.Count(s, old) != 1 {
		t.Fatalf("%q is %d times in %s", old, strings.Count(s, old), s)
	}
	return strings.Replace(s, old, by, 1)
}
