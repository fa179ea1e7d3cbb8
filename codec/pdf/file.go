package pdf

import (
	"bytes"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"codeberg.org/go-pdf/fpdf"

	"tearline/codec/pdf/shape"
)

// embeddable sees that the library which writes the file can embed a font. It
// trusts what it reads, and stops the program where it should not: that is an
// error here.
func embeddable(ttf []byte) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("a font that cannot be embedded: %v", r)
		}
	}()
	f := fpdf.New("P", "pt", "A4", "")
	f.AddUTF8FontFromBytes("f", "", ttf)
	f.AddPage()
	f.SetFont("f", "", textSize)
	f.Text(0, 0, "0")
	if err := f.Output(&bytes.Buffer{}); err != nil {
		return fmt.Errorf("a font that cannot be embedded: %w", err)
	}
	return nil
}

// What the library writes of the characters of a font: each is itself.
const (
	unicodeHead = "<</Length %d>>\nstream\n/CIDInit /ProcSet findresource begin\n"
	unicodeTail = "endbfrange\n"
)

// tellJoined has a file say which letters its joined forms stand for, so that
// who copies a text out gets it as it was written. The tables of characters
// become longer, and what stands behind them moves: the file's own index is
// written anew.
func tellJoined(file []byte, joined map[rune]bool) ([]byte, error) {
	if len(joined) == 0 {
		return file, nil
	}
	var told strings.Builder
	// A table has a hundred entries at most.
	for list := range slices.Chunk(slices.Sorted(maps.Keys(joined)), 100) {
		fmt.Fprintf(&told, "%d beginbfchar\n", len(list))
		for _, r := range list {
			fmt.Fprintf(&told, "<%04X> <", r)
			for _, u := range utf16.Encode([]rune(shape.Plain(r))) {
				fmt.Fprintf(&told, "%04X", u)
			}
			told.WriteString(">\n")
		}
		told.WriteString("endbfchar\n")
	}
	head, objects, trailer, err := parts(file)
	if err != nil {
		return nil, err
	}
	found := false
	for i, o := range objects {
		from := bytes.Index(o, []byte("<</Length "))
		var length int
		if from < 0 {
			continue
		}
		if n, err := fmt.Sscanf(string(o[from:min(len(o), from+40)]), "<</Length %d>>", &length); n != 1 || err != nil {
			continue // it has other entries, as all but these tables have
		}
		begin := fmt.Appendf(nil, unicodeHead, length)
		at := bytes.Index(o, []byte(unicodeTail))
		if !bytes.HasPrefix(o[from:], begin) || at < 0 {
			continue
		}
		at += len(unicodeTail)
		var b bytes.Buffer
		b.Write(o[:from])
		fmt.Fprintf(&b, unicodeHead, length+told.Len())
		b.Write(o[from+len(begin) : at])
		b.WriteString(told.String())
		b.Write(o[at:])
		objects[i], found = b.Bytes(), true
	}
	if !found {
		return nil, fmt.Errorf("pdf: a file without tables of characters")
	}
	return assemble(head, objects, trailer), nil
}

// parts takes a file of the library's apart: what is before its objects, these
// in the order of their numbers, and what follows the index.
func parts(file []byte) (head []byte, objects [][]byte, trailer []byte, err error) {
	index := bytes.LastIndex(file, []byte("\nxref\n")) + 1
	tail := bytes.Index(file[index:], []byte("trailer\n"))
	end := bytes.LastIndex(file, []byte("startxref\n"))
	if index == 0 || tail < 0 || end < index+tail {
		return nil, nil, nil, fmt.Errorf("pdf: a file without an index")
	}
	rows := strings.Split(strings.TrimSpace(string(file[index:index+tail])), "\n")
	var starts []int
	for _, row := range rows[3:] { // behind "xref", the range, and the free one
		at, err := strconv.Atoi(row[:min(10, len(row))])
		if err != nil || at <= 0 || at >= index {
			return nil, nil, nil, fmt.Errorf("pdf: an index with the row %q", row)
		}
		starts = append(starts, at)
	}
	sorted := append(slices.Sorted(slices.Values(starts)), index)
	for _, at := range starts {
		k, _ := slices.BinarySearch(sorted, at)
		objects = append(objects, file[at:sorted[k+1]])
	}
	return file[:sorted[0]], objects, file[index+tail : end], nil
}

// assemble puts a file together.
func assemble(head []byte, objects [][]byte, trailer []byte) []byte {
	var b bytes.Buffer
	b.Write(head)
	var index strings.Builder
	fmt.Fprintf(&index, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, o := range objects {
		fmt.Fprintf(&index, "%010d 00000 n \n", b.Len())
		b.Write(o)
	}
	at := b.Len()
	b.WriteString(index.String())
	b.Write(trailer)
	fmt.Fprintf(&b, "startxref\n%d\n%%%%EOF\n", at)
	return b.Bytes()
}

var (
	pictureHead = []byte("<</Type /XObject\n/Subtype /Image\n")
	// pictureNamed finds where pictures are given names.
	pictureNamed = regexp.MustCompile(`(?m)^/I([0-9a-f]{40}) (\d+) 0 R$`)
)

// steady puts the pictures of a file in the order of their bytes: the library
// writes those of one width in any.
func steady(file []byte) ([]byte, error) {
	if bytes.Count(file, pictureHead) < 2 {
		return file, nil
	}
	head, objects, trailer, err := parts(file)
	if err != nil {
		return nil, err
	}
	type picture struct {
		number int
		rest   []byte // behind its number
	}
	var was []picture
	for i, o := range objects {
		begin := fmt.Appendf(nil, "%d 0 obj\n", i+1)
		if rest, ok := bytes.CutPrefix(o, begin); ok && bytes.HasPrefix(rest, pictureHead) {
			was = append(was, picture{i + 1, rest})
		}
	}
	is := slices.Clone(was)
	slices.SortFunc(is, func(a, b picture) int { return bytes.Compare(a.rest, b.rest) })
	number := map[string]int{}
	for i, p := range is {
		at := was[i].number
		objects[at-1] = append(fmt.Appendf(nil, "%d 0 obj\n", at), p.rest...)
		number[strconv.Itoa(p.number)] = at
	}
	named := false
	for i, o := range objects {
		if !bytes.Contains(o, []byte("\n/XObject <<\n")) {
			continue
		}
		objects[i] = pictureNamed.ReplaceAllFunc(o, func(b []byte) []byte {
			m := pictureNamed.FindSubmatch(b)
			named = true
			return fmt.Appendf(nil, "/I%s %d 0 R", m[1], number[string(m[2])])
		})
	}
	if !named {
		return nil, fmt.Errorf("pdf: a file with pictures that have no names")
	}
	return assemble(head, objects, trailer), nil
}
