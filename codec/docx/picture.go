package docx

import (
	"fmt"

	"tearline"
)

// picture writes a picture in a line of its own, with no name and no
// description: what it shows is said below it, behind a mark.
func (w *writer) picture(p *tearline.Picture) {
	w.pictures = append(w.pictures, p.PNG)
	n := len(w.pictures)
	wide, high := size(p.Width, p.Height)
	w.paragraph(paragraph{style: "Figure", keep: true, runs: fmt.Sprintf(
		`<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="%[1]d" cy="%[2]d"/><wp:docPr id="%[3]d" name=""/>`+
			`<a:graphic><a:graphicData uri="`+pictureML+`"><pic:pic>`+
			`<pic:nvPicPr><pic:cNvPr id="%[3]d" name=""/><pic:cNvPicPr/></pic:nvPicPr>`+
			`<pic:blipFill><a:blip r:embed="%[4]s"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>`+
			`<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="%[1]d" cy="%[2]d"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>`+
			`</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>`, wide, high, n, pictureID(n))})
}

// size returns how large a picture of so many pixels is shown: as it is, or
// smaller, so that it fits.
func size(width, height int) (wide, high int) {
	wide, high = width*unitsPerPixel, height*unitsPerPixel
	if wide > maxWide {
		wide, high = maxWide, high*maxWide/wide
	}
	if high > maxHigh {
		wide, high = wide*maxHigh/high, maxHigh
	}
	return max(wide, unitsPerPixel), max(high, unitsPerPixel)
}

func pictureID(n int) string   { return fmt.Sprintf("rIdP%d", n) }
func pictureName(n int) string { return fmt.Sprintf("media/image%d.png", n) }
