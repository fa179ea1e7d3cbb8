package leaks

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"tearline"
	"tearline/codec"
	"tearline/internal/text"
	"tearline/internal/warrant/shards"
	"tearline/leak/train"
	"tearline/leak/weights"
)

const (
	// An archive of fewer documents has not enough to say about chance.
	leastCalibrated = 2000
	// decoys is how many portions are held against all others.
	decoys = 200
	// calibrateAgain: when it has grown by this factor, it is asked again.
	calibrateAgain = 2

	uncalibrated = "how often chance does as well is as other archives have it"
)

// A calibration is what an archive said of itself.
type calibration struct {
	Documents int     `json:"documents"`
	Texts     int     `json:"texts"`
	Factor    float64 `json:"factor"`
}

// calibration returns the factor by which chance does better here, and what
// E-values rest on, in words.
func (sh *shelf) calibration() (factor float64, words string) {
	var c calibration
	b, ok := sh.index.Calibration()
	if !ok || json.Unmarshal(b, &c) != nil || c.Factor <= 0 {
		return 1, uncalibrated
	}
	return c.Factor, fmt.Sprintf("calibrated with %d reports of this archive, each held against all others, when it had %s portions", c.Texts, text.Thousands(c.Documents))
}

// calibrate asks the archive, if it has grown much since it was asked last,
// how often chance does well in it.
func (sh *shelf) calibrate(ctx context.Context, b Books) error {
	n := sh.index.Stats().Documents
	var was calibration
	if c, ok := sh.index.Calibration(); ok {
		_ = json.Unmarshal(c, &was) // what does not read is as good as none
	}
	if n < leastCalibrated || n < calibrateAgain*was.Documents && was.Documents <= calibrateAgain*n {
		return nil
	}
	lessons, err := lessons(b)
	if err != nil {
		return err
	}
	snap := sh.index.Snapshot(func(shards.Shard) bool { return true })
	defer snap.Release()
	factor, err := train.Calibrate(ctx, snap.Archive(), weights.Default(), lessons)
	if err != nil {
		return err
	}
	c, err := json.Marshal(calibration{Documents: n, Texts: len(lessons), Factor: factor})
	if err != nil {
		return err
	}
	return sh.index.SetCalibration(c)
}

// lessons are portions from all over the archive, each of which draws on its
// own report alone.
func lessons(b Books) ([]train.Lesson, error) {
	reports, err := b.Tx.CountReports(b.Party)
	if err != nil {
		return nil, err
	}
	var out []train.Lesson
	seen := map[tearline.ReportID]bool{}
	for i := range int64(decoys) {
		rows, err := b.Tx.Reports(b.Party, (i+1)*reports/decoys+1, 1)
		if err != nil {
			return nil, err
		}
		if len(rows) == 0 || seen[rows[0].ID] {
			continue
		}
		seen[rows[0].ID] = true
		row, ok, err := b.Tx.Report(b.Party, rows[0].ID)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		r, err := codec.UnmarshalReport(row.Body)
		if err != nil {
			return nil, err
		}
		if l := lesson(r); l.Text != "" {
			out = append(out, l)
		}
	}
	return out, nil
}

// A decoy is as long as an article, if its report is, and no shorter than a
// sentence.
const leastDecoy, mostDecoy = 80, 2400

// lesson is the text of a report, which draws on its own portions.
func lesson(r *tearline.Report) train.Lesson {
	var l train.Lesson
	var words strings.Builder
	for i := range r.Portions {
		p := &r.Portions[i]
		if words.Len() < mostDecoy {
			words.WriteString(p.Wording.Plain())
			words.WriteString("\n\n")
		}
		l.DrawsOn = append(l.DrawsOn, tearline.PortionRef{Report: r.ID, Portion: p.ID}, tearline.PortionRef{Report: r.ID, Portion: tearline.TearOf(p.ID)})
	}
	if words.Len() >= leastDecoy {
		l.Text = words.String()
	}
	return l
}
