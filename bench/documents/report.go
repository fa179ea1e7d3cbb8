package main

import (
	"fmt"
	"strings"

	"tearline"
	"tearline/codec"
	_ "tearline/marking/policies" // the marks of reports
)

// made are words so many that five of them never follow each other twice: what is
// withheld would else be found in what is not.
var made = func() []string {
	parts := strings.Fields("va lo mer ti sun kar el do ri pan ghe os ul bra ni tor se wim ax cu dal fe hor ju ket lam mo nur po qui")
	out := make([]string, 0, len(parts)*len(parts)*len(parts))
	for _, a := range parts {
		for _, b := range parts {
			for _, c := range parts {
				out = append(out, a+b+c)
			}
		}
	}
	return out
}()

// scripts are the words of invented reports.
var scripts = []struct {
	name  string
	words []string
}{
	{"made words", made},
	{"Latin", strings.Fields("the convoy left harbour before dawn with three lorries and a generator nobody saw its escort return from Vellmar at noon (as reported) near pier 12")},
	{"Cyrillic", strings.Fields("Колонна вышла из порта до рассвета водитель назвал имя «Верган» дважды и уехал на север")},
	{"composed letters", strings.Fields("Zażółć gęślą jaźń naïve façade Żółw ằ ệ ȭ Đorđe Šarić e\u0301tude")},
	{"Hebrew", strings.Fields("השיירה יצאה מהנמל לפני עלות השחר עם שלוש משאיות (לפי דיווח) אתמול")},
	{"Arabic", strings.Fields("غادرت القافلة الميناء قبل الفجر مع ثلاث شاحنات نحو الشمال")},
	{"Chinese", strings.Fields("车队在黎明前离开港口，带着三辆卡车。 船団は夜明け前に港を出た。")},
}

// marks are those of portions; the partner of the benchmark may have the first
// three.
var marks = []string{"(U)", "(C//REL TO USA, GBR)", "(S//REL TO USA, GBR)", "(C)", "(S//NF)", "(TS//SI//NF)"}

// invent writes a report of about so many portions in one script.
func invent(id, script string, seed uint64, portions int) (*tearline.Report, error) {
	r := &dice{seed}
	var words []string
	for _, s := range scripts {
		if s.name == script {
			words = s.words
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "---\nid: %s\noriginator: USA\npolicy: us\ndate: 2026-03-01\n---\n", id)
	text := func(least, most int) string {
		out := make([]string, least+r.below(most-least+1))
		for i := range out {
			out[i] = words[r.below(len(words))]
		}
		return marks[r.below(len(marks))] + " " + strings.Join(out, " ") + "."
	}
	for n := 0; n < portions; {
		switch r.below(18) {
		case 0:
			fmt.Fprintf(&b, "%s %s\n\n", strings.Repeat("#", 2+r.below(2)), text(2, 6))
			n++
		case 1:
			for i := range 2 + r.below(4) {
				fmt.Fprintf(&b, "%d. %s\n", i+1, text(3, 20))
				n++
			}
			b.WriteByte('\n')
		case 2:
			columns := 2 + r.below(3)
			for row := range 2 + r.below(4) {
				for range columns {
					b.WriteString("| " + text(1, 8) + " ")
					n++
				}
				b.WriteString("|\n")
				if row == 0 {
					b.WriteString(strings.Repeat("|---", columns) + "|\n")
				}
			}
			b.WriteByte('\n')
		default:
			b.WriteString(text(40, 120) + "\n\n")
			n++
		}
	}
	return codec.ParseMarkdown([]byte(b.String()))
}

// dice are seeded: the same reports each time (SplitMix64).
type dice struct{ state uint64 }

// below is a number from 0 to n−1.
func (d *dice) below(n int) int {
	d.state += 0x9e3779b97f4a7c15
	z := d.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return int((z ^ z>>31) >> 33 % uint64(n)) //nolint:gosec // n is positive, the rest below it
}
