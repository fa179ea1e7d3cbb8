// Package sentence says where sentences end. Readers of pages, and the writer
// whose pages they are to read, must agree on it: what follows the end of a
// sentence on another page may be another paragraph.
//
// It takes a text and may know nothing of lines, pages or languages.
package sentence

import (
	"strings"
	"unicode/utf8"
)

// Ends reports whether a text ends a sentence: with a full stop or its like,
// behind which there may be quotes, brackets and the number of a note.
func Ends(text string) bool {
	text = strings.TrimRight(text, `"'”’»)]0123456789`)
	last, _ := utf8.DecodeLastRuneInString(text)
	return strings.ContainsRune(".!?:;…。！？", last)
}
