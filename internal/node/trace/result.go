package trace

import (
	"fmt"
	"math"
	"time"

	"tearline"
	"tearline/internal/text"
	"tearline/leak/match"
	"tearline/leak/weights"
)

// A Question is what is to be traced, and how.
type Question struct {
	// Text is the leaked text, UTF-8.
	Text string
	// Seen is when it was published; what was passed on later is no exposure.
	// Zero is now.
	Seen time.Time
	// Record puts the sighting into the ledger; Where says where the text was
	// found.
	Record bool
	Where  string
	// Case is the case into whose file the sighting is put, "" if none, and
	// Officer who keeps it.
	Case, Officer string
	// Warrant and Investigator say on whose order, and by whom.
	Warrant, Investigator string
	// Weights of the evidence other than the program's; nil for those.
	Weights *weights.Weights
}

// Result is what a leaked text draws on, who could have been its source as far
// as is recorded, and whose copies read like it.
type Result struct {
	// Leak is the text, in which offsets into the leak count.
	Leak string `json:"leak"`
	// Seen is when the text was published.
	Seen time.Time `json:"seen"`
	// Banners are the roll-up of the markings of all portions shown, one for
	// each policy that they are of.
	Banners []string `json:"banners"`
	Archive Archive  `json:"archive"`
	// Matches are best first; those that cannot have been the source come
	// after the others, and the weak ones last.
	Matches []Match `json:"matches"`
	Who     Who     `json:"who"`
	// ExposedTo and Copies are of the matches that count; see [Match.Counts].
	ExposedTo []Party `json:"exposed_to"`
	Copies    []Copy  `json:"copies"`
	// Points is at how many places the text shows an alternative of the
	// wording of these portions: by that many copies could be told apart.
	Points   int       `json:"points"`
	Sighting *Sighting `json:"sighting,omitempty"`
}

// An Archive is what the text was compared with.
type Archive struct {
	Portions int `json:"portions"`
	// Index is the version of the index that was asked; empty if every
	// portion was read.
	Index string `json:"index"`
	// Calibrated says in words what the E-values rest on; empty if there are
	// none.
	Calibrated string `json:"calibrated"`
}

// Kinds of matches beside those of package match.
const (
	// SameEvent: the same matter, which the text need not have from here.
	SameEvent match.Kind = "same event"
	// Weak: so little that a person has to look. It counts for nothing.
	Weak match.Kind = "weak"
)

// A Match is one portion held on which the text draws.
type Match struct {
	Report  tearline.ReportID  `json:"report"`
	Portion tearline.PortionID `json:"portion"`
	Marking string             `json:"marking"`
	Kind    match.Kind         `json:"kind"`
	// EValue is the expected number of false matches as good as this one, for
	// an unrelated text of this length; null if nothing was calibrated.
	EValue *float64 `json:"evalue"`
	Score  float64  `json:"score"` // bits
	Spans  []Span   `json:"spans"`
	// Passages are the portion's matched words, for a reader.
	Passages []string `json:"passages"`
	// Text is the whole wording of the portion, as its author wrote it.
	Text string `json:"text"`
	// Words are the words that stand for each other, in the order of the leak.
	Words []Word `json:"words"`
	// Evidence adds up to Score.
	Evidence []Evidence `json:"evidence"`
	Details  Details    `json:"details"`
	// Shared are the rarest words that both have.
	Shared []Shared `json:"shared"`
	// Public are background items that have the same passage, dated before
	// the text, the oldest first.
	Public  []Public `json:"public"`
	Verdict Verdict  `json:"verdict"`
	// Originators are those who have a say in the portion.
	Originators []tearline.PartyID `json:"originators"`
	// Bases are those on which the portion had gone out before the leak, each
	// with the statements that it rested on; and whether any went without.
	Bases []Basis `json:"bases"`
}

// Ref names the portion.
func (m *Match) Ref() tearline.PortionRef {
	return tearline.PortionRef{Report: m.Report, Portion: m.Portion}
}

// Counts reports whether the match says anything of who could have been the
// source: it is not weak, and the portion was there before the text.
func (m *Match) Counts() bool {
	return m.Kind != Weak && m.Verdict.Finding != NotTheSource
}

// Chance says in words how often an unrelated text matches as well.
func (m *Match) Chance() string {
	switch {
	case m.EValue == nil || math.IsNaN(*m.EValue):
		return "how often chance does as well is not known"
	case *m.EValue > 0.5 && *m.EValue < 0.95:
		return "more than every other text of this length has one as good by chance"
	case *m.EValue >= 0.95:
		return fmt.Sprintf("any text of this length has about %s as good by chance", text.Thousands(int(math.Round(min(*m.EValue, 1e9)))))
	case *m.EValue < 1e-6:
		return "fewer than 1 in 1,000,000 unrelated texts of this length do as well by chance"
	}
	// Two figures; more would claim what no calibration gives.
	n := 1 / *m.EValue
	unit := math.Pow(10, max(0, math.Floor(math.Log10(n))-1))
	return fmt.Sprintf("1 in %s unrelated texts of this length does as well by chance", text.Thousands(int(math.Round(n/unit)*unit)))
}

// Telling returns the evidence that tells anything, and what was held before
// looking at it; together they are the score.
func (m *Match) Telling() (before float64, told []Evidence) {
	for _, e := range m.Evidence {
		switch {
		case e.Term == match.BeforeLooking:
			before = e.Bits
		case math.Abs(e.Bits) >= 0.05:
			told = append(told, e)
		}
	}
	return before, told
}

// A Span is a passage that both texts have, as UTF-8 byte offsets.
type Span struct {
	Leak    [2]int `json:"leak"`
	Portion [2]int `json:"portion"`
}

// How two words stand for each other.
const (
	Same    = "same"
	Stem    = "stem"
	Changed = "changed"
)

// A Word is a pair of words that stand for each other, as UTF-8 byte offsets.
type Word struct {
	Leak    [2]int  `json:"leak"`
	Portion [2]int  `json:"portion"`
	How     string  `json:"how"` // same, stem or changed
	Bits    float64 `json:"bits"`
}

// Evidence is what one property of a match tells.
type Evidence struct {
	Term  string  `json:"term"`
	Value float64 `json:"value"`
	Bits  float64 `json:"bits"`
}

// Details are a portion's names and numbers that at most three portions of the
// archive have.
type Details struct {
	Of         int          `json:"of"`
	Reproduced []Reproduced `json:"reproduced"`
	Altered    []Altered    `json:"altered"`
	Missing    []string     `json:"missing"`
}

// A Reproduced detail stands in both texts.
type Reproduced struct {
	Text    string `json:"text"`
	Leak    [2]int `json:"leak"`
	Portion [2]int `json:"portion"`
	In      int    `json:"in"` // portions of the archive
}

// An Altered detail stands in the leak as another.
type Altered struct {
	Text     string `json:"text"`
	LeakText string `json:"leak_text"`
}

// A Shared word stands in so many of the archive's portions.
type Shared struct {
	Word string  `json:"word"`
	In   int     `json:"in"`
	Of   int     `json:"of"`
	Bits float64 `json:"bits"`
}

// Public is a background item, published before the text, that has the same
// passage.
type Public struct {
	Source    string     `json:"source"`
	Title     string     `json:"title"`
	URL       string     `json:"url"`
	Published time.Time  `json:"published"`
	Kind      match.Kind `json:"kind"`
	// Details is how many of the reproduced details it has.
	Details int `json:"details"`
	// Text is what it says: details are looked up in it.
	Text string `json:"-"`
}

// A Basis is one earlier disclosure of a matched portion.
type Basis struct {
	Disclosure tearline.StatementID `json:"disclosure"`
	Recipient  tearline.PartyID     `json:"recipient"`
	Unit       string               `json:"unit,omitempty"`
	Person     string               `json:"person,omitempty"`
	Mode       tearline.Mode        `json:"mode"`
	Occurred   time.Time            `json:"occurred"`
	AfterFact  bool                 `json:"after_fact,omitempty"`
	Outcome    tearline.Outcome     `json:"outcome"`
	Basis      tearline.Basis       `json:"basis"`
}

// A Party had been given matched portions before the leak.
type Party struct {
	Party    tearline.PartyID      `json:"party"`
	Portions []tearline.PortionRef `json:"portions"`
	First    time.Time             `json:"first"`
}

// A Copy holds matched portions. Copies are compared with the text only by
// attribution, which two persons ask for.
type Copy struct {
	Copy      tearline.CopyID  `json:"copy"`
	Recipient tearline.PartyID `json:"recipient"`
}

// A Sighting is the ledger's record of the leak.
type Sighting struct {
	Statement tearline.StatementID `json:"statement"`
	Index     int64                `json:"index"`
}

// Compared says by how much copies could be told apart, and how.
func (r *Result) Compared() string {
	if r.Points == 0 {
		return "Nothing in the text shows which copy's wording it has."
	}
	return fmt.Sprintf("The text shows %s, by which copies can be compared: tearline attribute, for which two persons ask.",
		text.Count(r.Points, "marked place", "marked places"))
}

// Hits are the portions that say anything of the text, if at most so many
// false matches as good are to be expected; 0 leaves that to the search.
func (r *Result) Hits(atMost float64) []string {
	var out []string
	for i := range r.Matches {
		m := &r.Matches[i]
		if m.Counts() && (atMost == 0 || m.EValue != nil && *m.EValue <= atMost) {
			out = append(out, m.Ref().String())
		}
	}
	return out
}

// Sees returns what a party says that has seen a leak in the open.
func (r *Result) Sees(seen time.Time, where string) *tearline.Sighting {
	says := &tearline.Sighting{Seen: seen, Where: where, Matches: []tearline.PortionRef{}}
	for i := range r.Matches {
		if m := &r.Matches[i]; m.Counts() {
			says.Matches = append(says.Matches, m.Ref())
		}
	}
	return says
}
