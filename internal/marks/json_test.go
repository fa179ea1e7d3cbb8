package marks_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tearline/internal/marks"
	"tearline/marking"
)

// encoded is what encoding/json writes, without the escapes of HTML.
func encoded(tb rapid.TB, v any) string {
	tb.Helper()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		tb.Fatal(err)
	}
	return string(bytes.TrimSuffix(b.Bytes(), []byte("\n")))
}

// anyString draws text, what JSON escapes, and what is not UTF-8.
var anyString = rapid.OneOf(
	rapid.String(),
	rapid.StringOf(rapid.SampledFrom([]rune("a\"\\/<>&\b\f\n\r\t\x00\x1f\x7f\u0080\u2027\u2028\u2029\u202a\ufffd\U0001f600"))),
	rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }),
)

// maybe draws a list, an empty one, or none.
func maybe[T any](g *rapid.Generator[T]) *rapid.Generator[[]T] {
	return rapid.OneOf(rapid.SliceOfN(g, 0, 4), rapid.Just([]T(nil)))
}

var anyFault = rapid.Custom(func(t *rapid.T) marks.Fault {
	return marks.Fault{
		Offset: rapid.Int().Draw(t, "offset"), Length: rapid.Int().Draw(t, "length"), Text: anyString.Draw(t, "text"), Rule: anyString.Draw(t, "rule"),
		Cites: anyString.Draw(t, "cites"), Hint: anyString.Draw(t, "hint"), Severity: anyString.Draw(t, "severity"),
	}
})

var anyFields = rapid.OneOf(
	rapid.Just(map[string]any(nil)),
	rapid.MapOfN(anyString, rapid.OneOf(
		rapid.Map(anyString, func(s string) any { return s }),
		rapid.Map(maybe(anyString), func(l []string) any { return l }),
		rapid.Just(any(7)), rapid.Just(any(nil)), rapid.Just(any(map[string]any{"b": true, "a": "<"})),
	), 0, 20),
)

// The encoders write what encoding/json writes for the same types.
func TestJSON(t *testing.T) {
	t.Parallel()
	type answer interface{ AppendJSON(dst []byte) []byte }
	kinds := map[string]func(t *rapid.T) answer{
		"parsed": func(t *rapid.T) answer {
			return &marks.Parsed{
				Input: anyString.Draw(t, "input"), OK: rapid.Bool().Draw(t, "ok"), Form: marking.Form(anyString.Draw(t, "form")), Banner: anyString.Draw(t, "banner"),
				Portion: anyString.Draw(t, "portion"), Fields: anyFields.Draw(t, "fields"), Faults: maybe(anyFault).Draw(t, "faults"),
			}
		},
		"releasable": func(t *rapid.T) answer {
			return &marks.Releasable{
				Input: anyString.Draw(t, "input"), OK: rapid.Bool().Draw(t, "ok"), Keep: maybe(anyString).Draw(t, "keep"), See: maybe(anyString).Draw(t, "see"),
				Silent: rapid.Bool().Draw(t, "silent"), Faults: maybe(anyFault).Draw(t, "faults"),
			}
		},
		"rolled up": func(t *rapid.T) answer {
			return &marks.RolledUp{
				Banner: anyString.Draw(t, "banner"), Faults: maybe(anyFault).Draw(t, "faults"),
				Why: maybe(rapid.Custom(func(t *rapid.T) marks.Why {
					return marks.Why{Token: anyString.Draw(t, "token"), Portions: maybe(rapid.Int()).Draw(t, "portions"), Rule: anyString.Draw(t, "rule")}
				})).Draw(t, "why"),
			}
		},
		"checked": func(t *rapid.T) answer {
			return &marks.Checked{
				OK: rapid.Bool().Draw(t, "ok"), Banner: anyString.Draw(t, "banner"), Expected: anyString.Draw(t, "expected"),
				Faults: maybe(rapid.Custom(func(t *rapid.T) marks.CheckedFault {
					return marks.CheckedFault{Fault: anyFault.Draw(t, "fault"), Portion: rapid.Ptr(rapid.Int(), true).Draw(t, "portion")}
				})).Draw(t, "faults"),
			}
		},
	}
	for name, draw := range kinds {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				a := draw(t)
				if diff := cmp.Diff("before"+encoded(t, a), string(a.AppendJSON([]byte("before")))); diff != "" {
					t.Fatal(diff)
				}
			})
		})
	}
}

// What cannot be JSON at all is null, and the answer is still one.
func TestJSONOfAnythingElse(t *testing.T) {
	t.Parallel()
	a := marks.Parsed{Fields: map[string]any{"a": make(chan int), "b": []string{"<"}}}
	want := `{"input":"","ok":false,"form":"","canonical_banner":"","canonical_portion":"","fields":{"a":null,"b":["<"]},"faults":null}`
	if diff := cmp.Diff(want, string(a.AppendJSON(nil))); diff != "" {
		t.Error(diff)
	}
}
