package hypertext

import (
	"strings"

	"tearline"
	"tearline/codec"
)

// list writes the items of lists that follow each other, and returns how many
// they are. Numbers are written at each item: they are the page's, whatever a
// browser would count.
func (w *writer) list(items []codec.Item, labels []string) int {
	var open []string // the tags of the lists that are open, each with an item
	shut := func(depth int) {
		for len(open) > depth {
			n := len(open) - 1
			w.put("</li></", open[n], ">")
			open = open[:n]
		}
	}
	n := 0
	for ; n < len(items) && items[n].Form.Shape == tearline.ListItem; n++ {
		it := &items[n]
		tag, value := "ul", ""
		if it.Form.Ordered {
			tag, value = "ol", ` value="`+strings.TrimSuffix(labels[n], ".")+`"`
		}
		shut(it.Form.Level)
		if len(open) == it.Form.Level && open[len(open)-1] != tag {
			shut(it.Form.Level - 1)
		}
		if len(open) == it.Form.Level {
			w.put("</li>")
		}
		for len(open) < it.Form.Level {
			// An item that stands deeper than any list above it hangs from
			// items that show nothing.
			w.put("<", tag, ">")
			if open = append(open, tag); len(open) < it.Form.Level {
				w.put(`<li class="through">`)
			}
		}
		w.put("<li", value, ` dir="auto">`, portion(it))
		w.below(it)
	}
	shut(0)
	w.put("\n")
	return n
}
