package codec

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"image/png"
	"slices"

	"tearline"
)

// form reads the form of a portion. It must be written as it is here: another
// reader may take a name in other letters, or one that stands twice, for
// something else.
func (l *lineReader) form(p *draftPortion, n int) {
	l.Peek()
	from := l.Pos
	p.formAt = l.place(from, n, "form")
	l.Skip(0)
	if l.Err != nil {
		return
	}
	if err := unmarshalForm([]byte(l.S[from:l.Pos]), &p.form); err != nil {
		l.faults.at(p.formAt, "write it as report convert does", "%v", err)
	}
}

var errForm = errors.New("no form of a portion, or one that is written otherwise than it should be")

// unmarshalForm reads what json.Marshal makes of a form.
func unmarshalForm(b []byte, f *tearline.Form) error {
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(f); err != nil {
		return fmt.Errorf("form: %w", err)
	}
	var was bytes.Buffer
	again, err := json.Marshal(f)
	if err != nil || json.Compact(&was, b) != nil || !bytes.Equal(was.Bytes(), again) {
		return errForm
	}
	return nil
}

// marshalForm is nil of a plain paragraph.
func marshalForm(f *tearline.Form) (json.RawMessage, error) {
	b, err := json.Marshal(f)
	if err != nil || string(b) == "{}" {
		return nil, err
	}
	return b, nil
}

// form checks the form of a portion.
func (c *checker) form(d *draftPortion, w tearline.Wording) tearline.Form {
	at := d.formAt
	if at == (place{}) {
		at = d.at
	}
	if err := d.form.Check(w); err != nil {
		c.at(at, "", "%v", err)
		return tearline.Form{}
	}
	if p := d.form.Picture; p != nil {
		c.pictures += len(p.PNG)
		if err := CheckPicture(p); err != nil {
			c.at(at, "write the picture anew, as PNG", "%v", err)
		} else if c.pictures > tearline.MaxPictures && c.pictures-len(p.PNG) <= tearline.MaxPictures {
			c.at(at, "make them smaller", "the pictures up to this one have %d bytes: at most %d in one report", c.pictures, tearline.MaxPictures)
		}
	}
	return d.form
}

// cells refuses tables in which two cells have one place, or that are not
// written row by row without anything between.
func (c *checker) cells() {
	table, last := 0, tearline.Form{}
	for i := range c.report.Portions {
		f := c.report.Portions[i].Form
		if f.Shape != tearline.Cell {
			last = tearline.Form{}
			continue
		}
		switch {
		case last.Table == f.Table && (f.Row < last.Row || f.Row == last.Row && f.Column <= last.Column):
			c.at(c.placeOf(i), "", "the cell of table %d, row %d, column %d comes after that of row %d, column %d", f.Table, f.Row, f.Column, last.Row, last.Column)
		case last.Table != f.Table && f.Table <= table:
			c.at(c.placeOf(i), "number tables from 1, and keep the cells of each together", "table %d comes after table %d", f.Table, table)
		}
		table, last = max(table, f.Table), f
	}
}

// shown are the chunks of a PNG that make up what can be seen.
var shownChunks = []string{"IHDR", "PLTE", "tRNS", "IDAT", "IEND"}

const pngMagic = "\x89PNG\r\n\x1a\n"

// CheckPicture refuses a picture whose bytes are not a PNG of its size, or hold
// anything that cannot be seen: texts, dates, profiles, bytes after its end.
func CheckPicture(p *tearline.Picture) error {
	b, ok := bytes.CutPrefix(p.PNG, []byte(pngMagic))
	if !ok {
		return errors.New("a picture that is no PNG")
	}
	for name := ""; name != "IEND"; {
		if len(b) < 12 {
			return errors.New("a picture that ends too early")
		}
		n := binary.BigEndian.Uint32(b)
		name = string(b[4:8])
		if !slices.Contains(shownChunks, name) {
			return fmt.Errorf("a picture with a part %q, which cannot be seen", name)
		}
		if uint64(n)+12 > uint64(len(b)) {
			return errors.New("a picture that ends too early")
		}
		if crc32.ChecksumIEEE(b[4:8+n]) != binary.BigEndian.Uint32(b[8+n:]) {
			return fmt.Errorf("a picture whose part %s is damaged", name)
		}
		b = b[12+n:]
	}
	if len(b) > 0 {
		return fmt.Errorf("a picture with %d bytes after its end", len(b))
	}
	conf, err := png.DecodeConfig(bytes.NewReader(p.PNG))
	if err != nil {
		return fmt.Errorf("a picture that cannot be read: %w", err)
	}
	if conf.Width != p.Width || conf.Height != p.Height {
		return fmt.Errorf("a picture of %d by %d pixels that is said to have %d by %d", conf.Width, conf.Height, p.Width, p.Height)
	}
	return nil
}
