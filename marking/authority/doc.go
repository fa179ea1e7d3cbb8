// Package authority reads, writes and rolls up classification authority
// blocks: the lines at the foot of a document's first page that say who
// classified it, on what authority, and until when.
//
//	b, err := authority.Parse(text)
//	b.Declassify.Exemption              // "25X1"
//	rolled, err := authority.RollUp("J. Bloggs, Analyst", sources, today)
//	b.Status("2046-01-02").Past         // is it past its date?
//
// The block is never in the banner (CAPCO 2016 §I: not since 2009), and says
// nothing of who may have a document. The package may not declassify: that a
// date has passed is a fact that an owner acts on. It is pure: days come in as
// arguments, YYYY-MM-DD.
//
// # Grammar
//
// Lines may come in any order, in any case and spacing, with empty lines
// between them; what is written is this:
//
//	block     = "Classified By: " text NL [ "Derived From: " text NL ] [ "Reason: " text NL ] "Declassify On: " on
//	on        = portions / exempt / term / retired
//	portions  = "N/A to " ( aea / "NATO" / aea " and NATO" ) " portions. See source list for NSI portions."
//	aea       = "RD" / "FRD" / "TFNI", several parted by "/"
//	exempt    = exemption *( SP exemption ) [ ", " term ] / "25X1, EO 12951"
//	exemption = "25X" digit / "50X" digit / "75X" [ digit ] / "50X1-HUM" / "50X2-WMD"     ; digit 1 to 9
//	term      = date / event / date " or " event
//	date      = YYYYMMDD                            ; read too: 2035-12-31, December 31, 2035, 31 December 2035
//	retired   = "OADR" / "MR" / "X" 1-8 … / "DNI Only" / "DCI Only" / "25X1-human" [ ", " term ]
//	            / "Subject to treaty or international agreement" / "Source Marked " retired [ ", date of source " date ]
//
// "Derivatively Classified By", "Classification Reason" and "Reason for
// Classification" are read as the labels that they stand for; "1.4c" as
// "1.4(c)". Anything else that begins like an exemption or a date, and is
// none, is a fault and not an event. A block needs the first line, the last,
// and one of the two between (CAPCO 2016 §E.1-2).
//
// # Roll-up
//
// [RollUp] follows the hierarchy of CAPCO 2016 §E.3, the strongest first:
// portions to which no date applies; 75X; 50X1-HUM, then 50X2-WMD; 50X; imagery
// (25X1, EO 12951); 25X with a date or event; 25X without, 50 years from the
// source's date; a date; an event; nothing, 25 years from the source's date.
// Retired instructions count as nothing, 25X1-human as 50X1-HUM (§E.6). Within
// a place what never ends is before an event, that before a date, a later date
// before an earlier one, and then the lowest number. Where a source of a lower
// place may end later, the hierarchy still decides, and Rolled.Advice says so.
//
// # ISM
//
// [FromAttributes] and [Block.Attributes] take and give the values of ISM
// attributes; [Attributes.Lines] writes what ODNI's stylesheets write, the
// lines about controlled unclassified information with it.
package authority
