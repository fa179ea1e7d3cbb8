package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"tearline"
	"tearline/bench/kit"
	"tearline/codec/document"
)

// benchOthers has other programs read what we write.
func benchOthers(b *bench) error {
	s := &shop{ctx: b.Ctx, dir: filepath.Join(b.Dir, "others"), Reader: reader(b.Ctx)}
	if err := os.MkdirAll(filepath.Join(s.dir, "out"), 0o700); err != nil {
		return err
	}
	var reports []*tearline.Report
	for _, script := range scripts {
		for i := range b.trips {
			r, err := invent(fmt.Sprintf("USA-2026-%04d", len(reports)), script.name, uint64(i), 3+i%30)
			if err != nil {
				return err
			}
			reports = append(reports, r)
		}
	}
	if err := b.inOffice(s, reports); err != nil {
		return err
	}
	return b.inPoppler(s, reports)
}

// installed reports whether programs are there, and says on stderr which is not.
func installed(names ...string) bool {
	p := missing(names)
	if p != "" {
		fmt.Fprintf(os.Stderr, "others: %s is not installed\n", p)
	}
	return p == ""
}

// inOffice has LibreOffice open all Word files and write their text.
func (b *bench) inOffice(s *shop, reports []*tearline.Report) error {
	if !installed("soffice") {
		return nil
	}
	const together = 40 // it may end early with many more
	for list := range slices.Chunk(reports, together) {
		if err := s.opened(list); err != nil {
			return err
		}
	}
	same := 0
	for _, r := range reports {
		text, err := s.file(filepath.Join("out", string(r.ID)+".txt"))
		if err != nil {
			return fmt.Errorf("LibreOffice did not open %s: %w", r.ID, err)
		}
		if p := absent(r, string(text), words); p != nil {
			fmt.Fprintf(os.Stderr, "others: LibreOffice shows no %q of %s\n", p.Wording.Source(), r.ID)
			continue
		}
		same++
	}
	b.Add(fmt.Sprintf("docx: of %d, the same paragraphs in LibreOffice, in order", len(reports)), "%", share(same, len(reports)), kit.AtLeast(100))
	return nil
}

// opened has LibreOffice open reports as we write them, and write their text.
func (s *shop) opened(reports []*tearline.Report) error {
	args := []string{"--headless", "-env:UserInstallation=file://" + s.dir + "/profile", "--convert-to", "txt:Text (encoded):UTF8", "--outdir", "out"}
	for _, r := range reports {
		doc, _, err := s.Write(r, document.Word)
		if err != nil {
			return err
		}
		name := string(r.ID) + ".docx"
		if err := os.WriteFile(filepath.Join(s.dir, name), doc, 0o600); err != nil {
			return err
		}
		args = append(args, name)
	}
	return s.run("soffice", args...)
}

// absent is the first portion that does not stand in a text behind those before
// it, as fold sees both.
func absent(r *tearline.Report, text string, fold func(string) string) *tearline.Portion {
	text = fold(text)
	for i := range r.Portions {
		p := &r.Portions[i]
		part := fold(p.Marking.Portion() + " " + p.Wording.Source())
		at := strings.Index(text, part)
		if at < 0 {
			return p
		}
		text = text[at+len(part):]
	}
	return nil
}

func words(s string) string { return norm.NFC.String(strings.Join(strings.Fields(s), " ")) }

func share(n, of int) kit.Spread { return kit.One(100 * float64(n) / float64(max(of, 1))) }

// inPoppler has qpdf check all PDFs, and pdftotext get their letters.
func (b *bench) inPoppler(s *shop, reports []*tearline.Report) error {
	if !installed("qpdf", "pdftotext") {
		return nil
	}
	var fonts [][]byte
	if font, err := os.ReadFile("/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf"); err == nil {
		fonts = append(fonts, font)
	}
	n, clean, same := 0, 0, 0
	for _, r := range reports {
		doc, _, err := s.Write(r, document.PDF, fonts...)
		if err != nil {
			continue // trips counts those; nothing was written
		}
		n++
		name, err := s.keep(doc, "pdf")
		if err != nil {
			return err
		}
		if err := s.run("qpdf", "--check", name); err == nil {
			clean++
		} else {
			fmt.Fprintf(os.Stderr, "others: %s: %v\n", r.ID, err)
		}
		if err := s.run("pdftotext", name, "out/text"); err != nil {
			return err
		}
		text, err := s.file("out/text")
		if err != nil {
			return err
		}
		if c := lacking(r, string(text)); c != 0 {
			fmt.Fprintf(os.Stderr, "others: pdftotext has too few %q of %s\n", c, r.ID)
			continue
		}
		same++
	}
	b.Add(fmt.Sprintf("pdf: of %d, without fault for qpdf", n), "%", share(clean, n), kit.AtLeast(100))
	b.Add(fmt.Sprintf("pdf: of %d, the same letters for pdftotext, each as often", n), "%", share(same, n), kit.AtLeast(100))
	return nil
}

// furniture are lines of each page that are no portion.
var furniture = regexp.MustCompile(`(?m)^(Page \d+ of \d+|(TOP SECRET|SECRET|CONFIDENTIAL|UNCLASSIFIED)(//[A-Z ,/-]+)?)$`)

// lacking is a letter or digit that stands in a text less often than in the
// report's portions, 0 if none does. In which order programs give what runs from
// right to left, or stands in a table, is theirs; that ours keeps it, trips says.
func lacking(r *tearline.Report, text string) rune {
	count := map[rune]int{}
	add := func(s string, by int) {
		for _, c := range norm.NFKC.String(s) {
			if unicode.IsLetter(c) || unicode.IsDigit(c) {
				count[c] += by
			}
		}
	}
	add(furniture.ReplaceAllString(text, ""), 1)
	for i := range r.Portions {
		add(r.Portions[i].Marking.Portion()+r.Portions[i].Wording.Source(), -1)
	}
	for c, n := range count {
		if n < 0 {
			return c
		}
	}
	return 0
}
