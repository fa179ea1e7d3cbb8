package pdftext

import (
	"bufio"
	"errors"
	"fmt"
	"io"
)

// A Request says what the process is asked for. It is the first line that it
// reads, before the file, so that no file can ask for anything.
type Request struct {
	// Text asks for text, Document for all that the file holds; otherwise
	// pictures are asked for.
	Text, Document bool
	// First is the first page to draw, from 0, and Count how many, up to
	// [MostPages]; DPI is how many pixels there are to an inch, from 36 to 600.
	First, Count, DPI int
}

// MostPages is how many pages are drawn for one request.
const MostPages = 4

// MaxPixels is how many pixels one picture has at most: larger pages are drawn
// with fewer to an inch.
const MaxPixels = 40 << 20

// errRequest: the process was asked for nothing that it does.
var errRequest = errors.New("not a request")

// String returns the line.
func (r Request) String() string {
	switch {
	case r.Text:
		return "text\n"
	case r.Document:
		return "document\n"
	}
	return fmt.Sprintf("pictures %d %d %d\n", r.First, r.Count, r.DPI)
}

// ReadRequest reads the line, and leaves the reader where the file begins.
func ReadRequest(in *bufio.Reader) (Request, error) {
	var line []byte
	for {
		c, err := in.ReadByte()
		if err != nil {
			return Request{}, fmt.Errorf("%w: %w", errRequest, err)
		}
		if line = append(line, c); c == '\n' {
			break
		}
		if len(line) > 64 {
			return Request{}, errRequest
		}
	}
	for _, r := range []Request{{Text: true}, {Document: true}} {
		if string(line) == r.String() {
			return r, nil
		}
	}
	var r Request
	if _, err := fmt.Sscanf(string(line), "pictures %d %d %d\n", &r.First, &r.Count, &r.DPI); err != nil && !errors.Is(err, io.EOF) {
		return Request{}, fmt.Errorf("%w: %w", errRequest, err)
	}
	if r.First < 0 || r.Count < 1 || r.Count > MostPages || r.DPI < 36 || r.DPI > 600 {
		return Request{}, errRequest
	}
	return r, nil
}
