package look

import (
	"strings"
	"unicode"
)

// superscripts and subscripts are the raised and lowered characters that
// Unicode has.
var (
	superscripts = pairs("0⁰1¹2²3³4⁴5⁵6⁶7⁷8⁸9⁹+⁺-⁻−⁻=⁼(⁽)⁾nⁿiⁱaᵃbᵇcᶜdᵈeᵉfᶠgᵍhʰjʲkᵏlˡmᵐoᵒpᵖrʳsˢtᵗuᵘvᵛwʷxˣyʸzᶻªªºº°°")
	subscripts   = pairs("0₀1₁2₂3₃4₄5₅6₆7₇8₈9₉+₊-₋−₋=₌(₍)₎aₐeₑhₕiᵢjⱼkₖlₗmₘnₙoₒpₚrᵣsₛtₜuᵤvᵥxₓ")
)

// fontSigns are the signs of fonts that have their own, as far as reports use them.
var fontSigns = map[string]map[rune]rune{
	"symbol":    pairs("aαbβgγdδeεmμpπsσwωlλDΔWΩSΣ°°±±£≤³≥¹≠®→¬←·•"),
	"wingdings": pairs("§▪l●n■q❑v❖ü✓û✗þ☑ý☒à→ß←·•¨◻o□J☺"),
}

// HasSigns reports whether the signs of a font, in small letters, are known.
func HasSigns(font string) bool { return fontSigns[font] != nil }

func pairs(s string) map[rune]rune {
	m := map[rune]rune{}
	r := []rune(strings.ToValidUTF8(s, ""))
	for i := 0; i+1 < len(r); i += 2 {
		m[r[i]] = r[i+1]
	}
	return m
}

// signs returns what a text in a font of signs looks like. Such fonts stand in
// the private range as well, where Word puts them.
func signs(font, text string) (string, bool) {
	m := fontSigns[font]
	var b strings.Builder
	for _, c := range text {
		if c >= 0xf000 && c <= 0xf0ff {
			c -= 0xf000
		}
		switch to, ok := m[c]; {
		case ok:
			c = to
		case c == ' ', c == '\t', c == '\n':
		case font == "symbol" && (c >= '0' && c <= '9' || strings.ContainsRune("()+.,/:;<=>", c)):
		default:
			return "", false
		}
		_, _ = b.WriteRune(c) // it never fails
	}
	return b.String(), true
}

// Showing names what makes letters show as others: a font, or being raised or
// lowered. It is "" if nothing does.
func (f Face) Showing() string {
	if f.Font != "" {
		return "the font " + f.Font
	}
	return f.vertical
}

// Shown returns what a text looks like: in a font of signs, raised or lowered. It
// reports whether that is known.
func (f Face) Shown(text string) (string, bool) {
	var m map[rune]rune
	switch {
	case f.Font != "":
		return signs(f.Font, text)
	case f.vertical == "superscript":
		m = superscripts
	case f.vertical == "subscript":
		m = subscripts
	default:
		return text, true
	}
	var b strings.Builder
	for _, c := range text {
		if to, ok := m[c]; ok {
			c = to
		} else if !unicode.IsSpace(c) {
			return "", false
		}
		_, _ = b.WriteRune(c) // it never fails
	}
	return b.String(), true
}
