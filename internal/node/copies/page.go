package copies

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"tearline"
	"tearline/codec"
	"tearline/codec/article"
	"tearline/codec/pdf"
	"tearline/internal/attribution"
	"tearline/leak/fingerprint"
)

// A Set is what of a PDF copy decides where its words stand, beside the wording:
// what was kept of the report, and the marks as they were printed.
type Set struct {
	Title string    `json:"title,omitempty"` // unmarked
	Items []SetItem `json:"items"`
}

// A SetItem is one item of it; a marked title is one, too.
type SetItem struct {
	Portion tearline.PortionID `json:"portion"`
	Mark    string             `json:"mark"`
	// Form is how it stood, without its styles and its picture, which are the
	// portion's.
	Form *tearline.Form `json:"form,omitempty"`
}

func setOf(p codec.Page) Set {
	var s Set
	if p.Title != nil {
		if p.Title.Mark == "" {
			s.Title = p.Title.Text
		} else {
			s.Items = append(s.Items, SetItem{Portion: tearline.TitleID, Mark: p.Title.Mark})
		}
	}
	for _, it := range p.Items {
		x := SetItem{Portion: it.Portion, Mark: it.Mark}
		if it.Form.Shape != tearline.Paragraph {
			x.Form = &it.Form
			x.Form.Styles, x.Form.Picture = nil, nil
		}
		s.Items = append(s.Items, x)
	}
	return s
}

// textOf is all that pages show, in the order of reading: line by line.
func textOf(p article.Pages) string {
	var out []string
	for _, page := range p.Pages {
		runs := slices.Clone(page.Runs)
		const line = 3 // points: what stands closer is on one line
		slices.SortStableFunc(runs, func(a, b article.Run) int {
			if math.Abs(a.Y-b.Y) > line {
				return cmp.Compare(a.Y, b.Y)
			}
			return cmp.Compare(a.X, b.X)
		})
		for _, r := range runs {
			out = append(out, r.Text)
		}
	}
	return strings.Join(out, " ")
}

// shifts says how the words of a reader's page are shifted.
func (s *Secrets) shifts(p codec.Page, r fingerprint.Reader) (pdf.Marks, error) {
	choices := map[tearline.PortionID][]int{}
	items := p.Items
	if p.Title != nil {
		items = append(slices.Clone(items), *p.Title)
	}
	for _, it := range items {
		if it.Portion == "" {
			continue
		}
		k, err := s.Of(tearline.PortionRef{Report: s.row.Report, Portion: it.Portion}, it.Wording)
		if err != nil {
			return nil, err
		}
		words := len(it.Wording.Source())/2 + 1 // no more can be in it
		choices[it.Portion] = k.Secret.Key(fingerprint.Page, k.Size, k.Root).Shifts(words).Choices(r)
	}
	return func(portion tearline.PortionID, word int) int8 {
		c := choices[portion]
		switch {
		case word >= len(c):
			return 0
		case c[word] == 1:
			return +1
		}
		return -1
	}, nil
}

// page is the page that was set, in whatever wording.
func (s Set) page(r *tearline.Report) (codec.Page, error) {
	p := codec.Page{Banner: "-", Copy: "-", Recipient: "-", Date: "-"}
	if s.Title != "" {
		p.Title = &codec.Item{Text: s.Title}
	}
	for _, x := range s.Items {
		w, ok := wordingOf(r, x.Portion)
		if !ok {
			return p, fmt.Errorf("portion %s is not in report %s", x.Portion, r.ID)
		}
		it := codec.Item{Mark: x.Mark, Text: w.Plain(), Portion: x.Portion, Wording: w, Choices: make([]int, w.Points())}
		if err := x.formed(r, &it); err != nil {
			return p, err
		}
		if x.Portion == tearline.TitleID {
			p.Title = &it
			continue
		}
		p.Items = append(p.Items, it)
	}
	return p, nil
}

// formed has an item stand as it was set.
func (x *SetItem) formed(r *tearline.Report, it *codec.Item) (err error) {
	if x.Form != nil {
		it.Form = *x.Form
	}
	p, ok := r.Portion(x.Portion)
	if !ok { // a tear-line wording, in plain type
		return nil
	}
	if it.Form.Shape == tearline.Figure {
		it.Form.Picture = p.Form.Picture
	}
	it.Form.Styles, err = p.Form.Rendered(it.Wording, it.Choices)
	return err
}

// Wordings are those of all portions of a report, and of their tear lines.
func Wordings(r *tearline.Report) []attribution.Portion {
	var out []attribution.Portion
	add := func(id tearline.PortionID, w tearline.Wording) {
		out = append(out, attribution.Portion{Ref: tearline.PortionRef{Report: r.ID, Portion: id}, Wording: w})
	}
	for i := range r.Portions {
		p := &r.Portions[i]
		add(p.ID, p.Wording)
		if p.Tear != nil {
			add(tearline.TearOf(p.ID), p.Tear.Wording)
		}
	}
	return out
}

// wordingOf returns the wording of a portion, or of its tear line.
func wordingOf(r *tearline.Report, id tearline.PortionID) (tearline.Wording, bool) {
	base, tear := id.IsTear()
	p, ok := r.Portion(base)
	switch {
	case !ok || tear && p.Tear == nil:
		return tearline.Wording{}, false
	case tear:
		return p.Tear.Wording, true
	}
	return p.Wording, true
}

// readPages reads the pages of a leak blindly, against everything that was given
// out of a report as PDF.
func readPages(read PageReader, r *tearline.Report, sets []Set, portions []attribution.Portion) ([]attribution.PortionRead, error) {
	var versions []codec.Page
	for _, s := range sets {
		p, err := s.page(r)
		if err != nil {
			return nil, err
		}
		versions = append(versions, p)
	}
	none := &tearline.Error{
		Op: "attribute", Kind: tearline.Conflict, Public: fmt.Sprintf("the picture does not show a PDF copy of %s, or not well enough", r.ID),
		Hint: "a straight scan of 150 dots to the inch or more, of several whole lines, reads best",
	}
	if len(versions) == 0 {
		return nil, none
	}
	pages, err := read(versions)
	if err != nil {
		return nil, err
	}
	if len(pages) == 0 {
		return nil, none
	}
	out := attribution.Read("", portions).Portions
	for i := range out {
		for _, got := range pages {
			if out[i].Portion.Report == r.ID {
				out[i].Add(got)
			}
		}
	}
	return out, nil
}
