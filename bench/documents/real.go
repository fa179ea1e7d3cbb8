package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"tearline"
	"tearline/bench/kit"
	"tearline/codec/document"
	"tearline/internal/documents"
)

// A shop is where other programs make documents of one report.
type shop struct {
	documents.Reader
	ctx  context.Context //nolint:containedctx // lives as long as one benchmark
	dir  string
	made int
}

// run runs a program in the shop's folder.
func (s *shop) run(name string, args ...string) error {
	const patience = 2 * time.Minute
	ctx, cancel := context.WithTimeout(s.ctx, patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...) //nolint:gosec // one of those named here
	cmd.Dir = s.dir
	_, err := cmd.Output()
	if e, ok := errors.AsType[*exec.ExitError](err); ok {
		return fmt.Errorf("%s: %w: %s", name, err, e.Stderr)
	}
	return err
}

// keep puts bytes into a new file with that ending.
func (s *shop) keep(b []byte, ending string) (string, error) {
	s.made++
	name := fmt.Sprintf("file%d.%s", s.made, ending)
	return name, os.WriteFile(filepath.Join(s.dir, name), b, 0o600) //nolint:gosec // in the benchmark's own folder, by its own number
}

func (s *shop) file(name string) ([]byte, error) { return os.ReadFile(filepath.Join(s.dir, name)) } //nolint:gosec // made here

// through has a program make a file of another. Of args, IN and OUT are their
// names.
func (s *shop) through(b []byte, from, to string, args ...string) ([]byte, error) {
	in, err := s.keep(b, from)
	if err != nil {
		return nil, err
	}
	s.made++
	out := fmt.Sprintf("file%d.%s", s.made, to)
	args = slices.Clone(args)
	for i := range args {
		args[i] = strings.NewReplacer("IN", in, "OUT", out, "DIR", s.dir).Replace(args[i])
	}
	if err := s.run(args[0], args[1:]...); err != nil {
		return nil, err
	}
	return s.file(out)
}

// office has LibreOffice convert a file.
func (s *shop) office(b []byte, from, to, filter string) ([]byte, error) {
	in, err := s.keep(b, from)
	if err != nil {
		return nil, err
	}
	if filter != "" {
		filter = ":" + filter
	}
	if err := s.run("soffice", "--headless", "-env:UserInstallation=file://"+s.dir+"/profile", "--convert-to", to+filter, "--outdir", "out", in); err != nil {
		return nil, err
	}
	return s.file(filepath.Join("out", strings.TrimSuffix(in, from)+to))
}

// chromium has the browser print a page.
func (s *shop) chromium(html string) ([]byte, error) {
	return s.through([]byte(html), "html", "pdf", "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", "--print-to-pdf=OUT", "file://DIR/IN")
}

// A real is a document as another program makes it.
type real struct {
	name  string
	needs []string // programs
	make  func(s *shop) ([]byte, error)
	want  []line
	// refused is what the refusal has to say, of what no program can read.
	refused string
}

// readAs reports how a document is read, nil as a person would.
func (x *real) readAs(s *shop, b []byte) error {
	docs, err := s.Read("file", b, document.Order{})
	if err == nil && len(docs) != 1 {
		return fmt.Errorf("%d reports", len(docs))
	}
	if err == nil {
		err = docs[0].Faults.Err()
	}
	switch {
	case x.refused != "" && err == nil:
		return errors.New("not refused")
	case x.refused != "" && !strings.Contains(err.Error(), x.refused):
		return fmt.Errorf("refused without a word of %q: %w", x.refused, err)
	case x.refused != "":
		return nil
	case err != nil:
		return err
	}
	return differ(x.want, docs[0].Report)
}

// differ says where a report is not what a person reads.
func differ(want []line, r *tearline.Report) error {
	for i := range max(len(want), len(r.Portions)) {
		switch {
		case i >= len(want):
			return fmt.Errorf("portion %d is none: %q", i+1, r.Portions[i].Wording.Source())
		case i >= len(r.Portions):
			return fmt.Errorf("%d portions of %d: no %q", len(r.Portions), len(want), want[i].text)
		}
		p := &r.Portions[i]
		if got := strings.Join(strings.Fields(p.Wording.Source()), " "); p.Marking.Portion() != want[i].mark || got != want[i].text {
			return fmt.Errorf("portion %d is %s %q and not %s %q", i+1, p.Marking.Portion(), got, want[i].mark, want[i].text)
		}
	}
	return nil
}

// missing is one of some programs that is not installed.
func missing(programs []string) string {
	for _, p := range programs {
		if _, err := exec.LookPath(p); err != nil {
			return p
		}
	}
	return ""
}

// benchReal reads documents made by other programs, and says on stderr of each
// that is not read as a person would why.
func benchReal(b *bench) error {
	s := &shop{ctx: b.Ctx, dir: filepath.Join(b.Dir, "real"), Reader: reader(b.Ctx)}
	if err := os.MkdirAll(filepath.Join(s.dir, "out"), 0o700); err != nil {
		return err
	}
	n, right := 0, 0
	list := reals()
	for i := range list {
		x := &list[i]
		if p := missing(x.needs); p != "" {
			fmt.Fprintf(os.Stderr, "real: %s: not made, %s is not installed\n", x.name, p)
			continue
		}
		doc, err := x.make(s)
		if err != nil {
			return fmt.Errorf("%s: %w", x.name, err)
		}
		n++
		if err := x.readAs(s, doc); err != nil {
			fmt.Fprintf(os.Stderr, "real: %s: %v\n", x.name, err)
			continue
		}
		right++
	}
	b.Add(fmt.Sprintf("%d files of other programs, read as a person would", n), "%", kit.One(100*float64(right)/float64(max(n, 1))), kit.AtLeast(100))
	return nil
}
