package answer

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"tearline"
	"tearline/release"
	"tearline/sanitize"
)

// A Warning says what of a report somebody in danger could be told now, and
// whose consent would add how much. It contains no text: that leaves as a
// recorded copy only.
type Warning struct {
	Report    tearline.ReportID `json:"report"`
	Recipient tearline.PartyID  `json:"recipient"`
	At        time.Time         `json:"at"`
	// Banner is the tear line's, "" if nothing could be told.
	Banner   string               `json:"banner"`
	Kept     []tearline.PortionID `json:"kept"`
	Replaced []tearline.PortionID `json:"replaced"`
	Dropped  []tearline.PortionID `json:"dropped"`
	// Words are in what could be told now, titles among them.
	Words int `json:"words"`
	// WouldAdd are consents of a single originator first, then of several
	// together; of each, those that add the most words first.
	WouldAdd []sanitize.Gain `json:"would_add"`
}

// Warn says what a decision on a report lets its recipient be told.
func Warn(r *tearline.Report, d release.Decision) (Warning, error) {
	q := d.Request()
	w := Warning{Report: r.ID, Recipient: q.Recipient, At: q.At, Kept: []tearline.PortionID{}, Replaced: []tearline.PortionID{}, Dropped: []tearline.PortionID{}}
	v, err := sanitize.TearLine(r, d)
	switch {
	case errors.Is(err, sanitize.ErrNothing):
		v = &sanitize.Version{}
		for _, verdict := range d.Verdicts() {
			w.Dropped = append(w.Dropped, verdict.Portion)
		}
	case err != nil:
		return Warning{}, fmt.Errorf("warn of %s: %w", r.ID, err)
	default:
		w.Banner = v.Banner().Banner()
		w.Kept, w.Replaced, w.Dropped = append(w.Kept, v.Kept()...), append(w.Replaced, v.Replaced()...), append(w.Dropped, v.Dropped()...)
		for _, it := range v.Items() {
			w.Words += len(strings.Fields(it.Wording.Plain()))
		}
	}
	w.WouldAdd = v.Gains(r, d)
	slices.SortStableFunc(w.WouldAdd, func(a, b sanitize.Gain) int { return min(len(a.Consents), 2) - min(len(b.Consents), 2) })
	return w, nil
}
