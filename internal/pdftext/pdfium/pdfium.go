// Package pdfium is what the process of package pdftext does: it reads one PDF
// with PDFium, compiled to WebAssembly, and says what text stands where, what
// else is in the file, or draws its pages. The module has no files, no network
// and no clock of ours, and no more memory than it is given here; a file that misleads it can do no more than end the
// process, or tell lies about its own text.
//
// It runs in that process alone. It joins no lines and judges nothing: packages
// article and pages make paragraphs of what it says.
package pdfium

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/klippa-app/go-pdfium"
	pdferrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"tearline/codec/article"
	"tearline/internal/pdftext"
)

const (
	maxMemory = 8192 // pages of 64 KiB: half a GiB
	maxPages  = 5000
	maxChars  = 8 << 20 // more than any text that is searched
	startUp   = time.Minute
)

// Answer reads a [pdftext.Request] and a PDF from in, and writes a
// [pdftext.Answer], a whole.Answer, or [pdftext.Sizes] and the pictures, to
// out. It goes on after the context's end: who runs it ends the process. The module
// compiled is kept in the folder cache, "" for nowhere: compiling it takes
// seconds, reading a page milliseconds.
func Answer(ctx context.Context, cache string, in io.Reader, out io.Writer) error {
	from := bufio.NewReader(in)
	ask, err := pdftext.ReadRequest(from)
	if err != nil {
		return err
	}
	b, err := io.ReadAll(io.LimitReader(from, article.MaxInput+1))
	if err != nil {
		return err
	}
	if len(b) > article.MaxInput {
		return json.NewEncoder(out).Encode(pdftext.Answer{Problem: pdftext.TooLong})
	}
	return answer(ctx, cache, ask, b, out)
}

// Process is [Answer] as a process of a program that has no other command line:
// args are what stands behind its name. The status to end with is -1 if it was
// not asked, and the program has work of its own.
func Process(ctx context.Context, args []string, in io.Reader, out, talk io.Writer) (status int) {
	if len(args) == 0 || args[0] != pdftext.Command {
		return -1
	}
	cache := ""
	if len(args) > 1 {
		cache = strings.TrimPrefix(args[1], "--cache=")
	}
	if err := Answer(ctx, cache, in, out); err != nil {
		_, _ = fmt.Fprintln(talk, err)
		return 1
	}
	return 0
}

// answer starts PDFium and opens the file.
func answer(ctx context.Context, cache string, ask pdftext.Request, b []byte, out io.Writer) (err error) {
	// Whoever started this process ends it in time. The module is not told of the
	// context's end: that costs more in each call than reading a letter does.
	conf := wazero.NewRuntimeConfig().WithMemoryLimitPages(maxMemory).
		WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling)
	if cache != "" {
		kept, err := wazero.NewCompilationCacheWithDir(cache)
		if err != nil {
			return fmt.Errorf("cache: %w", err)
		}
		defer func() { err = errors.Join(err, kept.Close(ctx)) }()
		conf = conf.WithCompilationCache(kept)
	}
	pool, err := webassembly.Init(webassembly.Config{
		Context: ctx, MinIdle: 0, MaxIdle: 1, MaxTotal: 1, RuntimeConfig: conf,
		// Nothing of the disk: by itself the module would see all of it.
		FSConfig: wazero.NewFSConfig(), Stdout: io.Discard, Stderr: io.Discard,
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, pool.Close()) }()
	lib, err := pool.GetInstance(startUp)
	if err != nil {
		return err
	}
	doc, err := lib.OpenDocument(&requests.OpenDocument{File: &b})
	switch {
	case errors.Is(err, pdferrors.ErrPassword), errors.Is(err, pdferrors.ErrSecurity):
		return json.NewEncoder(out).Encode(pdftext.Answer{Problem: pdftext.Locked})
	case err != nil: // that is the answer
		return json.NewEncoder(out).Encode(pdftext.Answer{Problem: pdftext.Damaged})
	}
	if ask.Document {
		return answerDocument(lib, doc.Document, out)
	}
	if !ask.Text {
		return draw(lib, doc.Document, ask, out)
	}
	r := reader{lib: lib, doc: doc.Document}
	err = r.pages()
	if errors.Is(err, errTooLong) {
		return json.NewEncoder(out).Encode(pdftext.Answer{Problem: pdftext.TooLong})
	}
	if err != nil {
		return err
	}
	return json.NewEncoder(out).Encode(pdftext.Answer{Pages: r.out})
}

var errTooLong = errors.New("more than is read")

// reader reads one document.
type reader struct {
	lib   pdfium.Pdfium
	doc   references.FPDF_DOCUMENT
	out   article.Pages
	chars int
}

func (r *reader) pages() error {
	n, err := r.lib.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: r.doc})
	if err != nil {
		return err
	}
	if n.PageCount > maxPages {
		return errTooLong
	}
	r.out.Title, r.out.Author = r.meta("Title"), r.meta("Author")
	for i := range n.PageCount {
		page, err := r.page(i)
		if errors.Is(err, errTooLong) {
			return err
		}
		if err != nil {
			continue // one page that is damaged is no reason to lose the others
		}
		r.out.Pages = append(r.out.Pages, page)
	}
	return nil
}

func (r *reader) meta(tag string) string {
	m, err := r.lib.FPDF_GetMetaText(&requests.FPDF_GetMetaText{Document: r.doc, Tag: tag})
	if err != nil || len(m.Value) > 4096 {
		return ""
	}
	return strings.ToValidUTF8(m.Value, "")
}

func (r *reader) page(i int) (out article.PageRuns, err error) {
	size, err := r.lib.FPDF_GetPageSizeByIndex(&requests.FPDF_GetPageSizeByIndex{Document: r.doc, Index: i})
	if err != nil {
		return out, err
	}
	out.Width, out.Height = size.Width, size.Height
	text, err := r.lib.FPDFText_LoadPage(&requests.FPDFText_LoadPage{Page: requests.Page{ByIndex: &requests.PageByIndex{Document: r.doc, Index: i}}})
	if err != nil {
		return out, err
	}
	defer func() {
		_, e := r.lib.FPDFText_ClosePage(&requests.FPDFText_ClosePage{TextPage: text.TextPage})
		err = errors.Join(err, e)
	}()
	n, err := r.lib.FPDFText_CountChars(&requests.FPDFText_CountChars{TextPage: text.TextPage})
	if err != nil {
		return out, err
	}
	if r.chars += n.Count; r.chars > maxChars {
		return out, errTooLong
	}
	l := liner{height: size.Height}
	for c := range n.Count {
		if err := r.char(text.TextPage, c, &l); err != nil {
			return out, err
		}
	}
	l.end()
	out.Runs = l.runs
	return out, nil
}

// char takes the next character of a page. Those that PDFium puts in itself,
// blanks and ends of lines, stand nowhere.
func (r *reader) char(page references.FPDF_TEXTPAGE, i int, l *liner) error {
	u, err := r.lib.FPDFText_GetUnicode(&requests.FPDFText_GetUnicode{TextPage: page, Index: i})
	if err != nil {
		return err
	}
	c := rune(u.Unicode) //nolint:gosec // what is out of range is no character, and dropped below
	switch {
	case c == '\r' || c == '\n':
		l.end()
		return nil
	case c == 0 || !utf8.ValidRune(c) && c != 0xfffe:
		return nil
	case c == ' ' || c == '\u00a0':
		l.blank = true
		return nil
	}
	box, err := r.lib.FPDFText_GetLooseCharBox(&requests.FPDFText_GetLooseCharBox{TextPage: page, Index: i})
	if err != nil {
		return nil //nolint:nilerr // it stands nowhere
	}
	l.add(c, float64(box.Rect.Left), float64(box.Rect.Top), float64(box.Rect.Right), float64(box.Rect.Bottom))
	return nil
}

// liner makes runs of characters that follow each other in a line.
type liner struct {
	height float64 // of the page
	runs   []article.Run
	run    article.Run
	text   strings.Builder
	blank  bool // there is one before the next character
}

// add takes a character and its box, as PDF counts: from the page's lower left
// corner. The box is as high as the font is, whatever the character.
func (l *liner) add(c rune, left, top, right, bottom float64) {
	if top < bottom {
		top, bottom = bottom, top
	}
	y, h := l.height-top, top-bottom
	size := max(l.run.Size, h)
	gap := left - (l.run.X + l.run.W)
	same := l.text.Len() > 0 && near(y+h, l.run.Y+l.run.H, 0.2*size) && near(h, l.run.Size, 0.1*size) && gap > -0.5*size && gap < size
	if !same {
		l.end()
		l.run = article.Run{X: left, Y: y, W: right - left, H: h, Size: h}
	} else if l.blank {
		l.text.WriteByte(' ')
	}
	l.blank = false
	l.run.W = max(l.run.W, right-l.run.X)
	l.text.WriteRune(c)
}

func near(a, b, by float64) bool { return a-b <= by && b-a <= by }

// end ends the run.
func (l *liner) end() {
	if l.text.Len() > 0 {
		l.run.Text = l.text.String()
		l.runs = append(l.runs, l.run)
		l.text.Reset()
	}
	l.blank = false
}
