package look

import "strings"

// roles say what each dictionary of a PDF may have, and the roles of what it
// leads to. "Type" is what it calls itself.
var roles = map[string]map[string]string{
	"Trailer":    keys("Size:number Root:Catalog Info:Info ID:text"),
	"Catalog":    keys("Type:Catalog Pages:Pages Names:Names Lang:text MarkInfo:MarkInfo StructTreeRoot:Tree ViewerPreferences:Viewing"),
	"Info":       keys("Producer:text CreationDate:time ModDate:time"),
	"Names":      keys("EmbeddedFiles:Files"),
	"Files":      keys("Names:number"),
	"MarkInfo":   keys("Marked:number"),
	"Viewing":    keys("DisplayDocTitle:number"),
	"Pages":      keys("Type:Pages Kids:Page Count:number MediaBox:number"),
	"Page":       keys("Type:Page Parent:back Resources:Resources Contents:Contents MediaBox:number StructParents:number Tabs:name"),
	"Resources":  keys("ProcSet:name Font:Fonts XObject:Images ColorSpace:Empty"),
	"Empty":      {},
	"Contents":   keys("Filter:name Length:number"),
	"Fonts":      keys("*:Font"),
	"Font":       keys("Type:Font Subtype:name BaseFont:name Encoding:name DescendantFonts:CIDFont ToUnicode:CMap"),
	"CIDFont":    keys("Type:Font Subtype:name BaseFont:name CIDSystemInfo:System FontDescriptor:Descriptor DW:number W:number CIDToGIDMap:Bytes"),
	"System":     keys("Registry:text Ordering:text Supplement:number"),
	"Descriptor": keys("Type:FontDescriptor FontName:name FontFile2:FontFile Ascent:number Descent:number CapHeight:number Flags:number FontBBox:number ItalicAngle:number StemV:number MissingWidth:number"),
	"FontFile":   keys("Length:number Length1:number Filter:name"),
	"CMap":       keys("Length:number Filter:name"),
	"Bytes":      keys("Length:number Filter:name"),
	"Images":     keys("*:Image"),
	"Image":      keys("Type:XObject Subtype:name Width:number Height:number ColorSpace:Bytes BitsPerComponent:number Filter:name DecodeParms:Parms Length:number SMask:Image Mask:number"),
	"Parms":      keys("Predictor:number Colors:number BitsPerComponent:number Columns:number"),
	"Tree":       keys("Type:StructTreeRoot K:Element ParentTree:Parents ParentTreeNextKey:number"),
	"Parents":    keys("Nums:back"),
	"Element":    keys("Type:StructElem S:name P:back Pg:back K:Element Alt:text ActualText:text E:text Lang:text A:Attributes MCID:number"),
	"Attributes": keys("O:name Scope:name ListNumbering:name RowSpan:number ColSpan:number"),
}

// keys makes a role of "key:role" pairs.
func keys(s string) map[string]string {
	out := map[string]string{}
	for pair := range strings.FieldsSeq(s) {
		k, v, _ := strings.Cut(pair, ":")
		out[k] = v
	}
	return out
}

// knownNames are the names that a copy has as values.
var knownNames = list(`Catalog Pages Page Font FontDescriptor XObject Image StructTreeRoot StructElem MCR FlateDecode PDF Text ImageB ImageC ImageI
Type0 CIDFontType2 Identity-H DeviceGray DeviceRGB Indexed S
Document Part Sect Div H H1 H2 H3 H4 H5 H6 P L LI Lbl LBody Table TR TH TD THead TBody Figure Caption Span Note Artifact NonStruct Title
Table List Row Column Both Layout Decimal Disc None`)
