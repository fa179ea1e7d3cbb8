package word

// The lists of what is known. What stands on none of them is a fault.

func set(names ...string) map[string]bool {
	m := map[string]bool{}
	for _, n := range names {
		m[n] = true
	}
	return m
}

// runProps are the properties of runs that may be there. Those that hide text
// are looked at by themselves.
var runProps = set(
	"w:rStyle", "w:rFonts", "w:b", "w:bCs", "w:i", "w:iCs", "w:caps", "w:smallCaps", "w:strike", "w:dstrike",
	"w:outline", "w:shadow", "w:emboss", "w:imprint", "w:noProof", "w:snapToGrid", "w:vanish", "w:webHidden",
	"w:color", "w:spacing", "w:w", "w:kern", "w:position", "w:sz", "w:szCs", "w:highlight", "w:u", "w:effect",
	"w:bdr", "w:shd", "w:fitText", "w:vertAlign", "w:rtl", "w:cs", "w:em", "w:lang", "w:eastAsianLayout",
	"w:specVanish", "w:oMath", "w:rPrChange", "w:ins", "w:del", "w:moveFrom", "w:moveTo", "mc:AlternateContent",
	"w14:glow", "w14:shadow", "w14:reflection", "w14:textOutline", "w14:textFill", "w14:scene3d", "w14:props3d",
	"w14:ligatures", "w14:numForm", "w14:numSpacing", "w14:stylisticSets", "w14:cntxtAlts",
)

// paraPropNames are the properties of paragraphs that may be there.
var paraPropNames = set(
	"w:pStyle", "w:keepNext", "w:keepLines", "w:pageBreakBefore", "w:framePr", "w:widowControl", "w:numPr",
	"w:suppressLineNumbers", "w:pBdr", "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:kinsoku", "w:wordWrap",
	"w:overflowPunct", "w:topLinePunct", "w:autoSpaceDE", "w:autoSpaceDN", "w:bidi", "w:adjustRightInd",
	"w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing", "w:mirrorIndents", "w:suppressOverlap", "w:jc",
	"w:textDirection", "w:textAlignment", "w:textboxTightWrap", "w:outlineLvl", "w:divId", "w:cnfStyle", "w:rPr",
	"w:sectPr", "w:pPrChange", "w15:collapsed",
)

// furniture are elements that show nothing and say nothing, wherever they
// stand among blocks or pieces of a paragraph.
var furniture = set(
	"w:pPr", "w:rPr", "w:proofErr", "w:bookmarkEnd", "w:permStart", "w:permEnd", "w:sectPr", "w:tblPr", "w:tblGrid",
	"w:moveFromRangeStart", "w:moveFromRangeEnd", "w:moveToRangeStart", "w:moveToRangeEnd",
	"w:customXmlInsRangeStart", "w:customXmlInsRangeEnd", "w:customXmlDelRangeStart", "w:customXmlDelRangeEnd",
	"w:customXmlMoveFromRangeStart", "w:customXmlMoveFromRangeEnd", "w:customXmlMoveToRangeStart",
	"w:customXmlMoveToRangeEnd", "w:trPr", "w:tblPrEx", "w:tcPr", "w:commentRangeEnd", "w:lastRenderedPageBreak",
	"w:softHyphen", "w:footnoteRef", "w:endnoteRef", "w:separator", "w:continuationSeparator", "w:annotationRef",
)

// inside are elements that only hold others.
var inside = set("w:dir", "w:sdtContent")

// A trap is an element that a report cannot take, with what to say of it.
type trap struct{ text, hint string }

const (
	hintChanges = "in Word: Review, accept or reject all changes"
	hintFlat    = "take it out, or set it as plain text"
)

var traps = map[string]trap{
	"w:del":               {"a tracked deletion", hintChanges},
	"w:moveFrom":          {"text that was moved away, with changes tracked", hintChanges},
	"w:delText":           {"a tracked deletion", hintChanges},
	"w:delInstrText":      {"a tracked deletion", hintChanges},
	"w:commentRangeStart": {"a comment", "in Word: Review, delete all comments"},
	"w:commentReference":  {"a comment", "in Word: Review, delete all comments"},
	"w:object":            {"an embedded object", hintPicture},
	"w:control":           {"a control", hintRemove},
	"w:ruby":              {"text above other text (ruby)", hintFlat},
	"w:contentPart":       {"drawn ink", hintPicture},
	"w:altChunk":          {"a foreign document inside this one", "open it, and copy its text into this one"},
	"w:subDoc":            {"a document that this one refers to", "copy its text into this one"},
	"w:bdo":               {"text whose direction is turned over", hintFlat},
	"m:oMath":             {"an equation", hintPicture},
	"m:oMathPara":         {"an equation", hintPicture},
	"w:dayShort":          {"a date that Word puts in by itself", "type it as text"},
	"w:dayLong":           {"a date that Word puts in by itself", "type it as text"},
	"w:monthShort":        {"a date that Word puts in by itself", "type it as text"},
	"w:monthLong":         {"a date that Word puts in by itself", "type it as text"},
	"w:yearShort":         {"a date that Word puts in by itself", "type it as text"},
	"w:yearLong":          {"a date that Word puts in by itself", "type it as text"},
	"w:movie":             {"an embedded object", hintPicture},
	"w:cellDel":           {"a cell deleted with changes tracked", hintChanges},
	"w:tbl":               {"a table inside a cell", "set it as a table of its own"},
	"o:OLEObject":         {"an embedded object", hintPicture},
}

// sdtProps are what may be said of a content control.
var sdtProps = set(
	"w:rPr", "w:lock", "w:placeholder", "w:temporary", "w:id", "w:equation", "w:date", "w:docPartObj", "w:docPartList",
	"w:picture", "w:richText", "w:text", "w:citation", "w:group", "w:bibliography", "w:label", "w:tabIndex",
	"w:alias", "w:tag", "w:showingPlcHdr", "w:dataBinding", "w:comboBox", "w:dropDownList",
	"w14:checkbox", "w15:repeatingSection", "w15:repeatingSectionItem", "w15:color", "w15:appearance",
	"w15:dataBinding", "w15:webExtensionLinked", "w15:webExtensionCreated", "w15:docPartObj", "w16:dataHash",
)

// A share is what becomes of a part that a relation leads to.
type share struct {
	note  string // what to say when it is left out
	fault string // or why it cannot be
	hint  string
}

// parts are the kinds of parts that are known beside those that are read.
// Those with neither words may hold no text.
var parts = map[string]share{
	"styles": {}, "stylesWithEffects": {}, "settings": {}, "webSettings": {}, "fontTable": {}, "theme": {}, "numbering": {},
	"themeOverride": {}, "customXmlProps": {},
	"header":                      {fault: "a header that no part of the document uses", hint: "remove it, or show it"},
	"footer":                      {fault: "a footer that no part of the document uses", hint: "remove it, or show it"},
	"footnotes":                   {fault: "notes that nothing refers to", hint: hintInspect},
	"endnotes":                    {fault: "notes that nothing refers to", hint: hintInspect},
	"glossaryDocument":            {fault: "building blocks with text, which nobody sees", hint: "copy the visible text into a new file"},
	"thumbnail":                   {note: "the small picture of the first page is left out"},
	"font":                        {note: "embedded fonts are left out"},
	"printerSettings":             {note: "settings of a printer are left out"},
	"people":                      {note: "the list of the people who worked on the document is left out"},
	"digital-signature/origin":    {note: "the digital signature is left out"},
	"digital-signature/signature": {note: "the digital signature is left out"},
	"core-properties":             {}, "extended-properties": {}, "extendedProperties": {}, "custom-properties": {}, "customProperties": {},
	"customXml":             {fault: "data that nobody sees (custom XML)", hint: hintInspect},
	"comments":              {fault: "comments", hint: "in Word: Review, delete all comments"},
	"commentsExtended":      {fault: "comments", hint: "in Word: Review, delete all comments"},
	"commentsExtensible":    {fault: "comments", hint: "in Word: Review, delete all comments"},
	"commentsIds":           {fault: "comments", hint: "in Word: Review, delete all comments"},
	"image":                 {fault: "a picture that stands nowhere in the text", hint: "copy the visible text into a new file"},
	"oleObject":             {fault: "an embedded object", hint: hintPicture},
	"package":               {fault: "an embedded file", hint: hintPicture},
	"control":               {fault: "a control", hint: hintRemove},
	"activeXControlBinary":  {fault: "a control", hint: hintRemove},
	"chart":                 {fault: "a chart, with the data behind it", hint: hintPicture},
	"chartEx":               {fault: "a chart, with the data behind it", hint: hintPicture},
	"chartUserShapes":       {fault: "a chart, with the data behind it", hint: hintPicture},
	"diagramData":           {fault: "a diagram (SmartArt)", hint: hintPicture},
	"diagramLayout":         {fault: "a diagram (SmartArt)", hint: hintPicture},
	"diagramQuickStyle":     {fault: "a diagram (SmartArt)", hint: hintPicture},
	"diagramColors":         {fault: "a diagram (SmartArt)", hint: hintPicture},
	"diagramDrawing":        {fault: "a diagram (SmartArt)", hint: hintPicture},
	"vbaProject":            {fault: "macros", hint: "save it as .docx, without macros"},
	"wordVbaData":           {fault: "macros", hint: "save it as .docx, without macros"},
	"keyMapCustomizations":  {fault: "changed keys and toolbars", hint: "copy the text into a new file"},
	"attachedToolbars":      {fault: "changed keys and toolbars", hint: "copy the text into a new file"},
	"ui/extensibility":      {fault: "changed keys and toolbars", hint: "copy the text into a new file"},
	"aFChunk":               {fault: "a foreign document inside this one", hint: "open it, and copy its text into this one"},
	"hdphoto":               {fault: "the original of a changed picture", hint: "in Word: Picture Format, Compress Pictures, delete cropped areas"},
	"media":                 {fault: "sound or film", hint: hintRemove},
	"audio":                 {fault: "sound or film", hint: hintRemove},
	"video":                 {fault: "sound or film", hint: hintRemove},
	"recipientData":         {fault: "a list of recipients of a mail merge", hint: "finish the merge, and save the result"},
	"webextensiontaskpanes": {fault: "an add-in", hint: hintRemove},
	"webextension":          {fault: "an add-in", hint: hintRemove},
	"xmlMaps":               {fault: "data that nobody sees (custom XML)", hint: hintInspect},
}
