// Package words says which ways of writing a word are one: endings, American and
// British spelling, numbers in words, figures and with what multiplies them, and
// what scanners take for each other. It knows English, and nothing but words in
// lower case without accents; it may not look at a text.
package words

import (
	"strings"

	"github.com/kljensen/snowball/english"
)

// numerals are the number words that count as the number.
var numerals = map[string]string{
	"zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8",
	"nine": "9", "ten": "10", "eleven": "11", "twelve": "12", "thirteen": "13", "fourteen": "14", "fifteen": "15",
	"sixteen": "16", "seventeen": "17", "eighteen": "18", "nineteen": "19", "twenty": "20", "thirty": "30", "forty": "40",
	"fifty": "50", "sixty": "60", "seventy": "70", "eighty": "80", "ninety": "90",
	"first": "1", "second": "2", "third": "3", "fourth": "4", "fifth": "5", "sixth": "6", "seventh": "7", "eighth": "8",
	"ninth": "9", "tenth": "10",
}

// magnitudes are the words that multiply a number, by the zeros they add.
var magnitudes = map[string]int{
	"hundred": 2, "thousand": 3, "k": 3, "million": 6, "millions": 6, "mln": 6, "mn": 6, "m": 6,
	"billion": 9, "billions": 9, "bln": 9, "bn": 9, "trillion": 12, "trln": 12, "tn": 12,
}

// One reports whether two words side by side are one: a number and what
// multiplies it, a ten and a one, or "per cent".
func One(a, b []byte) bool {
	if len(b) > 8 || len(a) > 24 {
		return false
	}
	first, second := string(a), string(b)
	if _, ok := magnitudes[second]; ok && len(second) > 1 {
		_, number := valueOf(first)
		return number && first != "second"
	}
	if first == "per" {
		return second == "cent"
	}
	return tens(first) && ones(second)
}

// tens and ones report whether a word is a round number from 20 to 90, and one
// from 1 to 9.
func tens(word string) bool { n := numerals[word]; return len(n) == 2 && n[0] >= '2' && n[1] == '0' }
func ones(word string) bool { n := numerals[word]; return len(n) == 1 && n != "0" }

// valueOf returns the value of a number however it is written, in decimal
// notation: "5.02mln", "5020000", "fivemillion", "5th", "twentyfive".
func valueOf(word string) (string, bool) {
	if n, ok := numerals[word]; ok {
		return n, true
	}
	i := 0
	for i < len(word) && (isDigit(word[i]) || word[i] == '.') {
		i++
	}
	number, rest := word[:i], word[i:]
	if i == 0 {
		if number, rest = numberWord(word); number == "" {
			return "", false
		}
	}
	switch zeros, ok := magnitudes[rest]; {
	case ok:
		return decimal(number, zeros), true
	case rest == "" || rest == "st" || rest == "nd" || rest == "rd" || rest == "th":
		return decimal(number, 0), true
	}
	return "", false
}

// numberWord returns the number that a word begins with, and what follows it.
func numberWord(word string) (number, rest string) {
	for n := min(len(word), 9); n >= 3; n-- {
		v, ok := numerals[word[:n]]
		if !ok {
			continue
		}
		rest = word[n:]
		if tens(word[:n]) && ones(rest) {
			return v[:1] + numerals[rest], ""
		}
		if _, ok := magnitudes[rest]; ok && len(rest) > 2 {
			return v, rest
		}
	}
	return "", ""
}

// decimal writes a number of digits, perhaps with a point, with so many zeros
// added, in one way.
func decimal(number string, zeros int) string {
	whole, part, _ := strings.Cut(number, ".")
	if strings.Contains(part, ".") {
		return number // a date, or a version
	}
	for range zeros {
		if part == "" {
			whole += "0"
			continue
		}
		whole, part = whole+part[:1], part[1:]
	}
	whole, part = strings.TrimLeft(whole, "0"), strings.TrimRight(part, "0")
	switch {
	case part != "":
		return whole + "." + part
	case whole == "":
		return "0"
	}
	return whole
}

// spellings are words that are spelt in several ways, by one of them; months
// are also written short.
var spellings = map[string]string{
	"programme": "program", "programmes": "programs", "aluminium": "aluminum", "grey": "gray", "tyre": "tire", "tyres": "tires",
	"cheque": "check", "cheques": "checks", "plough": "plow", "sceptic": "skeptic", "sceptical": "skeptical", "jewellery": "jewelry",
	"defence": "defense", "defences": "defenses", "offence": "offense", "offences": "offenses", "licence": "license",
	"licences": "licenses", "pretence": "pretense", "manoeuvre": "maneuver", "manoeuvres": "maneuvers", "pct": "percent", "whilst": "while",
	"jan": "january", "feb": "february", "apr": "april", "jun": "june", "jul": "july", "aug": "august", "sep": "september",
	"sept": "september", "oct": "october", "nov": "november", "dec": "december",
}

// spelling writes a word as Americans do. It need not be right, only the same
// for either way: "rize" is neither.
func spelling(word string) string {
	if as, ok := spellings[word]; ok {
		return as
	}
	if len(word) < 5 {
		return word
	}
	for _, x := range []string{"isation", "isations", "ise", "ised", "ises", "iser", "isers", "ising", "yse", "ysed", "ysing"} {
		if strings.HasSuffix(word, x) {
			n := len(word) - len(x)
			return word[:n] + x[:1] + "z" + x[2:]
		}
	}
	if i := strings.LastIndex(word, "our"); i >= 2 {
		switch word[i+3:] {
		case "", "s", "ed", "ing", "able", "ably", "al", "er", "ers", "ite", "ites", "hood", "less":
			return word[:i] + "or" + word[i+3:]
		}
	}
	for _, x := range [][2]string{{"tre", "ter"}, {"tres", "ters"}, {"ogue", "og"}, {"ogues", "ogs"}} {
		if head, ok := strings.CutSuffix(word, x[0]); ok {
			return head + x[1]
		}
	}
	if len(word) >= 8 {
		for _, x := range []string{"lled", "lling", "ller", "llers"} {
			if head, ok := strings.CutSuffix(word, x); ok {
				return head + x[1:]
			}
		}
	}
	return word
}

// misread writes alike what scanners take for each other, "rn" and "m".
func misread(stem string) string {
	if len(stem) < 4 {
		return stem
	}
	return strings.ReplaceAll(strings.ReplaceAll(stem, "rn", "m"), "vv", "w")
}

// misreadFigures writes figures within a word as the letters that scanners take
// for them.
func misreadFigures(word string) string {
	if len(word) < 4 || isDigit(word[0]) || !strings.ContainsAny(word, "015") {
		return word
	}
	return strings.NewReplacer("0", "o", "1", "l", "5", "s").Replace(word)
}

// Stem returns the stem of a word: Porter2 for a word in Latin
// letters, spelt one way, the value of a number, else the letters themselves.
func Stem(letters []byte) string {
	word := string(letters)
	if n, ok := valueOf(word); ok {
		return n
	}
	if len(word) < 3 || len(word) > 32 {
		return word
	}
	word = misreadFigures(word)
	for i := range len(word) {
		if word[i] < 'a' || word[i] > 'z' {
			return misread(word)
		}
	}
	return misread(english.Stem(spelling(word), false))
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
