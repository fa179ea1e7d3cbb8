package batch_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tearline"
	"tearline/internal/node/batch"
)

func TestAnswer(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	public := &tearline.Error{Kind: tearline.Conflict, Public: "not now", Hint: "later", Err: errors.New("hidden")}
	for _, tt := range []struct {
		name, line string
		err        error
		want       batch.Fault
	}{
		{"answered", `{"report":"M","to":"FRA","at":"2026-03-02T08:00:00Z","mode":"oral","purpose":"p"}`, nil, batch.Fault{}},
		{"an error's public part", `{"report":"M","to":"FRA","at":"2026-03-02T08:00:00Z","mode":"oral","purpose":"p"}`, public, batch.Fault{Report: "M", Recipient: "FRA", Error: batch.Error{Kind: "conflict", Public: "not now", Hint: "later"}}},
	} {
		d, fault := batch.Answer([]byte(tt.line), func(l batch.Line) (string, error) {
			if diff := cmp.Diff(batch.Line{Report: "M", To: "FRA", At: at, Mode: tearline.Oral, Purpose: "p"}, l); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tt.name, diff)
			}
			return "decided", tt.err
		})
		if (d == nil) == (fault == nil) {
			t.Fatalf("%s: %v and %v", tt.name, d, fault)
		}
		if tt.err == nil && (d == nil || *d != "decided") {
			t.Errorf("%s: %v", tt.name, fault)
		}
		if tt.err != nil {
			if diff := cmp.Diff(&tt.want, fault); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tt.name, diff)
			}
		}
	}
	for _, line := range []string{"", "{", `{"report":"M","for":"FRA"}`, `{"at":"yesterday"}`, `[]`} {
		d, fault := batch.Answer([]byte(line), func(batch.Line) (int, error) {
			t.Errorf("%q is asked", line)
			return 0, nil
		})
		if d != nil || fault == nil || fault.Error.Kind != "invalid" || !strings.HasPrefix(fault.Error.Public, `want {"report": ID`) {
			t.Errorf("%q: %v, %+v", line, d, fault)
		}
	}
}
