package marks

import (
	"strings"

	"tearline/internal/text"
)

// How answers are shown to people: each appends one answer, in colours if there
// are any.

// ParsedText appends the answer to one mark: banner and portion, or why it is
// refused.
func ParsedText(dst []byte, a *Parsed, colour bool) []byte {
	if a.OK {
		dst = append(append(dst, a.Banner...), '\t')
		return append(append(dst, a.Portion...), '\n')
	}
	return appendRefused(dst, a.Input, a.Faults, colour)
}

// RolledUpText appends the answer to one document: its banner, and why.
func RolledUpText(dst []byte, a *RolledUp, colour bool) []byte {
	if a.Banner == "" {
		dst = append(dst, text.Style(text.Red, "refused", colour)...)
	} else {
		dst = append(dst, text.Style(text.Bold, a.Banner, colour)...)
	}
	dst = append(dst, '\n')
	return appendItems(appendItems(dst, "  ", a.Why), "  - ", a.Faults)
}

func appendRefused(dst []byte, input string, faults []Fault, colour bool) []byte {
	dst = append(append(dst, input...), '\t')
	dst = append(append(dst, text.Style(text.Red, "refused", colour)...), '\n')
	return appendItems(dst, "  - ", faults)
}

// appendItems appends each of several things in words, which lead begins.
func appendItems[T interface{ AppendText(dst []byte) []byte }](dst []byte, lead string, items []T) []byte {
	var words []byte
	for _, x := range items {
		words = x.AppendText(words[:0])
		dst = text.Wrap(dst, lead, "    ", string(words))
	}
	return dst
}

// CheckedText appends the answer to one document whose banner was declared.
func CheckedText(dst []byte, a *Checked, colour bool) []byte {
	dst = append(append(dst, a.Banner...), '\t')
	if a.OK {
		dst = append(dst, text.Style(text.Green, "right", colour)...)
	} else {
		dst = append(dst, text.Style(text.Red, "wrong", colour)...)
	}
	dst = append(dst, '\n')
	if a.Expected != "" && a.Expected != strings.TrimSpace(a.Banner) {
		dst = append(append(append(dst, "  "...), text.Style(text.Bold, a.Expected, colour)...), '\n')
	}
	return appendItems(dst, "  - ", a.Faults)
}

// ReleasableText appends who may have what a mark marks.
func ReleasableText(dst []byte, a *Releasable, colour bool) []byte {
	if !a.OK {
		return appendRefused(dst, a.Input, a.Faults, colour)
	}
	dst = append(append(dst, a.Input...), '\n')
	if len(a.Keep) > 0 {
		dst = text.Wrap(dst, "  may keep: ", "    ", strings.Join(a.Keep, ", "))
	}
	if len(a.See) > 0 {
		dst = text.Wrap(dst, "  may see: ", "    ", strings.Join(a.See, ", "))
	}
	if a.Silent {
		dst = text.Wrap(dst, "  ", "    ", "it says nothing of release to others: an official or the originator has to")
	}
	return dst
}

// MendedText appends a mark as it should be, and what of it was otherwise.
func MendedText(dst []byte, a *Mended, colour bool) []byte {
	if !a.OK {
		return appendRefused(dst, a.Input, a.Faults, colour)
	}
	return appendItems(append(append(dst, a.Text...), '\n'), "  - ", a.Done)
}

// LintedText appends a mark, and all that can be said of it.
func LintedText(dst []byte, a *Parsed, colour bool) []byte {
	dst = ParsedText(dst, a, colour)
	if a.OK {
		dst = appendItems(dst, "  - ", a.Faults)
	}
	return dst
}

// AccessText appends what a mark lets a person do, and why.
func AccessText(dst []byte, a *Access, colour bool) []byte {
	if !a.OK {
		return appendRefused(dst, a.Input, a.Faults, colour)
	}
	dst = append(append(append(dst, a.Input...), '\t'), a.Access...)
	return appendItems(append(dst, '\n'), "  - ", a.Reasons)
}
