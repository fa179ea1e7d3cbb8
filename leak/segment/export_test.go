package segment

import (
	"encoding/binary"
	"encoding/json"
	"hash/crc32"
)

// Mend makes the sums of a segment right again, as far as it has any, so that
// what is wrong in it is met by those who read it.
func Mend(data []byte) {
	n := len(data)
	if n < tailBytes {
		return
	}
	tail := data[n-tailBytes:]
	at, size := binary.LittleEndian.Uint64(tail), uint64(binary.LittleEndian.Uint32(tail[8:]))
	if at > uint64(n-tailBytes) || at+size != uint64(n-tailBytes) {
		return
	}
	var h head
	if json.Unmarshal(data[at:at+size], &h) != nil {
		return
	}
	body := h.Sections[sections[len(sections)-1]]
	blocks := (body + block - 1) / block
	if body < 0 || body > int64(at) || int64(at)-body != 4*blocks {
		return
	}
	for b := range blocks {
		binary.LittleEndian.PutUint32(data[body+4*b:], crc32.Checksum(data[b*block:min((b+1)*block, body)], castagnoli))
	}
	binary.LittleEndian.PutUint32(tail[12:], crc32.Checksum(data[body:at+size], castagnoli))
}
