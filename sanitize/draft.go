package sanitize

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"tearline"
	"tearline/codec"
	"tearline/ledger"
	"tearline/marking"
)

// A Format is a way of writing copies, and of reading them back by another path
// than the one that wrote them. Both are pure functions of their argument.
type Format struct {
	// MediaType is that of the bytes.
	MediaType string
	// Render writes a page: the same bytes for the same page.
	Render func(codec.Page) ([]byte, error)
	// ReadBack returns every text that the bytes hold, as a reader would find
	// them in it, in order: words that follow each other are in one text.
	ReadBack func([]byte) ([]string, error)
}

// markdown is the format of copies that are text.
var markdown = &Format{MediaType: "text/markdown; charset=utf-8", Render: codec.RenderMarkdown, ReadBack: codec.ReadBackMarkdown}

// format is that of the copy.
func (s *Spec) format() *Format {
	if s.Format == nil {
		return markdown
	}
	return s.Format
}

// minSecret is the least length of a seed, in bytes.
const minSecret = 16

// A Spec says what one copy is to be.
type Spec struct {
	// Copy is the number that the copy bears; drawn at random.
	Copy tearline.CopyID
	// Holder and Recipient are those of the decision.
	Holder, Recipient tearline.PartyID
	// RecipientName and Date are printed on the copy; Date is YYYY-MM-DD.
	RecipientName string
	Date          string
	// Seed salts the copy's digest: at least 16 random bytes of its own.
	Seed []byte
	// Choose returns which alternative the reader gets at each point of a
	// portion's wording, or of a tear line's; the same for all copies of one
	// reader. With nil the copy has the first alternative everywhere.
	Choose func(tearline.PortionID, tearline.Wording) ([]int, error)
	// Format is how the copy is written; nil is Markdown.
	Format *Format
	// Individual has the copy say that it is worded individually.
	Individual bool
	// Cut are the parties that must not be recognisable in the copy, with
	// their names: those that consented without attribution. See
	// [Version.Unattributed].
	Cut []tearline.Party
}

// A Draft is one individual copy that has been rendered and inspected, and not
// yet recorded. Its bytes cannot be had before they are: see [Draft.HandOut].
// It is immutable and safe for concurrent use.
type Draft struct {
	record  tearline.Copy
	choices map[tearline.PortionID][]int
	media   string
	bytes   []byte
}

// Draft makes one individual copy: it chooses this recipient's wording of each
// item, renders the page, reads the rendering back from its bytes, and
// searches it for everything that is withheld. The error wraps [ErrSurvives]
// if any of that is found; [ErrDecision] if the copy is for others than those
// decided on, or the decision was one for telling only.
func (v *Version) Draft(s Spec) (*Draft, error) {
	if err := v.fits(s); err != nil {
		return nil, fmt.Errorf("draft of %s for %s: %w", v.of.ID, s.Recipient, err)
	}
	d := &Draft{record: tearline.Copy{
		ID: s.Copy, Holder: s.Holder, Report: v.of.ID, Recipient: s.Recipient, Seed: slices.Clone(s.Seed),
	}, choices: map[tearline.PortionID][]int{}, media: s.format().MediaType}
	page, err := v.page(s, d.choices)
	if err != nil {
		return nil, fmt.Errorf("draft of %s for %s: %w", v.of.ID, s.Recipient, err)
	}
	if d.bytes, err = s.format().Render(page); err != nil {
		return nil, fmt.Errorf("draft of %s for %s: %w", v.of.ID, s.Recipient, err)
	}
	look := look{version: v, spec: s, page: &page, choices: d.choices}
	if err := look.inspect(d.bytes); err != nil {
		return nil, fmt.Errorf("draft of %s for %s: %w", v.of.ID, s.Recipient, err)
	}
	d.record.Digest = tearline.DigestContent(d.record.Seed, string(d.bytes))
	return d, nil
}

// fits checks a spec against the decision.
func (v *Version) fits(s Spec) error {
	_, unattributed := v.Unattributed()
	switch {
	case s.Holder != v.request.Holder || s.Recipient != v.request.Recipient:
		return fmt.Errorf("decided was from %s to %s: %w", v.request.Holder, v.request.Recipient, ErrDecision)
	case v.request.Mode != tearline.Document && v.request.Mode != tearline.Visual:
		return fmt.Errorf("decided was mode %q, which is no document: %w", v.request.Mode, ErrDecision)
	case s.Copy == "":
		return fmt.Errorf("no copy number")
	case len(s.Seed) < minSecret:
		return fmt.Errorf("the seed needs at least %d bytes", minSecret)
	case unattributed && len(s.Cut) == 0:
		return fmt.Errorf("an item goes without attribution, and nobody is named to be cut")
	}
	return nil
}

// page chooses the wording and puts the page together.
func (v *Version) page(s Spec, choices map[tearline.PortionID][]int) (codec.Page, error) {
	p := codec.Page{
		Banner: v.bannerFor(s), Copy: s.Copy, Recipient: s.RecipientName, Date: s.Date,
		Individual: s.Individual, Caveats: v.caveats(), Authority: v.authority(),
	}
	if v.title != "" {
		p.Title = &codec.Item{Text: v.title}
	}
	marks, forms := v.marks(s), v.forms()
	for i := range v.items {
		it := &v.items[i]
		chosen, err := s.choose(it)
		if err != nil {
			return codec.Page{}, fmt.Errorf("portion %s: %w", it.Portion, err)
		}
		text, err := it.Wording.Render(chosen)
		if err != nil {
			return codec.Page{}, fmt.Errorf("portion %s: %w", it.Portion, err)
		}
		if len(chosen) > 0 {
			choices[it.key()] = chosen
		}
		item := codec.Item{Mark: marks[i].Portion(), Text: text, Form: forms[i], Portion: it.key(), Wording: it.Wording, Choices: chosen}
		if item.Form.Styles, err = forms[i].Rendered(it.Wording, chosen); err != nil {
			return codec.Page{}, fmt.Errorf("portion %s: %w", it.Portion, err)
		}
		if it.Portion == tearline.TitleID {
			p.Title = &item
			continue
		}
		p.Items = append(p.Items, item)
	}
	return p, nil
}

// choose returns the alternatives that the reader gets of an item.
func (s *Spec) choose(it *Item) ([]int, error) {
	if s.Choose == nil || it.Wording.Points() == 0 {
		return make([]int, it.Wording.Points()), nil
	}
	return s.Choose(it.key(), it.Wording)
}

// authority is the date until which a classified copy is to be kept so. Who
// classified it, and from what, names persons and sources, and stays here.
func (v *Version) authority() []codec.Line {
	if v.of.DeclassifyOn.IsZero() || v.banner.Open() {
		return nil
	}
	return []codec.Line{{Name: "Declassify On", Value: v.of.DeclassifyOn.Format("20060102")}}
}

// caveats are the conditions in words, and the purpose, in the order of the
// items, each once.
func (v *Version) caveats() []string {
	var out []string
	for i := range v.items {
		for _, c := range v.items[i].Conditions {
			text := string(c)
			switch {
			case c == tearline.OrallyOnly || c == tearline.ViewOnly || c == tearline.WithoutAttribution:
				continue
			case strings.HasPrefix(text, tearline.PurposePrefix):
				text = "Only for the purpose of " + strings.TrimPrefix(text, tearline.PurposePrefix)
			}
			if !slices.Contains(out, text) {
				out = append(out, text)
			}
		}
	}
	return out
}

// marks returns the items' marks as this copy shows them. A release list does
// not name who must not be recognisable: to leave a code out only tightens the
// mark. Where the mark cannot be without it, it stays, and the inspection
// stops the copy.
func (v *Version) marks(s Spec) []marking.Marking {
	cut := v.cut(s)
	out := make([]marking.Marking, len(v.items))
	for i := range v.items {
		out[i] = v.items[i].Marking
		if len(cut) > 0 {
			out[i] = v.without(out[i], cut)
		}
	}
	return out
}

// cut returns the parties that must not be recognisable in the copy.
func (v *Version) cut(s Spec) []tearline.Party {
	originators, any := v.Unattributed()
	if !any {
		return nil
	}
	cut := slices.Clone(s.Cut)
	for _, o := range originators {
		if !slices.ContainsFunc(cut, func(p tearline.Party) bool { return p.ID == o }) {
			cut = append(cut, tearline.Party{ID: o})
		}
	}
	return cut
}

// without returns m with a release list that leaves out the parties, m itself
// if there is no such mark.
func (v *Version) without(m marking.Marking, cut []tearline.Party) marking.Marking {
	codes, ok := m.ReleaseList()
	if !ok {
		return m
	}
	rest := slices.DeleteFunc(slices.Clone(codes), func(c string) bool {
		return slices.ContainsFunc(cut, func(p tearline.Party) bool { return string(p.ID) == c })
	})
	if len(rest) == len(codes) || len(rest) < 2 {
		return m // a list of the policy's own nation alone is none
	}
	was, to := strings.Join(codes, ", "), strings.Join(rest, ", ")
	tight, err := v.policy.Parse(strings.Replace(m.Portion(), was, to, 1))
	if err != nil || tight.Level() != m.Level() {
		return m
	}
	if got, ok := tight.ReleaseList(); !ok || !slices.Equal(got, rest) {
		return m
	}
	return tight
}

// bannerFor is the banner of this copy: the roll-up of its marks.
func (v *Version) bannerFor(s Spec) string {
	marks := v.marks(s)
	same := true
	for i := range marks {
		same = same && marks[i].Equal(v.items[i].Marking)
	}
	if same {
		return v.banner.Banner()
	}
	w := *v
	w.items = slices.Clone(v.items)
	for i := range marks {
		w.items[i].Marking = marks[i]
	}
	banner, err := w.rollUp()
	if err != nil {
		return "" // the page is refused without one
	}
	return banner.Banner()
}

// Record returns the record of the copy as far as the draft knows it: the
// statement that discloses it, and when it was made, are the caller's to fill
// in. It stays with the holder.
func (d *Draft) Record() tearline.Copy {
	c := d.record
	c.Seed = slices.Clone(c.Seed)
	return c
}

// Digest returns the digest of the copy's bytes, salted with its seed: what a
// disclosure must have as a subject.
func (d *Draft) Digest() tearline.Digest { return d.record.Digest }

// HandOut returns the rendering, against a receipt that proves that the
// holder's statement which discloses exactly these bytes as this copy to this
// recipient is in the ledger. The error wraps [ErrNoReceipt] otherwise.
func (d *Draft) HandOut(receipt ledger.Receipt) (tearline.Rendering, error) {
	if !receipt.Covers(d.record.Digest) {
		return tearline.Rendering{}, fmt.Errorf("copy %s: %w", d.record.ID, ErrNoReceipt)
	}
	s := receipt.Statement()
	says, ok := s.Says.(*tearline.Disclosure)
	if !ok || s.By != d.record.Holder || says.Copy != d.record.ID || says.Recipient != d.record.Recipient {
		return tearline.Rendering{}, fmt.Errorf("copy %s: the receipt is for another statement: %w", d.record.ID, ErrNoReceipt)
	}
	return tearline.Rendering{Copy: d.record.ID, MediaType: d.media, Bytes: bytes.Clone(d.bytes)}, nil
}

// String names the copy, and nothing of what is in it.
func (d *Draft) String() string { return fmt.Sprintf("draft of copy %s", d.record.ID) }

// GoString is String: no way of printing a draft prints its text.
func (d *Draft) GoString() string { return d.String() }
