package docx_test

import (
	"archive/zip"
	"bytes"
	"fmt"

	"tearline/codec"
	"tearline/codec/docx"
)

func ExampleRender() {
	b, err := docx.Render(codec.Page{
		Banner: "CONFIDENTIAL",
		Items:  []codec.Item{{Mark: "(C)", Text: "The ferry left at noon."}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range z.File {
		fmt.Println(f.Name)
	}
	// Output:
	// [Content_Types].xml
	// _rels/.rels
	// word/_rels/document.xml.rels
	// word/document.xml
	// word/footer1.xml
	// word/header1.xml
	// word/numbering.xml
	// word/styles.xml
}
