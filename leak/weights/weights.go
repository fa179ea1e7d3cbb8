// Package weights holds what was learned about evidence: how much each kind of
// it tells that one text draws on another, in bits, and how often chance does as
// well. Both are numbers in one file, [Weights], that anybody can read: a curve
// for each kind of evidence, which only ever rises or only ever falls where more
// of it cannot mean the opposite, and a formula of five coefficients.
//
// They are fitted to texts of which it is known what they draw on ([Train],
// [FitChance]); the weights that come with the program, [Default], were fitted
// to other people's news and books, of which nothing is in them but these
// numbers.
//
// It may not look at a text or an archive: it is given numbers.
package weights

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"sync"
)

// Weights are what was learned.
type Weights struct {
	Format int    `json:"format"`
	Model  Model  `json:"model"`
	Chance Chance `json:"chance"`
	// From says in words what they were fitted to.
	From string `json:"from"`
}

const format = 1

//go:embed default.json
var defaults []byte

// Default returns the weights that come with the program.
var Default = sync.OnceValue(func() *Weights {
	w, err := parse(defaults)
	if err != nil {
		panic(err) // a test reads them
	}
	return w
})

// MaxFile is the most bytes that [Read] takes.
const MaxFile = 1 << 20

// Read reads a file of weights. It errs on anything that is not one: a curve
// whose knots do not rise, a number that is none, a formula by which chance
// does better the more there is to explain.
func Read(r io.Reader) (*Weights, error) {
	b, err := io.ReadAll(io.LimitReader(r, MaxFile+1))
	if err != nil {
		return nil, err
	}
	if len(b) > MaxFile {
		return nil, fmt.Errorf("weights of more than %d bytes", MaxFile)
	}
	return parse(b)
}

func parse(b []byte) (*Weights, error) {
	w := new(Weights)
	if err := json.Unmarshal(b, w); err != nil {
		return nil, fmt.Errorf("weights: %w", err)
	}
	if w.Format != format {
		return nil, fmt.Errorf("weights of format %d; this program reads %d", w.Format, format)
	}
	return w, errors.Join(w.Model.check(), w.Chance.check())
}

func (m *Model) check() error {
	for _, t := range m.Terms {
		if len(t.Knots) != len(t.Bits) {
			return fmt.Errorf("weights of %q: %d knots and %d values", t.Name, len(t.Knots), len(t.Bits))
		}
		for i := range t.Knots {
			if i > 0 && !(t.Knots[i] > t.Knots[i-1]) || !sound(t.Knots[i]) || !sound(t.Bits[i]) {
				return fmt.Errorf("weights of %q: knots must rise", t.Name)
			}
		}
	}
	return nil
}

// sound reports whether a number is one that sums and products can be made of.
func sound(x float64) bool { return math.Abs(x) <= 1e6 }

// Write writes them as a file.
func (w *Weights) Write(out io.Writer) error {
	now := *w // which others may be reading
	now.Format = format
	enc := json.NewEncoder(out)
	enc.SetIndent("", " ")
	return enc.Encode(now)
}
