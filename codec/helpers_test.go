package codec_test

import (
	"github.com/google/go-cmp/cmp"

	"tearline"
	"tearline/marking"
)

var (
	sameMarks   = cmp.Comparer(func(a, b marking.Marking) bool { return a.Equal(b) })
	sameWording = cmp.Comparer(func(a, b tearline.Wording) bool { return a.Source() == b.Source() })
)
