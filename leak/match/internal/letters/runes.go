package letters

import "unicode"

// Invisible reports whether r shows nothing and so can be planted in a text.
func Invisible(r rune) bool {
	switch r {
	case 0x034F, 0x115F, 0x1160, 0x3164, 0xFFA0: // joiner, fillers
		return true
	}
	return unicode.In(r, unicode.Cf, unicode.Variation_Selector)
}

// Ideograph reports whether r belongs to a script that puts nothing between
// words; there, every character counts as a word.
func Ideograph(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}
