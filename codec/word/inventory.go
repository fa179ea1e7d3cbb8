package word

import (
	"fmt"
	"path"
	"strings"

	"tearline/codec/word/internal/opc"
)

// inventory looks at every part of the file that was not read, and at every
// relation: what is not known is a fault.
func (r *reader) inventory() {
	for _, l := range r.Loose {
		r.fault("", l, "open it in Word, and save it again")
	}
	if r.Files["[Content_Types].xml"] != nil {
		r.furniture("[Content_Types].xml", share{fault: "text in the list of parts", hint: hintInspect})
	}
	r.follow("", map[string]bool{})
	for _, name := range r.Names {
		if !r.Used[name] {
			r.fault("part "+opc.Base(name), "a part that belongs to nothing", "open it in Word, and save it again")
		}
	}
}

// follow goes along the relations of a part, and of those that it leads to.
func (r *reader) follow(part string, seen map[string]bool) {
	if seen[part] || r.err != nil || len(seen) > opc.MaxMembers {
		return
	}
	seen[part] = true
	rels, err := r.Rels(part)
	if err != nil {
		r.err = err
		return
	}
	for _, rel := range rels.List {
		r.relation(rel)
		if !rel.External && r.Files[rel.Target] != nil {
			r.follow(rel.Target, seen)
		}
	}
}

// relation judges what one leads to.
func (r *reader) relation(rel *opc.Relation) {
	switch {
	case rel.External && rel.Known && rel.Kind == "hyperlink":
		if r.told[rel.Target] {
			return
		}
		r.told[rel.Target] = true
		r.note("the address of a link is left out: %s", opc.Clip(rel.Target, maxQuoted))
		return
	case rel.External:
		r.fault("", fmt.Sprintf("the document refers to something outside of it (%s, %s)", opc.Clip(rel.Kind, nearest), opc.Clip(rel.Target, maxQuoted)),
			"in Word: break the link, or detach the template")
		return
	case r.Files[rel.Target] == nil:
		if rel.Kind != "hyperlink" && strings.TrimSpace(rel.Target) != "" && rel.Target != "NULL" {
			r.note("the part %q is not there", opc.Base(rel.Target))
		}
		return
	case r.Used[rel.Target]:
		return
	}
	sh, ok := parts[rel.Kind]
	if !rel.Known || !ok {
		r.Used[rel.Target] = true
		r.fault("part "+opc.Base(rel.Target), fmt.Sprintf("a part of a kind that is not known here (%s)", opc.Clip(path.Base(rel.Kind), nearest)), hintInspect)
		return
	}
	r.recognised(rel, sh)
}

// recognised takes a part of a kind that is known.
func (r *reader) recognised(rel *opc.Relation, sh share) {
	r.Used[rel.Target] = true
	switch rel.Kind {
	case "core-properties", "extended-properties", "extendedProperties", "custom-properties", "customProperties":
		r.properties(rel.Target)
	case "customXml":
		r.data(rel.Target, sh)
	case "comments", "commentsExtended", "commentsExtensible", "commentsIds":
		if root, err := r.Tree(rel.Target); err != nil || len(root.Kids) > 0 {
			r.fault("part "+opc.Base(rel.Target), sh.fault, sh.hint)
		}
	case "header", "footer", "footnotes", "endnotes", "glossaryDocument", "styles", "stylesWithEffects", "settings", "webSettings",
		"fontTable", "theme", "numbering", "themeOverride", "customXmlProps":
		r.furniture(rel.Target, sh)
	default:
		if sh.fault != "" {
			r.fault("part "+opc.Base(rel.Target), sh.fault, sh.hint)
			return
		}
		r.note("%s", sh.note)
	}
}

// furniture is a part that may be there if it holds no text.
func (r *reader) furniture(name string, sh share) {
	root, err := r.Tree(name)
	switch {
	case err != nil:
		r.err = err
	case root.Stray() == "" && root.Find("w:drawing") == nil && root.Find("w:pict") == nil && root.Find("w:docVar") == nil:
	case sh.fault != "":
		r.fault("part "+opc.Base(name), sh.fault, sh.hint)
	default:
		r.fault("part "+opc.Base(name), "a part of the file's furniture that holds text", hintInspect)
	}
}

// data is custom XML. Word writes some without a word in it.
func (r *reader) data(name string, sh share) {
	root, err := r.Tree(name)
	if err != nil {
		r.fault("part "+opc.Base(name), sh.fault, sh.hint)
		return
	}
	bare := strings.HasSuffix(root.Name, "}Sources") || strings.HasSuffix(root.Name, "}CoverPageProperties")
	text := root.Stray() != ""
	root.Each(func(k *opc.Node) {
		for _, a := range k.Attrs {
			style := a.Name == "SelectedStyle" || a.Name == "StyleName" || a.Name == "Version" || a.Name == "xml:space"
			text = text || !bare || !style || opc.Words(a.Value) >= 8
		}
		text = text || !bare && len(k.Kids) == 0
	})
	if text {
		r.fault("part "+opc.Base(name), sh.fault, sh.hint)
	}
}

// computed are properties that programs count by themselves.
var computed = set("ep:TotalTime", "ep:Pages", "ep:Words", "ep:Characters", "ep:Application", "ep:DocSecurity", "ep:Lines",
	"ep:Paragraphs", "ep:ScaleCrop", "ep:LinksUpToDate", "ep:CharactersWithSpaces", "ep:SharedDoc", "ep:HyperlinksChanged",
	"ep:AppVersion", "cp:revision", "dcterms:created", "dcterms:modified", "cp:lastPrinted", "dc:language", "cp:version",
	"ep:HiddenSlides", "ep:Slides", "ep:Notes", "ep:MMClips", "ep:PresentationFormat")

// ours are properties of which the value is a name.
var ours = set("dc:title", "dc:creator", "cp:lastModifiedBy", "ep:Company", "ep:Manager", "ep:Template", "ep:HyperlinkBase",
	"cp:category", "cp:contentStatus", "dc:identifier", "cp:contentType")

// longest returns how many words a property may have before it is a text.
func longest(name string) int {
	switch {
	case name == "ep:HeadingPairs" || name == "ep:TitlesOfParts" || name == "ep:HLinks":
		return 10_000 // what Word lists of the document itself
	case ours[name]:
		return 60
	case computed[name]:
		return 4
	}
	return 2
}

// properties are what is said of the document as a whole. No reader of its
// pages sees them.
func (r *reader) properties(name string) {
	root, err := r.Tree(name)
	if err != nil {
		r.err = err
		return
	}
	var fields []string
	for _, k := range root.Kids {
		v := k.Stray()
		_, field, _ := strings.Cut(k.Name, ":")
		if k.Name == "cust:property" {
			field = "own property " + fmt.Sprintf("%q", opc.Clip(k.Attr("name"), nearest))
			if opc.Words(k.Attr("name")) >= 5 {
				v += " " + k.Attr("name")
			}
		}
		if len(strings.Fields(v)) > longest(k.Name) {
			r.fault("the document's properties", "the property "+field+" is a text that nobody sees", hintInspect)
			continue
		}
		if v == "" || computed[k.Name] {
			continue
		}
		if k.Name == "dc:title" {
			field += fmt.Sprintf(" (%q)", opc.Clip(v, maxQuoted))
		}
		fields = append(fields, field)
	}
	if len(fields) > 0 {
		r.note("properties of the document are left out: %s", opc.Clip(strings.Join(fields, ", "), 2000))
	}
}
