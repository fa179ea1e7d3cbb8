package codec_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/png"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tearline"
	"tearline/codec"
)

// chunk is a part of a PNG.
func chunk(name, data string) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	b = append(append(b, name...), data...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

func drawing(tb testing.TB) []byte {
	tb.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 5, 4))); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// A picture is kept only if it holds nothing but what can be seen.
func TestCheckPicture(t *testing.T) {
	t.Parallel()
	good := drawing(t)
	after := 8 + 25 // the magic, and IHDR
	insert := func(c []byte) []byte { return bytes.Join([][]byte{good[:after], c, good[after:]}, nil) }
	for _, tt := range []struct {
		name string
		png  []byte
		w, h int
		want string
	}{
		{"as it should be", good, 5, 4, ""},
		{"another size", good, 4, 5, "that is said to have 4 by 5"},
		{"no picture", []byte("GIF89a"), 5, 4, "no PNG"},
		{"a text", insert(chunk("tEXt", "Comment\x00The convoy leaves at nine.")), 5, 4, `a part "tEXt"`},
		{"EXIF", insert(chunk("eXIf", "II*\x00")), 5, 4, `a part "eXIf"`},
		{"a time", insert(chunk("tIME", "\x07\xea\x03\x04\x08\x00\x00")), 5, 4, `a part "tIME"`},
		{"bytes behind it", append(bytes.Clone(good), "secret"...), 5, 4, "6 bytes after its end"},
		{"cut short", good[:len(good)-5], 5, 4, "ends too early"},
		{"a changed byte", append(append(bytes.Clone(good[:20]), good[20]^1), good[21:]...), 5, 4, "IHDR is damaged"},
	} {
		err := codec.CheckPicture(&tearline.Picture{PNG: tt.png, Width: tt.w, Height: tt.h})
		if (err != nil) != (tt.want != "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
	}
}

const shaped = `{"id":"R","title":"(U) A title","originator":"USA","policy":"us","date":"2026-03-04","authority":"Classified By: J. Bloggs, Analyst\nDerived From: Multiple Sources\nDeclassify On: 20360304","portions":[` +
	`{"id":"p1","text":"Head","marking":"U","form":{"shape":"heading","level":1}},` +
	`{"id":"p2","text":"One","marking":"U","form":{"shape":"cell","table":1,"row":1,"column":1},"unmarked":true},` +
	`{"id":"p3","text":"Two","marking":"C","form":{"shape":"cell","table":1,"row":1,"column":2,"styles":[{"from":0,"to":3,"bold":true}]}}]}`

// A line gives the report that it was made of, shapes, authority block, orders
// and all; and so does a body.
func TestMarshalLine(t *testing.T) {
	t.Parallel()
	_, r, err := codec.NewDecoder(strings.NewReader(shaped)).Next()
	if err != nil {
		t.Fatal(err)
	}
	if got := r.DeclassifyOn.Format("2006-01-02"); got != "2036-03-04" || !r.Portions[2].Unmarked {
		t.Errorf("declassified on %s, p2 %v", got, r.Portions[2])
	}
	line, err := codec.MarshalLine(r)
	if err != nil {
		t.Fatal(err)
	}
	_, again, err := codec.NewDecoder(bytes.NewReader(line)).Next()
	if err != nil {
		t.Fatal(err)
	}
	body, err := codec.MarshalReport(r)
	if err != nil {
		t.Fatal(err)
	}
	stored, err := codec.UnmarshalReport(body)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []*tearline.Report{again, stored} {
		b, err := codec.MarshalReport(x)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(body), string(b)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

// Forms must be written in one way, and fit.
func TestFormFaults(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, was, is, want string }{
		{"a name in other letters", `"shape":"heading"`, `"Shape":"heading"`, "portions[0].form: no form"},
		{"a name twice", `"level":1`, `"level":2,"level":1`, "portions[0].form: no form"},
		{"an unknown name", `"level":1`, `"level":1,"colour":"red"`, "portions[0].form: form:"},
		{"another shape", `"shape":"heading"`, `"shape":"box"`, `portions[0].form: shape "box"`},
		{"one place twice", `"row":1,"column":2`, `"row":1,"column":1`, "comes after that of row 1, column 1"},
		{"a table out of order", `"table":1,"row":1,"column":1`, `"table":2,"row":1,"column":1`, "table 1 comes after table 2"},
		{"no boolean", `"unmarked":true`, `"unmarked":"yes"`, "portions[1].unmarked: want true or false"},
		{"a style beyond the text", `"to":3`, `"to":4`, "portions[2].form: type from byte 0 to 4"},
		{"another date", `"date":"2026-03-04"`, `"date":"2026-03-04","declassify_on":"2030-01-01"`, "and the authority block says 2036-03-04"},
		{"no authority block", `Derived From: Multiple Sources`, `Derived`, "authority: authority block: "},
	} {
		line := strings.Replace(shaped, tt.was, tt.is, 1)
		if line == shaped {
			t.Fatalf("%s: nothing is replaced", tt.name)
		}
		_, _, err := codec.NewDecoder(strings.NewReader(line)).Next()
		if err == nil || err == io.EOF || !strings.Contains(err.Error(), tt.want) { //nolint:errorlint // the decoder's contract
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
	}
}
