// Package pagemarks puts what pictures of pages show into the words in which
// copies are compared: which alternatives, and how words are shifted. The picture
// is read by package leak/fingerprint/layout, blindly; nothing is compared here,
// and nobody named.
package pagemarks

import (
	"errors"
	"math"

	"tearline"
	"tearline/codec"
	"tearline/internal/attribution"
	"tearline/internal/pagepicture"
	"tearline/leak/fingerprint/layout"
)

// Reader reads pictures against the versions that were given out. A picture on
// which none of them is, is left out; one that cannot be read at all is an error
// of kind Invalid.
func Reader(pictures []pagepicture.Picture) func(versions []codec.Page) ([]attribution.Page, error) {
	return func(versions []codec.Page) ([]attribution.Page, error) {
		var out []attribution.Page
		for _, p := range pictures {
			got, err := layout.Read(p.Image, layout.Reference{Versions: versions})
			if errors.Is(err, layout.ErrNoFit) {
				continue
			}
			if err != nil {
				return nil, &tearline.Error{Op: "picture", Kind: tearline.Invalid, Err: err, Public: err.Error()}
			}
			out = append(out, page(&got))
		}
		return out, nil
	}
}

func page(got *layout.Reading) attribution.Page {
	out := attribution.Page{}
	of := func(id tearline.PortionID) *attribution.PageOf {
		if out[id] == nil {
			out[id] = &attribution.PageOf{Seen: map[int]int{}}
		}
		return out[id]
	}
	for _, x := range got.Points {
		if x.Alternative != layout.Erased {
			of(x.Portion).Seen[x.Point] = x.Alternative
		}
	}
	for _, c := range got.Carriers {
		if c.Value != 0 {
			p := of(c.Portion)
			p.Shifts = append(p.Shifts, attribution.Shift{Word: c.Word, Right: c.Value > 0, Percent: int(math.Round(100 * c.Class.FlipRate()))})
		}
	}
	return out
}
