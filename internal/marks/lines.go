package marks

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
)

// MaxLine is the length in bytes of the longest line that is read.
const MaxLine = 1 << 20

// An Answer appends the answer to one line to dst, and reports whether nothing
// is wrong. It keeps nothing of the line. A line of more than [MaxLine] bytes
// was cut, and is refused.
type Answer func(dst, line []byte) (_ []byte, ok bool)

// Lines answers each line of in on out, blank lines left out, and reports
// whether nothing was wrong with any. Before it waits for input, all answers
// are out. It ends with the context, also while it waits; what is read then is
// lost. A line that a failing reader breaks off is not answered, for the rest
// might say more.
func Lines(ctx context.Context, in io.Reader, out io.Writer, answer Answer) (ok bool, err error) {
	w := &writer{out: out}
	p := &prompt{ctx: ctx, in: in, w: w, reads: make(chan read, 1)}
	r := reader{in: bufio.NewReaderSize(p, inputChunk)}
	ok = true
	for {
		line, err := r.next()
		if errors.Is(err, io.EOF) {
			return ok, w.flush()
		}
		if err != nil {
			return false, errors.Join(err, w.flush())
		}
		var right bool
		w.buf, right = answer(w.buf, line)
		ok = ok && right
		if len(w.buf) >= chunk {
			if err := w.flush(); err != nil {
				return false, err
			}
		}
	}
}

// Each answers each of the lines on out, and reports whether nothing was wrong
// with any.
func Each(lines []string, out io.Writer, answer Answer) (ok bool, err error) {
	w := &writer{out: out}
	ok = true
	for _, l := range lines {
		var right bool
		w.buf, right = answer(w.buf, []byte(l))
		ok = ok && right
	}
	return ok, w.flush()
}

// What is read and written at once, and what of a buffer is kept for the next.
const (
	inputChunk = 64 << 10
	chunk      = 256 << 10
	maxKept    = 4 << 20
)

// A writer gathers answers.
type writer struct {
	out io.Writer
	buf []byte
}

// flush hands out what there is. What could not be written is dropped: it would
// fail again.
func (w *writer) flush() error {
	if len(w.buf) == 0 {
		return nil
	}
	_, err := w.out.Write(w.buf)
	w.buf = w.buf[:0]
	if cap(w.buf) > maxKept {
		w.buf = nil // one line had a very long answer
	}
	return err
}

// A prompt is a reader that hands out all answers before it waits: whoever
// reads them may be the one that writes the lines.
type prompt struct {
	ctx   context.Context //nolint:containedctx // lives as long as one call
	in    io.Reader
	w     *writer
	buf   [inputChunk]byte
	reads chan read
}

// read is what one read came to.
type read struct {
	n   int
	err error
}

// Read reads aside, for nothing else ends the wait for a terminal or a pipe.
func (p *prompt) Read(b []byte) (int, error) {
	if err := cmp.Or(p.w.flush(), p.ctx.Err()); err != nil {
		return 0, err
	}
	go func() {
		n, err := p.in.Read(p.buf[:min(len(b), len(p.buf))])
		p.reads <- read{n, err}
	}()
	select {
	case r := <-p.reads:
		return copy(b, p.buf[:r.n]), r.err
	case <-p.ctx.Done():
		return 0, p.ctx.Err()
	}
}

// A reader parts its input into lines.
type reader struct {
	in   *bufio.Reader
	long []byte // a line that the reader's buffer could not hold
	eof  bool
}

// next returns the next line that is not blank, without its end, and at most
// MaxLine+1 bytes of it. It is good until the next call.
func (r *reader) next() ([]byte, error) {
	for !r.eof {
		line, err := r.line()
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		r.eof = err != nil
		line = trimEnd(line)
		if len(line) > MaxLine || !blank(line) {
			return line, nil
		}
	}
	return nil, io.EOF
}

// line reads to the end of a line.
func (r *reader) line() ([]byte, error) {
	part, err := r.in.ReadSlice('\n')
	if !errors.Is(err, bufio.ErrBufferFull) {
		return part, err
	}
	r.long = r.long[:0]
	for {
		r.long = append(r.long, part[:min(len(part), MaxLine+1-len(r.long))]...)
		if !errors.Is(err, bufio.ErrBufferFull) {
			return r.long, err
		}
		part, err = r.in.ReadSlice('\n')
	}
}

func trimEnd(line []byte) []byte {
	n := len(line)
	for n > 0 && (line[n-1] == '\n' || line[n-1] == '\r') {
		n--
	}
	return line[:n]
}

func blank(line []byte) bool {
	if len(line) > 0 && line[0] > ' ' && line[0] < 0x7f {
		return false
	}
	return len(bytes.TrimSpace(line)) == 0
}
