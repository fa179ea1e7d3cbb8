package sanitize

import (
	"tearline"
	"tearline/codec"
)

// InspectLeaking renders the copy that Draft would, after somebody has
// tampered with the page and with the bytes, and inspects that.
func InspectLeaking(v *Version, s Spec, tamper func(*codec.Page), edit func([]byte) []byte) ([]byte, error) {
	choices := map[tearline.PortionID][]int{}
	page, err := v.page(s, choices)
	if err != nil {
		return nil, err
	}
	if tamper != nil {
		tamper(&page)
	}
	b, err := codec.RenderMarkdown(page)
	if err != nil {
		return nil, err
	}
	if edit != nil {
		b = edit(b)
	}
	l := look{version: v, spec: s, page: &page, choices: choices}
	return b, l.inspect(b)
}

// Words is the normal form in which texts are compared.
func Words(s string) string { return words(s) }

// Search returns the first run of a withheld wording that is in the copied
// texts and in no open one.
func Search(copied, open []string, w tearline.Wording) string {
	s := search{copied: newPhrases(copied), open: newPhrases(open), frame: newPhrases(nil)}
	return s.run(w)
}

// Choices returns which alternatives a draft has.
func Choices(d *Draft) map[tearline.PortionID][]int { return d.choices }

// Letters are the letters of a text, by which it is searched for.
func Letters(s string) string { return letters(s) }

// Spelling returns the first letters in a row of a withheld wording that are
// in the copied texts and in no open one.
func Spelling(copied, open []string, w tearline.Wording) string {
	return newSpelling(copied, open, nil).run(w)
}
