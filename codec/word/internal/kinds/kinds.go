// Package kinds lists what can stand in a Word file: the elements that are known
// to show nothing, those that hide something, with what to say of them, and the
// parts that belong to such a file. What is in no list is not known, and whoever
// meets it makes a fault of it. It has tables alone.
package kinds

// The lists of what is known. What stands on none of them is a fault.

// Set is a list of names to look them up in.
func Set(names ...string) map[string]bool {
	m := map[string]bool{}
	for _, n := range names {
		m[n] = true
	}
	return m
}

// RunProps are the properties of runs that may be there. Those that hide text
// are looked at by themselves.
var RunProps = Set(
	"w:rStyle", "w:rFonts", "w:b", "w:bCs", "w:i", "w:iCs", "w:caps", "w:smallCaps", "w:strike", "w:dstrike",
	"w:outline", "w:shadow", "w:emboss", "w:imprint", "w:noProof", "w:snapToGrid", "w:vanish", "w:webHidden",
	"w:color", "w:spacing", "w:w", "w:kern", "w:position", "w:sz", "w:szCs", "w:highlight", "w:u", "w:effect",
	"w:bdr", "w:shd", "w:fitText", "w:vertAlign", "w:rtl", "w:cs", "w:em", "w:lang", "w:eastAsianLayout",
	"w:specVanish", "w:oMath", "w:rPrChange", "w:ins", "w:del", "w:moveFrom", "w:moveTo", "mc:AlternateContent",
	"w14:glow", "w14:shadow", "w14:reflection", "w14:textOutline", "w14:textFill", "w14:scene3d", "w14:props3d",
	"w14:ligatures", "w14:numForm", "w14:numSpacing", "w14:stylisticSets", "w14:cntxtAlts",
)

// ParaPropNames are the properties of paragraphs that may be there.
var ParaPropNames = Set(
	"w:pStyle", "w:keepNext", "w:keepLines", "w:pageBreakBefore", "w:framePr", "w:widowControl", "w:numPr",
	"w:suppressLineNumbers", "w:pBdr", "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:kinsoku", "w:wordWrap",
	"w:overflowPunct", "w:topLinePunct", "w:autoSpaceDE", "w:autoSpaceDN", "w:bidi", "w:adjustRightInd",
	"w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing", "w:mirrorIndents", "w:suppressOverlap", "w:jc",
	"w:textDirection", "w:textAlignment", "w:textboxTightWrap", "w:outlineLvl", "w:divId", "w:cnfStyle", "w:rPr",
	"w:sectPr", "w:pPrChange", "w15:collapsed",
)

// Furniture are elements that show nothing and say nothing, wherever they
// stand among blocks or pieces of a paragraph.
var Furniture = Set(
	"w:pPr", "w:rPr", "w:proofErr", "w:bookmarkEnd", "w:permStart", "w:permEnd", "w:sectPr", "w:tblPr", "w:tblGrid",
	"w:moveFromRangeStart", "w:moveFromRangeEnd", "w:moveToRangeStart", "w:moveToRangeEnd",
	"w:customXmlInsRangeStart", "w:customXmlInsRangeEnd", "w:customXmlDelRangeStart", "w:customXmlDelRangeEnd",
	"w:customXmlMoveFromRangeStart", "w:customXmlMoveFromRangeEnd", "w:customXmlMoveToRangeStart",
	"w:customXmlMoveToRangeEnd", "w:trPr", "w:tblPrEx", "w:tcPr", "w:commentRangeEnd", "w:lastRenderedPageBreak",
	"w:softHyphen", "w:footnoteRef", "w:endnoteRef", "w:separator", "w:continuationSeparator", "w:annotationRef",
)

// Inside are elements that only hold others.
var Inside = Set("w:dir", "w:sdtContent")

// A Trap is an element that a report cannot take, with what to say of it.
type Trap struct{ Text, Hint string }

// How to mend what hides.
const (
	HintChanges = "in Word: Review, accept or reject all changes"
	HintFlat    = "take it out, or set it as plain text"
)

// Traps are the elements that a report cannot take.
var Traps = map[string]Trap{
	"w:del":               {"a tracked deletion", HintChanges},
	"w:moveFrom":          {"text that was moved away, with changes tracked", HintChanges},
	"w:delText":           {"a tracked deletion", HintChanges},
	"w:delInstrText":      {"a tracked deletion", HintChanges},
	"w:commentRangeStart": {"a comment", "in Word: Review, delete all comments"},
	"w:commentReference":  {"a comment", "in Word: Review, delete all comments"},
	"w:object":            {"an embedded object", HintPicture},
	"w:control":           {"a control", HintRemove},
	"w:ruby":              {"text above other text (ruby)", HintFlat},
	"w:contentPart":       {"drawn ink", HintPicture},
	"w:altChunk":          {"a foreign document inside this one", "open it, and copy its text into this one"},
	"w:subDoc":            {"a document that this one refers to", "copy its text into this one"},
	"w:bdo":               {"text whose direction is turned over", HintFlat},
	"m:oMath":             {"an equation", HintPicture},
	"m:oMathPara":         {"an equation", HintPicture},
	"w:dayShort":          {"a date that Word puts in by itself", "type it as text"},
	"w:dayLong":           {"a date that Word puts in by itself", "type it as text"},
	"w:monthShort":        {"a date that Word puts in by itself", "type it as text"},
	"w:monthLong":         {"a date that Word puts in by itself", "type it as text"},
	"w:yearShort":         {"a date that Word puts in by itself", "type it as text"},
	"w:yearLong":          {"a date that Word puts in by itself", "type it as text"},
	"w:movie":             {"an embedded object", HintPicture},
	"w:cellDel":           {"a cell deleted with changes tracked", HintChanges},
	"w:tbl":               {"a table inside a cell", "set it as a table of its own"},
	"o:OLEObject":         {"an embedded object", HintPicture},
}

// SdtProps are what may be said of a content control.
var SdtProps = Set(
	"w:rPr", "w:lock", "w:placeholder", "w:temporary", "w:id", "w:equation", "w:date", "w:docPartObj", "w:docPartList",
	"w:picture", "w:richText", "w:text", "w:citation", "w:group", "w:bibliography", "w:label", "w:tabIndex",
	"w:alias", "w:tag", "w:showingPlcHdr", "w:dataBinding", "w:comboBox", "w:dropDownList",
	"w14:checkbox", "w15:repeatingSection", "w15:repeatingSectionItem", "w15:color", "w15:appearance",
	"w15:dataBinding", "w15:webExtensionLinked", "w15:webExtensionCreated", "w15:docPartObj", "w16:dataHash",
)

// A Share is what becomes of a part that a relation leads to.
type Share struct {
	Note  string // what to say when it is left out
	Fault string // or why it cannot be
	Hint  string
}

// Parts are the kinds of parts that are known beside those that are read.
// Those with neither words may hold no text.
var Parts = map[string]Share{
	"styles": {}, "stylesWithEffects": {}, "settings": {}, "webSettings": {}, "fontTable": {}, "theme": {}, "numbering": {},
	"themeOverride": {}, "customXmlProps": {},
	"header":                      {Fault: "a header that no part of the document uses", Hint: "remove it, or show it"},
	"footer":                      {Fault: "a footer that no part of the document uses", Hint: "remove it, or show it"},
	"footnotes":                   {Fault: "notes that nothing refers to", Hint: HintInspect},
	"endnotes":                    {Fault: "notes that nothing refers to", Hint: HintInspect},
	"glossaryDocument":            {Fault: "building blocks with text, which nobody sees", Hint: "copy the visible text into a new file"},
	"thumbnail":                   {Note: "the small picture of the first page is left out"},
	"font":                        {Note: "embedded fonts are left out"},
	"printerSettings":             {Note: "settings of a printer are left out"},
	"people":                      {Note: "the list of the people who worked on the document is left out"},
	"digital-signature/origin":    {Note: "the digital signature is left out"},
	"digital-signature/signature": {Note: "the digital signature is left out"},
	"core-properties":             {}, "extended-properties": {}, "extendedProperties": {}, "custom-properties": {}, "customProperties": {},
	"customXml":             {Fault: "data that nobody sees (custom XML)", Hint: HintInspect},
	"comments":              {Fault: "comments", Hint: "in Word: Review, delete all comments"},
	"commentsExtended":      {Fault: "comments", Hint: "in Word: Review, delete all comments"},
	"commentsExtensible":    {Fault: "comments", Hint: "in Word: Review, delete all comments"},
	"commentsIds":           {Fault: "comments", Hint: "in Word: Review, delete all comments"},
	"image":                 {Fault: "a picture that stands nowhere in the text", Hint: "copy the visible text into a new file"},
	"oleObject":             {Fault: "an embedded object", Hint: HintPicture},
	"package":               {Fault: "an embedded file", Hint: HintPicture},
	"control":               {Fault: "a control", Hint: HintRemove},
	"activeXControlBinary":  {Fault: "a control", Hint: HintRemove},
	"chart":                 {Fault: "a chart, with the data behind it", Hint: HintPicture},
	"chartEx":               {Fault: "a chart, with the data behind it", Hint: HintPicture},
	"chartUserShapes":       {Fault: "a chart, with the data behind it", Hint: HintPicture},
	"diagramData":           {Fault: "a diagram (SmartArt)", Hint: HintPicture},
	"diagramLayout":         {Fault: "a diagram (SmartArt)", Hint: HintPicture},
	"diagramQuickStyle":     {Fault: "a diagram (SmartArt)", Hint: HintPicture},
	"diagramColors":         {Fault: "a diagram (SmartArt)", Hint: HintPicture},
	"diagramDrawing":        {Fault: "a diagram (SmartArt)", Hint: HintPicture},
	"vbaProject":            {Fault: "macros", Hint: "save it as .docx, without macros"},
	"wordVbaData":           {Fault: "macros", Hint: "save it as .docx, without macros"},
	"keyMapCustomizations":  {Fault: "changed keys and toolbars", Hint: "copy the text into a new file"},
	"attachedToolbars":      {Fault: "changed keys and toolbars", Hint: "copy the text into a new file"},
	"ui/extensibility":      {Fault: "changed keys and toolbars", Hint: "copy the text into a new file"},
	"aFChunk":               {Fault: "a foreign document inside this one", Hint: "open it, and copy its text into this one"},
	"hdphoto":               {Fault: "the original of a changed picture", Hint: "in Word: Picture Format, Compress Pictures, delete cropped areas"},
	"media":                 {Fault: "sound or film", Hint: HintRemove},
	"audio":                 {Fault: "sound or film", Hint: HintRemove},
	"video":                 {Fault: "sound or film", Hint: HintRemove},
	"recipientData":         {Fault: "a list of recipients of a mail merge", Hint: "finish the merge, and save the result"},
	"webextensiontaskpanes": {Fault: "an add-in", Hint: HintRemove},
	"webextension":          {Fault: "an add-in", Hint: HintRemove},
	"xmlMaps":               {Fault: "data that nobody sees (custom XML)", Hint: HintInspect},
}

// How to mend what is found.
const (
	HintInspect = "in Word: File, Info, Check for Issues, Inspect Document; or copy the visible text into a new file"
	HintRemove  = "remove it"
	HintPicture = "put it in as a picture (PNG) with a caption, or as text"
)
