package look

// DOCXWithin is DOCX with room for so many bytes to be unpacked.
func DOCXWithin(b []byte, room int) ([]string, error) {
	g := newGather()
	g.room = room
	return g.docx(b)
}
