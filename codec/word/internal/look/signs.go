package look

import (
	"strings"
)

// superscripts and subscripts are the raised and lowered characters that
// Unicode has.
var (
	Superscripts = pairs("0⁰1¹2²3³4⁴5⁵6⁶7⁷8⁸9⁹+⁺-⁻−⁻=⁼(⁽)⁾nⁿiⁱaᵃbᵇcᶜdᵈeᵉfᶠgᵍhʰjʲkᵏlˡmᵐoᵒpᵖrʳsˢtᵗuᵘvᵛwʷxˣyʸzᶻªªºº°°")
	Subscripts   = pairs("0₀1₁2₂3₃4₄5₅6₆7₇8₈9₉+₊-₋−₋=₌(₍)₎aₐeₑhₕiᵢjⱼkₖlₗmₘnₙoₒpₚrᵣsₛtₜuᵤvᵥxₓ")
)

// FontSigns are the signs of fonts that have their own, as far as reports use them.
var FontSigns = map[string]map[rune]rune{
	"symbol":    pairs("aαbβgγdδeεmμpπsσwωlλDΔWΩSΣ°°±±£≤³≥¹≠®→¬←·•"),
	"wingdings": pairs("§▪l●n■q❑v❖ü✓û✗þ☑ý☒à→ß←·•¨◻o□J☺"),
}

func pairs(s string) map[rune]rune {
	m := map[rune]rune{}
	r := []rune(strings.ToValidUTF8(s, ""))
	for i := 0; i+1 < len(r); i += 2 {
		m[r[i]] = r[i+1]
	}
	return m
}

// Signs returns what a text in a font of signs looks like. Such fonts stand in
// the private range as well, where Word puts them.
func Signs(font, text string) (string, bool) {
	m := FontSigns[font]
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
