package spif

import (
	"strings"

	"tearline/marking/internal/xmltree"
)

// maxPhrase is the length in bytes of the longest name, phrase or qualifier.
const maxPhrase = 256

// A phrase is a markingData element.
type phrase struct {
	lang string // lower case, "" for any
	text string
	has  bool // there is a phrase, be it empty
	page bool // it is for the head or foot of a page

	noName, noMarking, suppress, replace bool
}

// A qualifier is text before, between or after parts of a marking.
type qualifier struct {
	lang, code, text string
}

// The codes of places. A phrase without one is for a page.
const (
	pages  = "pageTop pageBottom pageTopBottom"
	places = "documentStart documentEnd firstLineOfText lastLineOfText subject xHeader portionMarking inputTitle waterMark"
)

// phrases reads the markingData elements of n.
func (r *reader) phrases(n *xmltree.Node) []phrase {
	var out []phrase
	for _, c := range n.All("markingData") {
		x := phrase{lang: lang(c)}
		x.text, x.has = attr(c, "phrase")
		x.text = r.short(c, "phrase", x.text)
		placed := false
		for _, code := range c.All("code") {
			switch s := code.Text; {
			case lists(pages, s):
				x.page, placed = true, true
			case lists(places, s):
				placed = true
			case s == "noNameDisplay":
				x.noName = true
			case s == "noMarkingDisplay":
				x.noMarking = true
			case s == "suppressClassName":
				x.suppress = true
			case s == "replacePolicy":
				x.replace = true
			default:
				r.at(code, ruleValue, "", "marking code %s is none", quote(s))
			}
		}
		if !placed {
			x.page = true
		}
		if x.replace && !x.has {
			r.at(c, ruleMissing, "an empty phrase takes the policy's name away", "replacePolicy has no phrase to put in the policy's place")
		}
		out = append(out, x)
	}
	return out
}

// qualifiers reads the markingQualifier elements of n that are for a page.
func (r *reader) qualifiers(n *xmltree.Node) []qualifier {
	var out []qualifier
	for _, c := range n.All("markingQualifier") {
		code, ok := attr(c, "markingCode")
		if old, alias := attr(c, "code"); alias && !ok {
			code, ok = old, true
			r.note(c, ruleUnknown, "code is read as markingCode")
		}
		page := !ok
		for s := range strings.FieldsSeq(code) {
			switch {
			case lists(pages, s):
				page = true
			case !lists(places, s):
				r.at(c, ruleValue, "", "marking code %s is no place", quote(s))
			}
		}
		for _, q := range c.All("qualifier") {
			x := qualifier{lang: lang(q), code: r.need(q, "qualifierCode")}
			x.text, ok = attr(q, "markingQualifier")
			if !ok {
				r.at(q, ruleMissing, "", "there is no markingQualifier")
			}
			x.text = r.short(q, "markingQualifier", x.text)
			if x.code != "" && !lists("prefix separator suffix", x.code) {
				r.at(q, ruleValue, "prefix, separator or suffix", "qualifierCode %s is none", quote(x.code))
			}
			if page {
				out = append(out, x)
			}
		}
	}
	return out
}

// affixes reads the qualifiers of a single name, which has nothing to separate.
func (r *reader) affixes(n *xmltree.Node) []qualifier {
	out := r.qualifiers(n)
	for _, q := range out {
		if q.code == "separator" {
			r.at(n, ruleUnsupported, "", "a single name has nothing to separate")
		}
	}
	return out
}

// lang returns the language of an element, "" for any.
func lang(n *xmltree.Node) string {
	for _, a := range n.Attrs {
		if isLang(a.Name.Space, a.Name.Local) {
			return strings.ToLower(strings.TrimSpace(a.Value))
		}
	}
	return ""
}

// chain lists the languages whose phrases serve for one, the best first:
// "fr-ca", "fr", "" (RFC 4647 §3.4, look-up).
func chain(language string) []string {
	s := strings.ToLower(strings.TrimSpace(language))
	if len(s) > 64 { // longer than any tag
		s = ""
	}
	var out []string
	for s != "" {
		out = append(out, s)
		i := strings.LastIndexByte(s, '-')
		s = s[:max(i, 0)]
	}
	return append(out, "")
}

// find returns the first phrase, by language and then by the file, that is for
// a page and that fits.
func find(phrases []phrase, langs []string, fits func(phrase) bool) (phrase, bool) {
	for _, l := range langs {
		for _, x := range phrases {
			if x.lang == l && x.page && fits(x) {
				return x, true
			}
		}
	}
	return phrase{}, false
}

// qualify returns the first qualifier of that code by language; an empty one
// counts as none.
func qualify(quals []qualifier, langs []string, code, otherwise string) string {
	for _, l := range langs {
		for _, q := range quals {
			if q.lang == l && q.code == code && q.text != "" {
				return q.text
			}
		}
	}
	return otherwise
}
