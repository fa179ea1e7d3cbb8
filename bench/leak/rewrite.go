package main

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

var word = regexp.MustCompile(`\pL+`)

// eachWord has words replaced.
func eachWord(text string, do func(string) string) string { return word.ReplaceAllStringFunc(text, do) }

// middle puts something into the middle of a word.
func middle(w, put string) string {
	r := []rune(w)
	return string(r[:len(r)/2]) + put + string(r[len(r)/2:])
}

func softHyphens(_ *dice, text string) string {
	return eachWord(text, func(w string) string {
		if utf8.RuneCountInString(w) < 8 {
			return w
		}
		return middle(w, "\u00ad")
	})
}

// curly is what word processors make of straight quotes and double hyphens.
func curly(_ *dice, text string) string {
	var b strings.Builder
	open := true
	before := ' '
	for _, r := range strings.NewReplacer("--", "—", " - ", " – ").Replace(text) {
		switch {
		case r == '"' && open:
			b.WriteRune('“')
			open = false
		case r == '"':
			b.WriteRune('”')
			open = true
		case r == '\'' && unicode.IsSpace(before):
			b.WriteRune('‘')
		case r == '\'':
			b.WriteRune('’')
		default:
			b.WriteRune(r)
		}
		before = r
	}
	return b.String()
}

func invisible(d *dice, text string) string {
	none := []string{"\u200b", "\u200c", "\u200d", "\u2060", "\ufeff"}
	return eachWord(text, func(w string) string {
		if !d.chance(.1) {
			return w
		}
		return middle(w, pick(d, none))
	})
}

func lookalikes(d *dice, text string) string {
	like := strings.NewReplacer("a", "а", "c", "с", "e", "е", "i", "і", "j", "ј", "o", "ο", "p", "р", "s", "ѕ", "v", "ν", "x", "х", "y", "у",
		"A", "Α", "B", "В", "E", "Ε", "H", "Н", "K", "Κ", "M", "М", "O", "О", "P", "Ρ", "T", "Т", "X", "Χ")
	return eachWord(text, func(w string) string {
		if !d.chance(.2) {
			return w
		}
		return like.Replace(w)
	})
}

// divided breaks lines at 60 characters; a long word that does not fit is
// divided with a hyphen.
func divided(_ *dice, text string) string {
	const width = 60
	var b strings.Builder
	at := 0
	for w := range strings.FieldsSeq(text) {
		n := utf8.RuneCountInString(w)
		left := width - at - 1
		switch {
		case at == 0:
		case n <= left:
			b.WriteByte(' ')
			at++
		case left >= 5 && n >= 8 && n-left >= 2 && onlyLetters(w):
			r := []rune(w)
			b.WriteString(" " + string(r[:left-1]) + "-\n")
			w, n, at = string(r[left-1:]), n-left+1, 0
		default:
			b.WriteByte('\n')
			at = 0
		}
		b.WriteString(w)
		at += n
	}
	return b.String()
}

func onlyLetters(w string) bool {
	return !strings.ContainsFunc(w, func(r rune) bool { return !unicode.IsLetter(r) })
}

// confusions are what readers of scanned pages take for each other.
var confusions = []struct{ is, seems string }{
	{"rn", "m"}, {"m", "rn"}, {"l", "1"}, {"1", "l"}, {"O", "0"}, {"0", "O"}, {"e", "c"}, {"c", "e"}, {"h", "b"}, {"u", "n"}, {"n", "u"}, {"t", "f"}, {"S", "5"}, {"B", "8"}, {"i", "j"}, {"cl", "d"}, {"w", "vv"},
}

// misread confuses about two in a hundred characters, and loses one in five of
// those.
func misread(d *dice, text string) string {
	var b strings.Builder
	for i := 0; i < len(text); {
		_, n := utf8.DecodeRuneInString(text[i:])
		if !d.chance(.02) {
			b.WriteString(text[i : i+n])
			i += n
			continue
		}
		seems := ""
		if !d.chance(.2) {
			start := d.under(len(confusions))
			seems = text[i : i+n]
			for k := range confusions {
				c := confusions[(start+k)%len(confusions)]
				if strings.HasPrefix(text[i:], c.is) {
					seems, n = c.seems, len(c.is)
					break
				}
			}
		}
		b.WriteString(seems)
		i += n
	}
	return b.String()
}

// spellings are British and American; endings are those of whole words.
var spellings = func() map[string]string {
	const pairs = "colour color, colours colors, labour labor, favour favor, favoured favored, favourite favorite, harbour harbor, honour honor, " +
		"humour humor, neighbour neighbor, neighbours neighbors, neighbouring neighboring, rumour rumor, rumours rumors, behaviour behavior, endeavour endeavor, " +
		"centre center, centres centers, theatre theater, metre meter, metres meters, kilometre kilometer, kilometres kilometers, litre liter, litres liters, fibre fiber, " +
		"defence defense, offence offense, licence license, practise practice, pretence pretense, programme program, programmes programs, catalogue catalog, dialogue dialog, " +
		"cheque check, tonne ton, tonnes tons, grey gray, tyre tire, tyres tires, plough plow, sceptical skeptical, aluminium aluminum, manoeuvre maneuver, " +
		"travelled traveled, travelling traveling, cancelled canceled, labelled labeled, modelling modeling, signalled signaled, totalled totaled, fuelled fueled, " +
		"organisation organization, organisations organizations, organised organized, organise organize, realise realize, realised realized, recognise recognize, recognised recognized, " +
		"authorised authorized, authorise authorize, criticised criticized, emphasised emphasized, stabilise stabilize, privatisation privatization, liberalisation liberalization, " +
		"utilisation utilization, nationalised nationalized, rationalisation rationalization, reorganisation reorganization, capitalisation capitalization, analyse analyze, analysed analyzed, " +
		"judgement judgment, acknowledgement acknowledgment, ageing aging, instalment installment, instalments installments, fulfil fulfill, skilful skillful, enrol enroll"
	m := map[string]string{}
	for pair := range strings.SplitSeq(pairs, ", ") {
		a, b, _ := strings.Cut(pair, " ")
		m[a], m[b] = b, a
	}
	return m
}()

func respelt(_ *dice, text string) string {
	return eachWord(text, func(w string) string {
		low := strings.ToLower(w)
		other, ok := spellings[low]
		switch {
		case !ok:
			return w
		case w[0] != low[0]:
			return strings.ToUpper(other[:1]) + other[1:]
		}
		return other
	})
}

var (
	amountOf = regexp.MustCompile(`\b(\d+(?:\.\d+)?|one|two|three|four|five|six|seven|eight|nine|ten) (mln|million|bln|billion)\b`)
	perCent  = regexp.MustCompile(`\b(\d+(?:\.\d+)?)(?: pct| percent| per cent|%)`)
	grouped  = regexp.MustCompile(`\b\d{1,3}(?:,\d{3})+\b`)
	small    = regexp.MustCompile(`\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b`)
)

var smallNumbers = strings.Fields("zero one two three four five six seven eight nine ten eleven twelve")

func digitsOf(s string) string {
	for i, w := range smallNumbers {
		if w == s {
			return strconv.Itoa(i)
		}
	}
	return s
}

// renumbered writes numbers in one of their other forms.
func renumbered(d *dice, text string) string {
	text = grouped.ReplaceAllStringFunc(text, func(s string) string { return strings.ReplaceAll(s, ",", "") })
	text = amountOf.ReplaceAllStringFunc(text, func(s string) string {
		number, unit, _ := strings.Cut(s, " ")
		zeros, other := 6, map[string]string{"mln": "million", "million": "mln", "bln": "billion", "billion": "bln"}[unit]
		if unit[0] == 'b' {
			zeros = 9
		}
		number = digitsOf(number)
		if d.chance(.5) {
			return number + " " + other
		}
		whole, rest, _ := strings.Cut(number, ".")
		return thousands(strings.TrimLeft(whole+rest+strings.Repeat("0", max(zeros-len(rest), 0)), "0"))
	})
	text = perCent.ReplaceAllString(text, "$1 per cent")
	return small.ReplaceAllStringFunc(text, digitsOf)
}

// thousands parts them by commas.
func thousands(s string) string {
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

var adjective = regexp.MustCompile(`\b([a-z]+(?:al|ive|ous|ful|ic|able|ary|ish|ese|ian)) ([a-z]{4,})\b`)

// reordered moves words as a translation might: what stands before a comma goes
// behind it, and an adjective behind its noun.
func reordered(_ *dice, text string) string {
	sentences := strings.SplitAfter(adjective.ReplaceAllString(text, "$2 $1"), ". ")
	for i, s := range sentences {
		body, end, ok := strings.Cut(s, ". ")
		if ok {
			end = ". " + end
		}
		first, second, two := strings.Cut(body, ", ")
		if two && first != "" && second != "" {
			sentences[i] = second + ", " + first + end
		}
	}
	return strings.Join(sentences, "")
}
