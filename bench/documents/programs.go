package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"html"
	"mime/quotedprintable"
	"slices"
	"strings"

	"tearline/codec"
	"tearline/codec/document"
)

// A line is a paragraph of the report that all programs are given, as a person
// reads it. kind is p, h2, ul, ol or td; a cell that ends its row is tr.
type line struct{ mark, kind, text string }

const banner = "SECRET//NOFORN"

var headLines = []string{"Report: USA-2026-0777", "Originator: USA", "Policy: us", "Date: 2026-03-01"}

// story is that report. It fills more than two pages.
var story = func() []line {
	long := "The convoy left the harbour of Vellmar before dawn with three lorries and a generator under canvas, went north along the quay, and was seen again at noon by the watch at the second lock, where it waited for an escort that did not come until the evening."
	list := []line{
		{"(U)", "h2", "What was seen"},
		{"(U)", "p", "The mole at Vellmar is closed from Thursday on, as its harbour master has announced."},
		{"(S//NF)", "p", long},
		{"(C)", "ul", "Three lorries with covered plates"},
		{"(U)", "ul", "One generator of 40 kVA"},
		{"(S//NF)", "ul", "An escort of two cars, which came late"},
		{"(U)", "h2", "What it means"},
		{"(C)", "p", "It is likely that the works at the second lock go on without the crane (see the table), which was promised for May."},
		{"(U)", "ol", "The crane is at Orsk"},
		{"(S//NF)", "ol", "Its driver has left the country"},
		{"(U)", "td", "Lock"},
		{"(U)", "td", "Crane"},
		{"(U)", "tr", "Weight"},
		{"(C)", "td", "first"},
		{"(C)", "td", "yes"},
		{"(C)", "tr", "40 t"},
		{"(S//NF)", "td", "second"},
		{"(S//NF)", "td", "no"},
		{"(S//NF)", "tr", "60 t"},
		{"(U)", "h2", "What came before"},
	}
	for i, day := range strings.Fields("Monday Tuesday Wednesday Thursday Friday Saturday Sunday") {
		list = append(list, line{[]string{"(U)", "(C)", "(S//NF)"}[i%3], "p", "On " + day + " it was otherwise. " + long})
	}
	return list
}()

// without are the lines of the story but those of some kinds.
func without(kinds ...string) []line {
	return slices.DeleteFunc(slices.Clone(story), func(l line) bool { return slices.Contains(kinds, l.kind) })
}

// A page writes the story in HTML, as some program does.
type page struct {
	begin, end string
	// para and cell are paragraphs and what stands in a cell; item is one of a
	// list. Each has one %s.
	para, head, item, cell string
}

func (p page) html(list []line) string {
	var b strings.Builder
	b.WriteString(p.begin)
	for _, t := range append([]string{banner}, headLines...) {
		fmt.Fprintf(&b, p.para+"\n", html.EscapeString(t))
	}
	in := "" // the list or table that is open
	for i, l := range list {
		kind := l.kind
		if kind == "tr" {
			kind = "td"
		}
		if open := map[string]string{"ul": "ul", "ol": "ol", "td": "table"}[kind]; open != in {
			if in != "" {
				b.WriteString("</" + in + ">\n")
			}
			if in = open; in == "table" {
				b.WriteString(`<table border="1" cellspacing="0" cellpadding="4">` + "\n")
			} else if in != "" {
				b.WriteString("<" + in + ">\n")
			}
		}
		text := html.EscapeString(l.mark + " " + l.text)
		switch kind {
		case "h2":
			fmt.Fprintf(&b, p.head+"\n", text)
		case "p":
			fmt.Fprintf(&b, p.para+"\n", text)
		case "ul", "ol":
			fmt.Fprintf(&b, p.item+"\n", text)
		default:
			if i == 0 || list[i-1].kind != "td" {
				b.WriteString("<tr>")
			}
			fmt.Fprintf(&b, p.cell, text)
			if l.kind == "tr" {
				b.WriteString("</tr>\n")
			}
		}
	}
	if in != "" {
		b.WriteString("</" + in + ">\n")
	}
	fmt.Fprintf(&b, p.para+"\n", banner)
	return b.String() + p.end
}

// Pages as they are written by hand, by an editor on the web, and by a program
// for mails.
var (
	byHand = page{
		"<!DOCTYPE html>\n<html lang=en><head><meta charset=utf-8></head><body>\n", "</body></html>\n",
		"<p>%s</p>", "<h2>%s</h2>", "<li>%s</li>", "<td>%s</td>",
	}
	inColumns = page{
		"<!DOCTYPE html>\n<html lang=en><head><meta charset=utf-8><style>body{columns:2;column-gap:1cm;font-family:serif}</style></head><body>\n",
		byHand.end, byHand.para, byHand.head, byHand.item, byHand.cell,
	}
	onTheWeb = page{
		`<html><head><meta content="text/html; charset=UTF-8" http-equiv="content-type"><style type="text/css">.c0{color:#000000;font-weight:400;text-decoration:none;vertical-align:baseline;font-size:11pt;font-family:"Arial";font-style:normal}` +
			`.c1{padding-top:0pt;padding-bottom:0pt;line-height:1.15;orphans:2;widows:2;text-align:left}.c3{background-color:#ffffff;max-width:451.4pt;padding:72pt 72pt 72pt 72pt}</style></head><body class="c3 doc-content">`,
		"</body></html>", `<p class="c1"><span class="c0">%s</span></p>`, `<h2 class="c1" id="h.gjdgxs"><span class="c0">%s</span></h2>`,
		`<li class="c1 li-bullet-0"><span class="c0">%s</span></li>`, `<td class="c1" colspan="1" rowspan="1"><p class="c1"><span class="c0">%s</span></p></td>`,
	}
	forMail = page{
		`<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word" xmlns="http://www.w3.org/TR/REC-html40"><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"><meta name="Generator" content="a program for mails (filtered medium)">` +
			"<style><!--\np.MsoNormal, li.MsoNormal, div.MsoNormal\n\t{margin:0cm;\n\tfont-size:11.0pt;\n\tfont-family:\"Calibri\",sans-serif;}\n--></style></head><body lang=\"EN-GB\" link=\"#0563C1\" vlink=\"#954F72\" style=\"word-wrap:break-word\"><div class=\"WordSection1\">\n",
		"</div></body></html>", `<p class="MsoNormal"><span lang="EN-US">%s<o:p></o:p></span></p><p class="MsoNormal"><o:p>&nbsp;</o:p></p>`, `<h2><span lang="EN-US">%s<o:p></o:p></span></h2>`,
		`<li class="MsoListParagraph" style="margin-left:0cm;mso-list:l0 level1 lfo1"><span lang="EN-US">%s<o:p></o:p></span></li>`,
		`<td width="200" valign="top" style="width:150.0pt;padding:0cm 5.4pt 0cm 5.4pt"><p class="MsoNormal"><span lang="EN-US">%s<o:p></o:p></span></p></td>`,
	}
)

// typed is the story as text, as people type it.
func typed(list []line) string {
	var b strings.Builder
	b.WriteString(banner + "\n\n" + strings.Join(headLines, "\n") + "\n")
	for _, l := range list {
		fmt.Fprintf(&b, "\n%s%s %s\n", map[string]string{"ul": "* ", "ol": "- "}[l.kind], l.mark, l.text)
	}
	b.WriteString("\n" + banner + "\n")
	return b.String()
}

func quoted(s string) string {
	var b bytes.Buffer
	w := quotedprintable.NewWriter(&b)
	_, _ = w.Write([]byte(s)) // into memory
	_ = w.Close()
	return b.String()
}

const mailHead = "From: Mara Quill <mara@quay.example>\r\nTo: watch@lock.example\r\nSubject: Closure of the mole\r\nDate: Sun, 1 Mar 2026 09:30:00 +0000\r\nMessage-ID: <1@quay.example>\r\nMIME-Version: 1.0\r\n"

// both is a mail in text and in HTML.
func both(p page, list []line) string {
	return mailHead + "Content-Type: multipart/alternative; boundary=\"b1\"\r\n\r\n--b1\r\nContent-Type: text/plain; charset=\"UTF-8\"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" +
		quoted(typed(list)) + "\r\n--b1\r\nContent-Type: text/html; charset=\"UTF-8\"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + quoted(p.html(list)) + "\r\n--b1--\r\n"
}

// troff is the story for groff, whose tables are not tried.
func troff() string {
	var b strings.Builder
	b.WriteString(".pl 29.7c\n.LP\n" + banner + "\n")
	for _, h := range headLines {
		b.WriteString(".LP\n" + h + "\n")
	}
	begin := map[string]string{"h2": ".SH", "p": ".LP", "ul": ".IP \\(bu 2", "ol": ".IP \\(bu 2"}
	for _, l := range without("td", "tr") {
		fmt.Fprintf(&b, "%s\n%s %s\n", begin[l.kind], l.mark, l.text)
	}
	return b.String()
}

// ours is the story as we write it in a format.
func ours(s *shop, format string) ([]byte, error) {
	docs, err := s.Read("page", []byte(byHand.html(story)), document.Order{})
	if err != nil {
		return nil, err
	}
	if err := docs[0].Faults.Err(); err != nil {
		return nil, err
	}
	if format == document.JSON {
		return codec.MarshalLine(docs[0].Report)
	}
	b, _, err := s.Write(docs[0].Report, format)
	return b, err
}

// scanned are pages that are pictures.
func scanned(s *shop) ([]byte, error) {
	b, err := ours(s, document.PDF)
	if err != nil {
		return nil, err
	}
	png, err := s.through(b, "pdf", "png", "sh", "-c", "pdftoppm -r 60 -f 1 -singlefile -png IN > OUT")
	if err != nil {
		return nil, err
	}
	return s.chromium(`<!DOCTYPE html><img style="width:100%" src="data:image/png;base64,` + base64.StdEncoding.EncodeToString(png) + `">`)
}

// reals are the documents, by the programs that make them.
func reals() []real {
	office, pandoc, chromium := []string{"soffice"}, []string{"pandoc"}, []string{"chromium"}
	text := func(s string) func(*shop) ([]byte, error) {
		return func(*shop) ([]byte, error) { return []byte(s), nil }
	}
	by := func(source func(*shop) ([]byte, error), do func(s *shop, b []byte) ([]byte, error)) func(*shop) ([]byte, error) {
		return func(s *shop) ([]byte, error) {
			b, err := source(s)
			if err != nil {
				return nil, err
			}
			return do(s, b)
		}
	}
	written := func(format string) func(*shop) ([]byte, error) {
		return func(s *shop) ([]byte, error) { return ours(s, format) }
	}
	saved := func(as, filter string) func(*shop, []byte) ([]byte, error) {
		return func(s *shop, b []byte) ([]byte, error) { return s.office(b, "docx", as, filter) }
	}
	through := func(from, to string, args ...string) func(*shop, []byte) ([]byte, error) {
		return func(s *shop, b []byte) ([]byte, error) { return s.through(b, from, to, args...) }
	}
	hand := text(byHand.html(story))
	pandocked := by(hand, through("html", "docx", "pandoc", "-f", "html", "-o", "OUT", "IN"))
	printed := func(p page, list []line) func(*shop) ([]byte, error) {
		return func(s *shop) ([]byte, error) { return s.chromium(p.html(list)) }
	}
	return []real{
		{"HTML by hand", nil, hand, story, ""},
		{"HTML of an editor on the web", nil, text(onTheWeb.html(story)), story, ""},
		{"HTML of a program for mails", nil, text(forMail.html(story)), story, ""},
		{"HTML by pandoc", pandoc, by(pandocked, through("docx", "html", "pandoc", "-s", "--metadata", "title=USA-2026-0777", "-f", "docx", "-o", "OUT", "IN")), story, ""},
		{"HTML by LibreOffice", office, by(pandocked, saved("html", "")), story, ""},
		{"mail with HTML", nil, text(both(byHand, without("td", "tr"))), without("td", "tr"), ""},
		{"mail with HTML of a program for mails", nil, text(both(forMail, without("td", "tr"))), without("td", "tr"), ""},
		{"mail in text", nil, text(mailHead + "Content-Type: text/plain; charset=utf-8\r\n\r\n" + strings.ReplaceAll(typed(story), "\n", "\r\n")), story, ""},
		{"mailbox of one", nil, text("From mara@quay.example Sun Mar  1 09:30:00 2026\n" + strings.ReplaceAll(mailHead, "\r", "") + "Content-Type: text/plain; charset=utf-8\n\n" + typed(story)), story, ""},
		{"text as typed", nil, text(typed(story)), story, ""},
		{"text by pandoc", pandoc, by(hand, through("html", "txt", "pandoc", "-f", "html", "-t", "plain", "-o", "OUT", "IN")), story, ""},
		{"text by pandoc, tables left out", pandoc, by(text(byHand.html(without("td", "tr"))), through("html", "txt", "pandoc", "-f", "html", "-t", "plain", "-o", "OUT", "IN")), without("td", "tr"), ""},
		{"text by LibreOffice", office, by(pandocked, saved("txt", "Text (encoded):UTF8")), story, ""},
		{"text by groff", []string{"groff"}, by(text(troff()), through("ms", "txt", "sh", "-c", "groff -ms -Tutf8 -P-c -P-b -P-u IN > OUT")), without("td", "tr"), ""},
		{"DOCX by pandoc", pandoc, pandocked, story, ""},
		{"DOCX by pandoc from Markdown", pandoc, by(hand, through("html", "docx", "sh", "-c", "pandoc -f html -t gfm IN | pandoc -f gfm -o OUT")), story, ""},
		{"DOCX by LibreOffice", office, by(hand, func(s *shop, b []byte) ([]byte, error) {
			odt, err := s.office(b, "html", "odt", "writer8")
			if err != nil {
				return nil, err
			}
			return s.office(odt, "odt", "docx", "MS Word 2007 XML")
		}), story, ""},
		{"DOCX by LibreOffice, Office Open XML", office, by(pandocked, saved("docx", "Office Open XML Text")), story, ""},
		{"our DOCX, saved by LibreOffice", office, by(written(document.Word), saved("docx", "MS Word 2007 XML")), story, ""},
		{"our DOCX, through pandoc", pandoc, by(written(document.Word), through("docx", "docx", "pandoc", "-f", "docx", "-o", "OUT", "IN")), story, ""},
		{"PDF by LibreOffice from pandoc's DOCX", office, by(pandocked, saved("pdf", "")), story, ""},
		{"PDF by LibreOffice, tagged", office, by(pandocked, saved("pdf", `writer_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"true"}}`)), story, ""},
		{"PDF by LibreOffice from our DOCX", office, by(written(document.Word), saved("pdf", "")), story, ""},
		{"PDF by Chromium", chromium, printed(byHand, story), story, ""},
		{"PDF by Chromium, two columns", chromium, printed(inColumns, without("td", "tr")), without("td", "tr"), ""},
		{"PDF by Chromium, of the editor on the web", chromium, printed(onTheWeb, story), story, ""},
		{"PDF by groff", []string{"groff", "gropdf"}, by(text(troff()), through("ms", "pdf", "sh", "-c", "groff -ms -Tpdf IN > OUT")), without("td", "tr"), ""},
		{"our PDF, packed by qpdf", []string{"qpdf"}, by(written(document.PDF), through("pdf", "pdf", "qpdf", "--object-streams=generate", "--linearize", "IN", "OUT")), story, ""},
		{"our PDF, with a password", []string{"qpdf"}, by(written(document.PDF), through("pdf", "pdf", "qpdf", "--encrypt", "quay", "lock", "256", "--", "IN", "OUT")), nil, "password"},
		{"a scan", []string{"chromium", "pdftoppm"}, scanned, nil, "scan"},
	}
}
