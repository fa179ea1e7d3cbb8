package marks_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tearline/internal/marks"
	"tearline/marking"
)

// us is the policy of most tests.
func us(tb testing.TB) *marking.Policy {
	tb.Helper()
	p, err := marks.Policy("us")
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

// echo answers a line with its length and itself; "no" is wrong.
func echo(dst, line []byte) ([]byte, bool) {
	return fmt.Appendf(dst, "%d %.20q\n", len(line), line), string(line) != "no"
}

func TestLines(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 1<<16+5)
	for name, c := range map[string]struct {
		in, want string
		wrong    bool
	}{
		"nothing":         {in: ""},
		"blank":           {in: "\n \t\n\r\n\u00a0\n"},
		"ends":            {in: "a\nb\r\n\r\r\nc\r\r\n", want: "1 \"a\"\n1 \"b\"\n1 \"c\"\n"},
		"no last end":     {in: "a\nb", want: "1 \"a\"\n1 \"b\"\n"},
		"blanks are kept": {in: " a \n", want: "3 \" a \"\n"},
		"one is wrong":    {in: "a\nno\nb\n", want: "1 \"a\"\n2 \"no\"\n1 \"b\"\n", wrong: true},
		"long":            {in: long + "\nb\n", want: "65541 \"xxxxxxxxxxxxxxxxxxxx\"\n1 \"b\"\n"},
		"as long as may be": {
			in:   strings.Repeat("y", marks.MaxLine) + "\nb\n",
			want: "1048576 \"yyyyyyyyyyyyyyyyyyyy\"\n1 \"b\"\n",
		},
		"longer":             {in: strings.Repeat("z", 3*marks.MaxLine) + "\nb\n", want: "1048577 \"zzzzzzzzzzzzzzzzzzzz\"\n1 \"b\"\n"},
		"long and blank":     {in: strings.Repeat(" ", marks.MaxLine) + "\nb\n", want: "1 \"b\"\n"},
		"blank, then beyond": {in: strings.Repeat(" ", 2*marks.MaxLine) + "S\nb\n", want: "1048577 \"                    \"\n1 \"b\"\n"},
	} {
		for how, in := range map[string]io.Reader{
			"at once":       strings.NewReader(c.in),
			"with the end":  iotest.DataErrReader(strings.NewReader(c.in)),
			"byte by byte":  iotest.OneByteReader(strings.NewReader(c.in[:min(len(c.in), 100)])),
			"half by halve": iotest.HalfReader(strings.NewReader(c.in)),
		} {
			if how == "byte by byte" && len(c.in) > 100 {
				continue
			}
			var out bytes.Buffer
			ok, err := marks.Lines(t.Context(), in, &out, echo)
			if err != nil || ok == c.wrong {
				t.Errorf("%s, %s: %v, %v", name, how, ok, err)
			}
			if diff := cmp.Diff(c.want, out.String()); diff != "" {
				t.Errorf("%s, %s:\n%s", name, how, diff)
			}
		}
	}
}

// A program that writes a line and waits gets its answer, also when it has
// begun the next line.
func TestLinesAnswersEachLine(t *testing.T) {
	t.Parallel()
	in, lines := io.Pipe()
	answers, out := io.Pipe()
	done := make(chan error, 1)
	go func() {
		_, err := marks.Lines(t.Context(), in, out, echo)
		done <- errors.Join(err, out.Close())
	}()
	get := func(want string) {
		t.Helper()
		got := make([]byte, len(want))
		if _, err := io.ReadFull(answers, got); err != nil || string(got) != want {
			t.Fatalf("%q, %v; want %q", got, err, want)
		}
	}
	put := func(s string) {
		t.Helper()
		if _, err := io.WriteString(lines, s); err != nil {
			t.Fatal(err)
		}
	}
	put("a\n")
	get("1 \"a\"\n")
	put("bb\nc")
	get("2 \"bb\"\n")
	put("cc\n\nd\ne\n")
	get("3 \"ccc\"\n1 \"d\"\n1 \"e\"\n")
	if err := lines.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

// The end of the context ends the wait, and whole answers are out.
func TestLinesInterrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	in, lines := io.Pipe()
	var out bytes.Buffer
	go func() {
		_, _ = io.WriteString(lines, "a\nS") // a pipe in this very test
		cancel()
	}()
	ok, err := marks.Lines(ctx, in, &out, echo)
	if ok || !errors.Is(err, context.Canceled) || strings.TrimPrefix(out.String(), "1 \"a\"\n") != "" {
		t.Errorf("%v, %v, %q", ok, err, out.String())
	}
	if err := lines.Close(); err != nil {
		t.Error(err)
	}
}

// What a failing reader leaves of a line is not answered: "S" is no answer to
// "S//NF".
func TestLinesBrokenOff(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	var out bytes.Buffer
	ok, err := marks.Lines(t.Context(), io.MultiReader(strings.NewReader("a\nS"), iotest.ErrReader(broken)), &out, echo)
	if ok || !errors.Is(err, broken) || out.String() != "1 \"a\"\n" {
		t.Errorf("%v, %v, %q", ok, err, out.String())
	}
}

// A writer that fails.
type full struct{ err error }

func (f full) Write([]byte) (int, error) { return 0, f.err }

func TestLinesFullDisk(t *testing.T) {
	t.Parallel()
	noSpace := errors.New("no space")
	for name, in := range map[string]io.Reader{
		"short": strings.NewReader("a\n"),
		"long":  strings.NewReader(strings.Repeat(strings.Repeat("a", 1000)+"\n", 2000)),
	} {
		ok, err := marks.Lines(t.Context(), in, full{noSpace}, echo)
		if ok || !errors.Is(err, noSpace) || strings.Count(err.Error(), "no space") != 1 {
			t.Errorf("%s: %v, %v", name, ok, err)
		}
	}
	if _, err := marks.Each([]string{"a"}, full{noSpace}, echo); !errors.Is(err, noSpace) {
		t.Errorf("%v", err)
	}
}

func TestEach(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	ok, err := marks.Each([]string{"", "no", "a\n"}, &out, echo)
	if ok || err != nil || out.String() != "0 \"\"\n2 \"no\"\n2 \"a\\n\"\n" {
		t.Errorf("%v, %v, %q", ok, err, out.String())
	}
}

// answers are all commands over lines, as JSON.
func answers(p *marking.Policy) map[string]func() marks.Answer {
	return map[string]func() marks.Answer{
		"parse":      func() marks.Answer { return marks.Parsing(p, nil) },
		"releasable": func() marks.Answer { return marks.Releasing(p, nil) },
		"rollup":     func() marks.Answer { return marks.NewRollUp(p, nil).Lines() },
		"check":      func() marks.Answer { return marks.NewCheck(p, nil).Lines() },
	}
}

// What is hostile is answered in linear time and bounded space: ten million
// slashes on a line, and as many brackets, quotes or marks as fit.
func TestHostileLines(t *testing.T) {
	t.Parallel()
	fill := func(before, s, after string) string {
		return before + strings.Repeat(s, (marks.MaxLine-len(before)-len(after))/len(s)) + after
	}
	lines := []string{
		strings.Repeat("/", 10<<20), strings.Repeat("{", 2<<20), strings.Repeat(`"`, 2<<20), strings.Repeat(";", 2<<20),
		fill("", "/", ""), fill(`{"input":"`, "/", `"}`), fill(`"`, "(", `"`), fill(`{"input":`, "[", ""), fill(`"`, `\u002f`, `"`),
		fill(`{"portions":["S"`, `,"/"`, `]}`), fill(`{"banner":"S","portions":["S"`, `,"\u0053"`, `]}`),
		fill("S", ";S", ""), fill("", ";", ""), fill(`{"portions":["(S)"],"dates":["`, "1", `"]}`), fill(`{`, `"portions":[],`, `"policy":""}`),
	}
	in := strings.Join(lines, "\n") + "\n"
	for name, answer := range answers(us(t)) {
		start := time.Now()
		var out bytes.Buffer
		ok, err := marks.Lines(t.Context(), strings.NewReader(in), &out, answer())
		if ok || err != nil || strings.Count(out.String(), "\n") != len(lines) {
			t.Errorf("%s: %v, %v, %d answers", name, ok, err, strings.Count(out.String(), "\n"))
		}
		if took := time.Since(start); took > 30*time.Second {
			t.Errorf("%s took %v", name, took)
		}
		if out.Len() > 48<<20 {
			t.Errorf("%s: %d bytes", name, out.Len())
		}
	}
}

// What was cut is refused, even if what is left would be right.
func TestCutLineIsRefused(t *testing.T) {
	t.Parallel()
	pad := strings.Repeat(" ", marks.MaxLine)
	for name, answer := range answers(us(t)) {
		for _, line := range []string{
			`"(U)"` + pad + "x", `{"input":"(U)","banner":"UNCLASSIFIED","portions":["(U)"]}` + pad + "x", "(U)" + pad + "//", pad + "(U)",
			strings.Repeat("(U);", marks.MaxLine/4) + "(TS)",
		} {
			var out bytes.Buffer
			ok, err := marks.Lines(t.Context(), strings.NewReader(line), &out, answer())
			if ok || err != nil || strings.Count(out.String(), "\n") != 1 {
				t.Errorf("%s: %.20q: %v, %v, %.300q", name, line, ok, err, out.String())
			}
		}
	}
}

// Answers from memory are the answers without.
func TestMemory(t *testing.T) {
	t.Parallel()
	p := us(t)
	known := []string{
		"S", "(S)", "S//NF", "SECRET//NOFORN", `"S//NF"`, `{"input":"S//NF"}`, `{"input":"TLP:RED","policy":"tlp"}`, "TLP:RED", "KREM", `{"input":"S","policy":"kgb"}`,
		"S;S", "S;KREM", `{"portions":["S","(U)"]}`, `{"portions":["S"],"banner":"S"}`, `{"portions":["TLP:RED"],"banner":"TLP:RED","policy":"tlp"}`, "{", " ",
		"S//REL TO USA, " + strings.Repeat("GBR, ", 60) + "FRA", `{"portions":["S//NF"],"banner":"S//NF","dates":["2020-01-01"]}`,
	}
	type answered struct {
		text string
		ok   bool
	}
	for name, answer := range answers(p) {
		want := map[string]answered{}
		for _, l := range known {
			text, ok := answer()([]byte("before"), []byte(l))
			want[l] = answered{string(text), ok}
		}
		rapid.Check(t, func(t *rapid.T) {
			remembers := answer()
			for _, l := range rapid.SliceOfN(rapid.SampledFrom(known), 1, 30).Draw(t, "lines") {
				text, ok := remembers([]byte("before"), []byte(l))
				if diff := cmp.Diff(want[l], answered{string(text), ok}, cmp.AllowUnexported(answered{})); diff != "" {
					t.Fatalf("%s %q:\n%s", name, l, diff)
				}
			}
		})
	}
}

// However many different lines there are, little of them is kept.
func TestMemoryIsBounded(t *testing.T) {
	p := us(t)
	for _, name := range []string{"parse", "rollup"} { // the others remember in the same way
		a := answers(p)[name]()
		before := heap()
		var dst []byte
		for i := range 32_000 {
			i /= 2 // what does not come twice is not kept
			dst, _ = a(dst[:0], fmt.Appendf(nil, "S//NF%s%d", strings.Repeat(" ", 230), i))
		}
		if kept := int64(heap()) - int64(before); kept > 9<<20 {
			t.Errorf("%s keeps %d KiB", name, kept>>10)
		}
		runtime.KeepAlive(a)
	}
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// Lines that came before cost no allocation.
func TestNoAllocations(t *testing.T) {
	for name, answer := range answers(us(t)) {
		a, line, dst := answer(), []byte(`{"input":"S//NF","banner":"SECRET//NOFORN","portions":["S//NF"]}`), make([]byte, 0, 1<<12)
		_, _ = a(dst, line)
		if n := testing.AllocsPerRun(100, func() { _, _ = a(dst, line) }); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}
