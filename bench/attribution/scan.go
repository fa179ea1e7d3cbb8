package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"image"
	"image/color"
	"image/jpeg"
	"math"

	"tearline"
	"tearline/internal/node"
	"tearline/internal/node/copies"
	"tearline/internal/pagemarks"
	"tearline/internal/pagepicture"
	"tearline/internal/pdftext"
)

// scanned gives somebody the report as a PDF, and scans a page of it.
func scanned(b *bench, n *node.Node, a *author, i *issue) (leak, error) {
	to := a.anybody(i)
	program, err := b.program()
	if err != nil {
		return leak{}, err
	}
	var sheet []byte
	var id tearline.CopyID
	q := node.Question{As: holder, Report: i.report, To: to, Format: copies.Format{Name: copies.PDF, Read: pdftext.Reader(b.Ctx, program, b.Dir)}}
	_, err = n.Release(b.Ctx, q, func(x tearline.Rendering) error {
		sheet, id = x.Bytes, x.Copy
		return nil
	})
	if err != nil {
		return leak{}, err
	}
	pages, err := pagepicture.Read(b.Ctx, sheet, pagepicture.Child(program, b.Dir))
	if err != nil {
		return leak{}, err
	}
	scan, err := a.scan(pages[a.IntN(len(pages)-1)].Image) // the last one may have a line or two
	if err != nil {
		return leak{}, err
	}
	read, err := pagepicture.Read(b.Ctx, scan, nil)
	if err != nil {
		return leak{}, err
	}
	digest := sha256.Sum256(scan)
	return leak{
		of:    []tearline.CopyID{id, i.copies[to]}, // one reader's wording
		pages: pagemarks.Reader(read), digest: hex.EncodeToString(digest[:]), report: i.report,
	}, nil
}

// scan lays a page askew on the glass, blurs it, adds noise and saves it as a
// JPEG of quality 40.
func (a *author) scan(page image.Image) ([]byte, error) {
	box := page.Bounds()
	grey := func(x, y int) float64 {
		if !(image.Point{X: x, Y: y}).In(box) {
			return 255
		}
		r, g, b, _ := page.At(x, y).RGBA()
		return float64(r+g+b) / 3 / 257
	}
	angle := (a.Float64()*2 - 1) * 0.8 * math.Pi / 180
	sin, cos := math.Sin(angle), math.Cos(angle)
	mx, my := float64(box.Dx())/2, float64(box.Dy())/2
	out := image.NewGray(image.Rect(0, 0, box.Dx(), box.Dy()))
	for y := range box.Dy() {
		for x := range box.Dx() {
			u, v := float64(x)-mx, float64(y)-my
			sx, sy := u*cos+v*sin+mx, v*cos-u*sin+my
			fx, fy := math.Floor(sx), math.Floor(sy)
			sum, weight := 0.0, 0.0
			for dy := -1; dy <= 2; dy++ { // a blur as wide as a pixel
				for dx := -1; dx <= 2; dx++ {
					d := math.Hypot(sx-fx-float64(dx), sy-fy-float64(dy))
					w := math.Exp(-d * d / (2 * 0.7 * 0.7))
					sum, weight = sum+w*grey(box.Min.X+int(fx)+dx, box.Min.Y+int(fy)+dy), weight+w
				}
			}
			out.SetGray(x, y, color.Gray{Y: uint8(min(255, max(0, sum/weight+a.NormFloat64()*8)))})
		}
	}
	var buf bytes.Buffer
	err := jpeg.Encode(&buf, out, &jpeg.Options{Quality: 40})
	return buf.Bytes(), err
}

// question is what is asked about a leak.
func (l *leak) question() copies.Question {
	return copies.Question{
		Officer: "A. Rahn", Second: "B. Lind", Because: "it is out", Where: "a newspaper", Pages: l.pages, Digest: l.digest, Report: l.report,
	}
}
